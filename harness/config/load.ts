/** Finds the config file and reads it. A JavaScript file runs in a process of its own, so whatever it does, the harness goes on. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { entryBeside } from '../../scenarios/entry.ts';
import { codeOf, messageOf, UserError } from '../errors.ts';
import { NoMessage, nextMessage } from '../measure/processes/next-message.ts';
import { ProcessRegistry } from '../measure/processes/registry.ts';
import { findUserFile, runsTypeScript } from '../measure/user-file.ts';
import { checkConfig } from './check.ts';
import type { ConfigFile } from './merge.ts';

/** Value of `--config` for none. */
export const NO_CONFIG = 'none';
const EXTENSIONS = ['.ts', '.js', '.mjs', '.cjs', '.mts', '.cts', '.json'];
const LOAD_LIMIT_MS = 30_000;

interface LoadedConfig extends ConfigFile {
  /** What it wrote while it was loaded, such as why it leaves a command out. */
  readonly printed: string;
}

/** What the process of a config file sends. */
export const readingSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('read'), config: z.unknown() }),
  z.object({ type: z.literal('not-read'), message: z.string() }),
]);
export type Reading = z.infer<typeof readingSchema>;

/** The config that was asked for, or that is in the working folder; null without one. Throws UserError. */
export async function loadConfig(asked: string | undefined, limitMs = LOAD_LIMIT_MS): Promise<LoadedConfig | null> {
  if (asked === NO_CONFIG) return null;
  const file = asked ?? configIn('.');
  if (file === null) return null;
  if (!EXTENSIONS.includes(extname(file))) {
    throw new UserError(`--config ${file}: give a file that ends in ${EXTENSIONS.join(', ')}`);
  }
  const flag = asked === undefined ? '' : '--config ';
  if (/ts$/.test(file) && !runsTypeScript()) {
    const other = file.replace(/ts$/, 'js');
    throw new UserError(
      `${flag}${file}: Node ${process.versions.node} does not run TypeScript; rename it to ${other} and take the types out, or use Node 22.18 or newer`,
    );
  }
  const { url, path } = findUserFile('--config', file);
  const { exported, printed } =
    extname(file) === '.json' ? { exported: parsed(file), printed: '' } : await exportedBy(file, url, limitMs);
  return { file, folder: relative('', dirname(resolve(path))), config: checkConfig(file, exported), printed };
}

/** The config file in this folder; null without one. Throws a UserError when there are several. */
export function configIn(folder: string): string | null {
  const names = EXTENSIONS.map((extension) => `fourways.config${extension}`);
  const [first, second] = readdirSync(folder)
    .filter((name) => names.includes(name))
    .toSorted();
  if (second === undefined) return first === undefined ? null : join(folder, first);
  throw new UserError(`${first} and ${second} are both here; keep one of them, or name one with --config`);
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (codeOf(error) !== undefined) throw new UserError(`--config ${file}: it cannot be read (${codeOf(error)})`);
    throw new UserError(`${file}: this is not JSON: ${messageOf(error)}`);
  }
}

/** What the file exports, and what it wrote meanwhile. */
interface Exported {
  readonly exported: unknown;
  readonly printed: string;
}

async function exportedBy(file: string, url: string, limitMs: number): Promise<Exported> {
  const registry = new ProcessRegistry();
  try {
    const owned = registry.fork(entryBeside(import.meta.url, 'process'), [url, file]);
    const { signal } = new AbortController();
    const forWhat = 'while it was loaded';
    const reading = await nextMessage(owned, readingSchema, (one) => one, { forWhat, limitMs, signal });
    if (reading.type === 'read') return { exported: reading.config, printed: owned.recentOutput() };
    throw new UserError(reading.message);
  } catch (error) {
    if (!(error instanceof NoMessage)) throw error;
    const hint = error.ended
      ? 'a config file must not end the process'
      : 'it must not await something that may never happen';
    throw new UserError(`${file}: ${error.message}; ${hint}`);
  } finally {
    await registry.close();
  }
}
