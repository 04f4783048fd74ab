/** Reading a run file, whole or cut off, and saying in one line what is wrong with it. */
import { closeSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, issueOf, UserError } from '../errors.ts';
import { RunContent } from './run-content.ts';
import { checksumsOf, type Unfinished } from './run-file.ts';
import { type Line, lineSchema, type Manifest, type Run, SCHEMA_VERSION } from './schema.ts';

const CHUNK_BYTES = 2 ** 20;
/** Longer than any that could be written, and shorter than the longest string. */
const LONGEST_LINE_BYTES = 2 ** 28;
const NEWLINE = 0x0a;
const LACKS = 'is damaged: it lacks its checksum';
const HAS = 'has a checksum, and the first line has none, so one of them was changed';

/**
 * Reads a run file. With `salvage`, an unfinished last line is left out instead of refused. Throws a UserError that
 * names the file, the line and the way out.
 */
export function readRun(path: string, { salvage }: { readonly salvage: boolean }): Run {
  const { content, bytes, size, lines } = read(path);
  if (bytes < size && !salvage) throw truncated(path, lines + 1);
  return content.run;
}

/** Reads a run file to go on with it. Throws UserError. */
export function readUnfinished(path: string): Unfinished {
  return read(path);
}

/** Line by line: a file may be larger than memory takes at once. */
function read(path: string): Unfinished & { readonly lines: number } {
  let [bytes, size, lines] = [0, 0, 0];
  let content: RunContent | undefined;
  let isChecked = false;
  const twice = new Twice();
  for (const { line: data, length } of linesIn(path)) {
    size += length;
    if (data === null) continue;
    bytes += length;
    lines++;
    const checksums = checksumsOf(data);
    if (checksums !== null && checksums.said !== checksums.found) {
      throw damaged(path, lines, `is damaged: its checksum is ${checksums.found}, and it says ${checksums.said}`);
    }
    const line = parseLine(data, path, lines);
    if (content === undefined) {
      content = new RunContent(manifestOf(line, path));
      isChecked = checksums !== null;
      continue;
    }
    // All lines have one or none has: the mark itself may be what was damaged.
    if (isChecked !== (checksums !== null)) throw damaged(path, lines, isChecked ? LACKS : HAS);
    const wrong = twice.objectionTo(line, lines) ?? content.objectionTo(line, { isIntact: isChecked });
    if (wrong !== null) throw damaged(path, lines, wrong);
    content.add(line);
  }
  if (content === undefined) throw truncated(path, 1);
  return { content, bytes, size, lines, isChecked };
}

/** Trials and additions that are in a file twice, which would count twice. What says nothing new may be said again. */
class Twice {
  readonly #seen = new Map<string, number>();

  objectionTo(line: Line, number: number): string | null {
    if (line.type !== 'trial' && line.type !== 'fault-trial' && line.type !== 'addition') return null;
    const is =
      line.type === 'addition' ? line : [line.type, line.cell, line.round, line.attempt, line.startedAt, line.phasesMs];
    const key = JSON.stringify(is);
    const first = this.#seen.get(key);
    this.#seen.set(key, first ?? number);
    return first === undefined ? null : `is line ${first} again`;
  }
}

/** Every line without its end, and the bytes that it takes; `line` is null for the rest of a file that ends within a line. */
function* linesIn(path: string): Generator<{ readonly line: Buffer | null; readonly length: number }> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 1;
  for (const chunk of chunksOf(path)) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...parts, chunk.subarray(from, end)]);
      yield { line, length: line.length + 1 };
      [parts, length, from] = [[], 0, end + 1];
      number++;
    }
    parts.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > LONGEST_LINE_BYTES) {
      throw number === 1 ? noRunFile(path, 'its first line does not end') : damaged(path, number, 'does not end');
    }
  }
  if (length > 0) yield { line: null, length };
}

function* chunksOf(path: string): Generator<Buffer> {
  const descriptor = reading(path, () => openSync(path, 'r'));
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const length = reading(path, () => readSync(descriptor, chunk));
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

function manifestOf(line: Line, path: string): Manifest {
  if (line.type === 'manifest') return line;
  throw noRunFile(path, 'it has no manifest');
}

function parseLine(data: Buffer, path: string, number: number): Line {
  let value: unknown;
  try {
    value = JSON.parse(data.toString('utf8'));
  } catch {
    throw number === 1 ? noRunFile(path, 'its first line is not JSON') : damaged(path, number, 'is damaged');
  }
  const version = number === 1 ? schemaVersionOf(value) : SCHEMA_VERSION;
  if (version === null) throw noRunFile(path, 'its first line is not a manifest');
  if (version !== SCHEMA_VERSION) {
    const age = version < SCHEMA_VERSION ? 'an older' : 'a newer';
    throw new UserError(
      `${path} was written by ${age} fourways${writerOf(value)}: it has schema version ${version}, and this one reads version ${SCHEMA_VERSION}; use the fourways that wrote it, or measure again`,
    );
  }
  const line = lineSchema.safeParse(value);
  if (line.success) return line.data;
  throw new UserError(
    `${path}: line ${number} is not what fourways writes (${issueOf(line.error)}); the file was changed or damaged`,
  );
}

function noRunFile(path: string, why: string): UserError {
  return new UserError(`${path} is not a run file of fourways: ${why}`);
}

/** The lines before it are as they were written. */
function damaged(path: string, line: number, what: string): UserError {
  const way =
    line === 1 ? 'take the file from a backup' : 'take the file from a backup, or delete that line and all after it';
  return new UserError(`${path}: line ${line} ${what}; ${way}`);
}

function schemaVersionOf(value: unknown): number | null {
  if (typeof value !== 'object' || value === null || !('tool' in value) || value.tool !== 'fourways') return null;
  return 'schema' in value && typeof value.schema === 'number' ? value.schema : null;
}

/** ` (0.3.0)`, where the file says it. */
function writerOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('version' in value)) return '';
  return typeof value.version === 'string' ? ` (${value.version})` : '';
}

function truncated(path: string, line: number): UserError {
  const way =
    line > 1
      ? `; run --resume ${dirname(path)} continues from there, and --salvage reports on the complete trials before it`
      : '; there is nothing in it to go on with, so start the run again';
  return new UserError(`${path} ends in the middle of line ${line}: the run was killed while writing${way}`);
}

/** Does a step of reading. Throws UserError. */
function reading<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    const why = codeOf(error) === 'ENOENT' ? 'is not there' : `cannot be read (${codeOf(error)})`;
    throw new UserError(`${path} ${why}; name the folder that 'fourways run' wrote`);
  }
}
