import { readFileSync } from 'node:fs';

/** The version of this package. `package.json` is the nearest one above, for the sources and for `dist/` alike. */
export function packageVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
      if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) return String(parsed.version);
    } catch {}
  }
  throw new Error('package.json is missing from the installation');
}
