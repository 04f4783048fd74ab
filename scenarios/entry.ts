/**
 * The URL of a file by its path from the calling module, with the extension that the caller itself has: `.js` in the published
 * package, `.ts` where Node runs the sources.
 */
export function entryBeside(moduleUrl: string, path: string): URL {
  const extension = moduleUrl.slice(moduleUrl.lastIndexOf('.'));
  return new URL(`./${path}${extension}`, moduleUrl);
}
