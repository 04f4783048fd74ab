/** `run.ndjson`: the manifest, then one line per trial, appended as it ends; each with a checksum of itself. */
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
import { crc32 } from 'node:zlib';
import type { z } from 'zod';
import { codeOfFile, issueOf, UserError } from '../errors.ts';
import { openToGoOn } from './out-folder.ts';
import { type NextLine, RunContent } from './run-content.ts';
import { type Line, lineSchema, type Manifest, manifestSchema, type Run } from './schema.ts';

export const RUN_FILE = 'run.ndjson';

/** As a line ends: its last member is the CRC-32 of all bytes before that member, in hexadecimal. */
const CHECKSUM = /^,"crc":"([0-9a-f]{8})"\}$/;
const CHECKSUM_BYTES = ',"crc":"01234567"}'.length;

/** The bytes of a line of JSON with its checksum, without the end of the line. */
export function withChecksum(json: string): Buffer {
  const open = Buffer.from(json.slice(0, -1));
  return Buffer.concat([open, Buffer.from(`,"crc":"${hexOf(open)}"}`)]);
}

/** What a line says that its checksum is, and what it is; null where it says none. */
export function checksumsOf(line: Buffer): { readonly said: string; readonly found: string } | null {
  const at = line.length - CHECKSUM_BYTES;
  const [, said] = at < 0 ? [] : (CHECKSUM.exec(line.toString('latin1', at)) ?? []);
  return said === undefined ? null : { said, found: hexOf(line.subarray(0, at)) };
}

const hexOf = (data: Buffer): string => crc32(data).toString(16).padStart(8, '0');

/** A run file up to where it can be gone on with. */
export interface Unfinished {
  readonly content: RunContent;
  /** Bytes of complete lines. */
  readonly bytes: number;
  /** Bytes of the file. */
  readonly size: number;
  /** Whether its lines have checksums; in files that were written before there were any, none has. */
  readonly isChecked: boolean;
}

/**
 * Appends lines to a run file. Each line is on the disk before `append` returns, or not in the file at all. What could not be read
 * again is not written.
 */
export class RunFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #content: RunContent;
  readonly #isChecked: boolean;
  #bytes: number;

  private constructor(path: string, descriptor: number, { content, bytes, isChecked }: Omit<Unfinished, 'size'>) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#content = content;
    this.#isChecked = isChecked;
    this.#bytes = bytes;
  }

  /** What is in the file. */
  get run(): Run {
    return this.#content.run;
  }

  /** Creates the file with its plan. It appears under its name with the whole plan in it, so no half a plan is left. */
  static create(folder: string, manifest: Manifest): RunFile {
    const path = join(folder, RUN_FILE);
    // Renaming would take its place without a word.
    if (existsSync(path)) {
      throw new UserError(`${path} exists already; nothing is overwritten, so name a new folder with --out`);
    }
    const content = new RunContent(asRead(manifest, manifestSchema));
    const unnamed = `${path}.new`;
    let file: RunFile | undefined;
    try {
      file = new RunFile(path, openSync(unnamed, 'wx'), { content, bytes: 0, isChecked: true });
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

  /** Opens a file that was read, to go on after its last complete line. What comes after that is cut off. */
  static reopen(path: string, unfinished: Unfinished): RunFile {
    const { bytes, size } = unfinished;
    try {
      const descriptor = openToGoOn(path, { append: false });
      expectSize(descriptor, path, size);
      ftruncateSync(descriptor, bytes);
      fsyncSync(descriptor);
      return new RunFile(path, descriptor, unfinished);
    } catch (error) {
      throw error instanceof UserError ? error : unwritable(path, error, wayOn(path));
    }
  }

  /** Throws a UserError when the line cannot be written; the lines before it are whole then. Any other error is a bug. */
  append(line: NextLine): void {
    const read = asRead(line, lineSchema);
    const wrong = this.#content.objectionTo(read, { isIntact: false });
    if (wrong !== null) throw new Error(`${this.path} would be damaged by a line that ${wrong}`);
    try {
      expectSize(this.#descriptor, this.path, this.#bytes);
      this.#write(line);
      this.#content.add(read);
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
    const json = JSON.stringify(line);
    const data = Buffer.concat([this.#isChecked ? withChecksum(json) : Buffer.from(json), Buffer.from('\n')]);
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

/** What will be read of it. Throws where that is no such line: NaN becomes null in JSON, for one. */
function asRead<T>(line: Line, schema: z.ZodType<T>): T {
  const read = schema.safeParse(JSON.parse(JSON.stringify(line)));
  if (read.success) return read.data;
  throw new Error(`a ${line.type} that could not be read again (${issueOf(read.error)})`);
}

/** Whatever else writes to the file would be overwritten, or overwrite. Throws UserError. */
function expectSize(descriptor: number, path: string, bytes: number): void {
  if (fstatSync(descriptor).size === bytes) return;
  throw new UserError(
    `${path} was changed by another process, such as a second --resume; let that one end, then run --resume ${dirname(path)}`,
  );
}

function unwritable(path: string, error: unknown, way: string): Error {
  const code = codeOfFile(error);
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
