import { existsSync, readFileSync } from 'node:fs';

/** The folder of this package, for the sources and for `dist/` alike: the nearest one above with a `package.json`. */
export function packageFolder(): URL {
  for (const path of ['../', '../../']) {
    const folder = new URL(path, import.meta.url);
    if (existsSync(new URL('package.json', folder))) return folder;
  }
  throw new Error('package.json is missing from the installation');
}

/** The version of this package. */
export function packageVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(new URL('package.json', packageFolder()), 'utf8'));
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) return String(parsed.version);
  throw new Error('package.json of the installation names no version');
}
