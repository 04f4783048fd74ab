/** What the page carries with it, because it fetches nothing: its style with the fonts, and its script. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { packageFolder } from '../../harness/version.ts';
import { fontFaces } from '../images/fonts.ts';
import { PALETTE_CSS } from '../images/themes.ts';

/** Both as text. */
export interface PageAssets {
  readonly style: string;
  /** Makes the page interactive; the page is complete without it. */
  readonly script: string;
}

export async function pageAssets(): Promise<PageAssets> {
  return { style: pageStyle(), script: await pageScript() };
}

/** Fonts, colours and `page.css`. */
export function pageStyle(): string {
  const css = readFileSync(new URL('reports/page/page.css', packageFolder()), 'utf8');
  return `${fontFaces()}${PALETTE_CSS}${css}`;
}

/** The compiled scripts: beside this file when it is compiled as well, else below `dist/`. */
const FOLDERS = ['./browser/', '../../dist/reports/page/browser/'] as const;

/** Concatenated in this order: each file may use what the files before it declare. */
const FILES = ['marks', 'choice', 'tables'] as const;

/** Text that would end a script element early. The compiler has no reason to write it, so it is not escaped. */
const BREAKS = /<\/script|<!--/iu;

/** The text of the script that makes the page interactive. */
export async function pageScript(): Promise<string> {
  const parts = await Promise.all(FILES.map(part));
  const script = parts.join('');
  if (BREAKS.test(script)) throw new Error('the script of the page contains text that would end it early');
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
 * The content security policy: the page may show itself and run this one script. Nothing is fetched, and no other script
 * runs, whatever a run file contains.
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
