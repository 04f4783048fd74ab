import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf, UserError } from '../errors.ts';

/** `fourways-runs/2026-11-21T07-03-12`, so that runs sort by time and never meet. */
export function defaultFolder(startedAt: Date): string {
  return `fourways-runs/${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}`;
}

/** Creates the folder, which must not exist, and its parents; early, so that nobody waits minutes to hear that it fails. */
export function createOutFolder(folder: string): void {
  if (folder === '') throw new UserError('--out: name a new folder');
  if (existsSync(folder)) {
    throw new UserError(`--out ${folder} exists already; nothing is overwritten, so name a new folder`);
  }
  try {
    makeFolder(resolve(folder));
  } catch (error) {
    throw new UserError(`--out ${folder} cannot be created (${codeOf(error)}); name a folder that you may write to`);
  }
}

/** One level after the other: the recursive mode of Node 20 never returns where the system refuses with ENOENT. */
function makeFolder(path: string): void {
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  mkdirSync(path);
}

/** Takes the folder away again when nothing came to be written into it. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It holds something, which is then worth keeping.
  }
}
