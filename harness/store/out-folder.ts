/** Folders that results are written to. Nothing is written through links that stand in them, whoever put them there. */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
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

/**
 * Makes a folder in one of results, unless it is there. Throws a UserError where a link stands in its place, and the system's error where
 * it cannot be made.
 */
export function makeFolderIn(folder: string, name: string): string {
  const path = join(folder, name);
  checkNoLink(path);
  mkdirSync(path, { recursive: true });
  return path;
}

/** Throws a UserError where a symbolic link stands. */
export function checkNoLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw isLink(path);
}

/**
 * Writes a file anew: what stands under its name is replaced as a whole, also a link, and what a link leads to stays as it is. Throws the
 * system's error.
 */
export function writeAnew(path: string, data: string | Uint8Array): void {
  // Short, because names have a limit, and in the same folder, because a file is renamed within one file system only.
  const unnamed = join(dirname(path), `.fourways-${randomUUID().slice(0, 8)}`);
  try {
    writeFileSync(unnamed, data, { flag: 'wx' });
    renameSync(unnamed, path);
  } catch (error) {
    rmSync(unnamed, { force: true });
    throw error;
  }
}

/** Windows has no such flag; there only those who administer a machine make links. */
const { O_NOFOLLOW = 0 } = constants;

/**
 * Opens a file that has results already, to go on with it: with `append` at its end, and it may be new. Throws a UserError for a link, also a
 * hard one, and the system's error.
 */
export function openToGoOn(path: string, { append }: { readonly append: boolean }): number {
  const { O_RDWR, O_WRONLY, O_APPEND, O_CREAT } = constants;
  let descriptor: number;
  try {
    descriptor = openSync(path, (append ? O_WRONLY | O_APPEND | O_CREAT : O_RDWR) | O_NOFOLLOW);
  } catch (error) {
    throw codeOf(error) === 'ELOOP' ? isLink(path) : error;
  }
  if (fstatSync(descriptor).nlink <= 1) return descriptor;
  closeSync(descriptor);
  throw isLink(path);
}

function isLink(path: string): UserError {
  return new UserError(
    `${path} is a link, and nothing is written through one; put a copy of what it leads to in its place`,
  );
}

/** Takes the folder away again when nothing came to be written into it. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It holds something, which is then worth keeping.
  }
}
