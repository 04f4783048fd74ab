/** What the page carries with it, because it fetches nothing: its style with the fonts, and its scripts. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { packageFolder } from '../../harness/version.ts';
import { fontFaces } from '../images/fonts.ts';
import { PALETTE_CSS } from '../images/themes.ts';

/** All as text. */
export interface PageAssets {
  readonly style: string;
  /** Makes the page interactive; the page is complete without it. */
  readonly script: string;
  /** Which scripts may run; nothing else is loaded. */
  readonly policy: string;
  /** Draws the report of a link: a program, compressed, in base64. Absent on a page that it has drawn. */
  readonly viewer?: string | undefined;
}

export async function pageAssets(): Promise<PageAssets> {
  const [script, viewer] = await Promise.all([pageScript(), compiled('viewer', VIEWER_FOLDERS)]);
  return {
    style: pageStyle(),
    script,
    policy: contentPolicy(script, viewer),
    viewer: deflateSync(viewer, { level: 9 }).toString('base64'),
  };
}

/** Fonts, colours and `page.css`. */
export function pageStyle(): string {
  const css = readFileSync(new URL('reports/page/page.css', packageFolder()), 'utf8');
  return `${fontFaces()}${PALETTE_CSS}${css}`;
}

/** The compiled scripts: beside this file when it is compiled as well, else below `dist/`. */
const SCRIPT_FOLDERS = ['./browser/', '../../dist/reports/page/browser/'] as const;
const VIEWER_FOLDERS = ['./', '../../dist/reports/page/'] as const;

/** Concatenated in this order: each file may use what the files before it declare. */
const FILES = ['folds', 'link', 'marks', 'choice', 'tables'] as const;

/** Text that would end a script element early. The compiler has no reason to write it, so it is not escaped. */
const BREAKS = /<\/script|<!--/iu;

/** The text of the script that makes the page interactive. Its names are its own: a page that is drawn anew runs it again. */
export async function pageScript(): Promise<string> {
  const parts = await Promise.all(FILES.map((name) => compiled(name, SCRIPT_FOLDERS)));
  const script = `(() => {\n${parts.join('')}})();`;
  if (BREAKS.test(script)) throw new Error('the script of the page contains text that would end it early');
  return script;
}

async function compiled(name: string, folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    const text = await readFile(new URL(`${folder}${name}.js`, import.meta.url), 'utf8').catch(() => null);
    if (text !== null) return text;
  }
  throw new Error(`reports/page/${name}.js is missing from the installation`);
}

/**
 * The content security policy: the page may show itself and run these scripts. Nothing is fetched, and no other script
 * runs, whatever a run file or a link contains.
 */
export function contentPolicy(...scripts: readonly string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
