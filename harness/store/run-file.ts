/** `run.ndjson`: the manifest, then one line per trial, appended as it ends. */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf, UserError } from '../errors.ts';
import { openToGoOn } from './out-folder.ts';
import type { Line, Manifest } from './schema.ts';

export const RUN_FILE = 'run.ndjson';

/** Appends lines to a run file. Each line is on the disk before `append` returns, or not in the file at all. */
export class RunFile {
  readonly path: string;
  readonly #descriptor: number;
  #bytes: number;

  private constructor(path: string, descriptor: number, bytes: number) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#bytes = bytes;
  }

  /** Creates the file with its plan. It appears under its name with the whole plan in it, so no half a plan is left. */
  static create(folder: string, manifest: Manifest): RunFile {
    const path = join(folder, RUN_FILE);
    // Renaming would take its place without a word.
    if (existsSync(path)) {
      throw new UserError(`${path} exists already; nothing is overwritten, so name a new folder with --out`);
    }
    const unnamed = `${path}.new`;
    let file: RunFile | undefined;
    try {
      file = new RunFile(path, openSync(unnamed, 'wx'), 0);
      file.#write(manifest);
      renameSync(unnamed, path);
      return file;
    } catch (error) {
      file?.close();
      rmSync(unnamed, { force: true });
      throw unwritable(
        path,
        error,
        'nothing was measured yet; name a folder with --out that has space and may be written',
      );
    }
  }

  /** Opens a file of `size` bytes to go on after its last complete line, at `bytes`. What comes after that is cut off. */
  static reopen(path: string, bytes: number, size: number): RunFile {
    try {
      const descriptor = openToGoOn(path, { append: false });
      expectSize(descriptor, path, size);
      ftruncateSync(descriptor, bytes);
      fsyncSync(descriptor);
      return new RunFile(path, descriptor, bytes);
    } catch (error) {
      throw error instanceof UserError ? error : unwritable(path, error, wayOn(path));
    }
  }

  /** Throws a UserError when the line cannot be written; the lines before it are whole then. */
  append(line: Line): void {
    try {
      expectSize(this.#descriptor, this.path, this.#bytes);
      this.#write(line);
    } catch (error) {
      if (error instanceof UserError) throw error;
      this.#takeBack();
      throw unwritable(this.path, error, wayOn(this.path));
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #write(line: Line): void {
    const data = Buffer.from(`${JSON.stringify(line)}\n`);
    let written = 0;
    // A full disk may take a part of a line before it refuses the rest.
    while (written < data.length) {
      written += writeSync(this.#descriptor, data, written, data.length - written, this.#bytes + written);
    }
    fdatasyncSync(this.#descriptor);
    this.#bytes += data.length;
  }

  #takeBack(): void {
    try {
      ftruncateSync(this.#descriptor, this.#bytes);
    } catch {
      // Then a part of a line is left at the end, which reading and resuming know how to leave out.
    }
  }
}

/** Whatever else writes to the file would be overwritten, or overwrite. Throws UserError. */
function expectSize(descriptor: number, path: string, bytes: number): void {
  if (fstatSync(descriptor).size === bytes) return;
  throw new UserError(
    `${path} was changed by another process, such as a second --resume; let that one end, then run --resume ${dirname(path)}`,
  );
}

function unwritable(path: string, error: unknown, way: string): Error {
  const code = codeOf(error);
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  return new UserError(`${path} cannot be written (${code}); ${way}`);
}

function wayOn(path: string): string {
  return `finished trials are in it, and run --resume ${dirname(path)} continues from there`;
}

/** The run file that an argument of the command line means: the file itself, or the folder that holds it. */
export function runFilePath(argument: string): string {
  try {
    return statSync(argument).isDirectory() ? join(argument, RUN_FILE) : argument;
  } catch {
    throw new UserError(`${argument}: there is no such file or folder; name the folder that 'fourways run' wrote`);
  }
}
