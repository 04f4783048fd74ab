/** Reading a run file, whole or cut off, and saying in one line what is wrong with it. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, UserError } from '../errors.ts';
import {
  type Addition,
  type End,
  type FaultTrial,
  type Line,
  lineSchema,
  type Manifest,
  type Run,
  SCHEMA_VERSION,
  type Trial,
} from './schema.ts';
import { withCalibration } from './with-calibration.ts';

/**
 * Reads a run file. With `salvage`, an unfinished last line is left out instead of refused. Throws a UserError that
 * names the file, the line and the way out.
 */
export function readRun(path: string, { salvage }: { readonly salvage: boolean }): Run {
  const { run, unfinished, lines } = read(path);
  if (unfinished && !salvage) throw truncated(path, lines + 1);
  return run;
}

/** Reads a run file to go on with it: also how many of its `size` bytes are complete lines. Throws UserError. */
export function readUnfinished(path: string): {
  readonly run: Run;
  readonly bytes: number;
  readonly size: number;
} {
  return read(path);
}

function read(path: string): { run: Run; bytes: number; size: number; lines: number; unfinished: boolean } {
  const data = readBytes(path);
  // Looked for in the bytes, because a character may have been cut in two.
  const bytes = data.lastIndexOf(0x0a) + 1;
  const texts = data.subarray(0, bytes).toString('utf8').split('\n').slice(0, -1);
  if (texts.length === 0) throw truncated(path, 1);
  const run = runOf(
    texts.map((text, index) => parseLine(text, path, index + 1)),
    path,
  );
  return { run, bytes, size: data.length, lines: texts.length, unfinished: bytes < data.length };
}

function runOf([first, ...rest]: readonly Line[], path: string): Run {
  if (first?.type !== 'manifest') throw new UserError(`${path} is not a run file of fourways: it has no manifest`);
  let manifest: Manifest = first;
  const known = new Map(manifest.cells.map((cell) => [cell.id, cell]));
  const additions: Addition[] = [];
  const trials: Trial[] = [];
  const yardstick: Trial[] = [];
  const faulted: FaultTrial[] = [];
  let end: End | null = null;
  for (const line of rest) {
    if (line.type === 'calibration') manifest = withCalibration(manifest, line);
    if (line.type === 'end') end = line;
    if (line.type === 'resume') {
      end = null;
      manifest = { ...manifest, budgetMs: line.budgetMs ?? manifest.budgetMs };
    }
    if (line.type === 'addition') {
      additions.push(line);
      for (const cell of line.cells) known.set(cell.id, cell);
    }
    if (line.type !== 'trial' && line.type !== 'fault-trial') continue;
    if (line.type === 'trial' && line.cell === manifest.yardstick?.cell.id) {
      yardstick.push(line);
      continue;
    }
    const cell = known.get(line.cell);
    // The two kinds have different records, so one in the place of the other is no trial of this cell.
    if (cell === undefined || (cell.load.kind === 'fault') !== (line.type === 'fault-trial')) {
      throw new UserError(
        `${path}: a trial belongs to cell '${line.cell}', which the plan does not have; the file is damaged`,
      );
    }
    if (line.type === 'trial') trials.push(line);
    else faulted.push(line);
  }
  return {
    ...{ manifest, additions, trials, end },
    yardstick: manifest.yardstick === null ? undefined : yardstick,
    faulted: manifest.faults === null ? undefined : faulted,
  };
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
    const age = version < SCHEMA_VERSION ? 'an older' : 'a newer';
    throw new UserError(
      `${path} was written by ${age} fourways${writerOf(value)}: it has schema version ${version}, and this one reads version ${SCHEMA_VERSION}; use the fourways that wrote it, or measure again`,
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

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'is not there' : `cannot be read (${codeOf(error)})`;
    throw new UserError(`${path} ${why}; name the folder that 'fourways run' wrote`);
  }
}
