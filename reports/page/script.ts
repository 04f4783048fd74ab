import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Compiled, below `dist/`, from where they lie beside this file and from the sources alike. */
const FOLDERS = ['./browser/', '../../dist/reports/page/browser/'] as const;

/** One text in this order: what a file says is known to those after it. */
const FILES = ['marks', 'choice', 'tables'] as const;

/** What would end a script before its end. The compiler has no reason to write it, so it is not escaped. */
const BREAKS = /<\/script|<!--/iu;

/** The text of the script that makes the page interactive. */
export async function pageScript(): Promise<string> {
  const parts = await Promise.all(FILES.map(part));
  const script = parts.join('');
  if (BREAKS.test(script)) throw new Error('the script of the page would end before its end');
  return script;
}

async function part(name: string): Promise<string> {
  for (const folder of FOLDERS) {
    const text = await readFile(new URL(`${folder}${name}.js`, import.meta.url), 'utf8').catch(() => null);
    if (text !== null) return text;
  }
  throw new Error(`reports/page/browser/${name}.js is missing from the installation`);
}

/**
 * What the page may do: show itself and run this one script. Nothing is fetched, and no other script runs, whatever a run
 * file contains.
 */
export function contentPolicy(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
