/** `run.ndjson`: the manifest, then one line per trial, appended as it ends. */
import { closeSync, fdatasyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, UserError } from '../errors.ts';
import { type Line, lineSchema, type Manifest, type Run, SCHEMA_VERSION, type Trial } from './schema.ts';

export const RUN_FILE = 'run.ndjson';

/** Appends lines to a new run file. Each line is on the disk before `append` returns. */
export class RunFile {
  readonly path: string;
  readonly #descriptor: number;

  /** Creates the file; it must not exist. */
  constructor(folder: string, manifest: Manifest) {
    this.path = join(folder, RUN_FILE);
    this.#descriptor = openSync(this.path, 'ax');
    this.append(manifest);
  }

  append(line: Line): void {
    try {
      writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
      fdatasyncSync(this.#descriptor);
    } catch (error) {
      throw new UserError(`${this.path} cannot be written (${codeOf(error)}); the trials before this one are in it`);
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The run file that an argument of the command line means: the file itself, or the folder that holds it. */
export function runFilePath(argument: string): string {
  try {
    return statSync(argument).isDirectory() ? join(argument, RUN_FILE) : argument;
  } catch {
    throw new UserError(`${argument}: there is no such file or folder; name the folder that 'fourways run' wrote`);
  }
}

/**
 * Reads a run file. With `salvage`, an unfinished last line is left out instead of refused. Throws a UserError that
 * names the file, the line and the way out.
 */
export function readRun(path: string, { salvage }: { readonly salvage: boolean }): Run {
  const lines = parseRun(readText(path), path, salvage);
  const [manifest, ...rest] = lines;
  if (manifest?.type !== 'manifest') throw new UserError(`${path} is not a run file of fourways: it has no manifest`);
  const trials = rest.filter((line): line is Trial => line.type === 'trial');
  const known = new Set(manifest.cells.map(({ id }) => id));
  const stray = trials.find(({ cell }) => !known.has(cell));
  if (stray !== undefined)
    throw new UserError(
      `${path}: a trial belongs to cell '${stray.cell}', which the plan does not have; the file is damaged`,
    );
  return { manifest, trials, end: rest.find((line) => line.type === 'end') ?? null };
}

function parseRun(text: string, path: string, salvage: boolean): Line[] {
  const texts = text.split('\n');
  const unfinished = texts.pop() ?? '';
  if (unfinished !== '' && !(salvage && texts.length > 0)) throw truncated(path, texts.length + 1);
  return texts.map((line, index) => parseLine(line, path, index + 1));
}

function parseLine(text: string, path: string, number: number): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (number === 1) throw new UserError(`${path} is not a run file of fourways: its first line is not JSON`);
    throw new UserError(
      `${path}: line ${number} is damaged; take the file from a backup, or delete that line and all after it`,
    );
  }
  const version = number === 1 ? schemaVersionOf(value) : SCHEMA_VERSION;
  if (version === null) throw new UserError(`${path} is not a run file of fourways: its first line is not a manifest`);
  if (version !== SCHEMA_VERSION) {
    throw new UserError(
      `${path} has schema version ${version}, and this fourways reads version ${SCHEMA_VERSION}; use the fourways that wrote it`,
    );
  }
  const line = lineSchema.safeParse(value);
  if (line.success) return line.data;
  const [issue] = line.error.issues;
  throw new UserError(
    `${path}: line ${number} is not what fourways writes (${issue?.path.join('.')}: ${issue?.message}); the file was changed or damaged`,
  );
}

function schemaVersionOf(value: unknown): number | null {
  if (typeof value !== 'object' || value === null || !('tool' in value) || value.tool !== 'fourways') return null;
  return 'schema' in value && typeof value.schema === 'number' ? value.schema : null;
}

function truncated(path: string, line: number): UserError {
  const way =
    line > 1 ? '; --salvage reports on the complete trials before it' : '; there is nothing in it to report on';
  return new UserError(`${path} ends in the middle of line ${line}: the run was killed while writing${way}`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'is not there' : `cannot be read (${codeOf(error)})`;
    throw new UserError(`${path} ${why}; name the folder that 'fourways run' wrote`);
  }
}
