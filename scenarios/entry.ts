/**
 * The URL of a file beside the calling module, with the extension that the caller itself has: `.js` in the published
 * package, `.ts` where Node runs the sources.
 */
export function entryBeside(moduleUrl: string, name: string): URL {
  const extension = moduleUrl.slice(moduleUrl.lastIndexOf('.'));
  return new URL(`./${name}${extension}`, moduleUrl);
}
