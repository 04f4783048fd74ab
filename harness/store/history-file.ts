/** The history: a file with one line per run that only grows, and beside it the newest run file of each branch. */
import { closeSync, existsSync, fdatasyncSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf, codeOfFile, issueOf, UserError } from '../errors.ts';
import { makeFolderIn, openToGoOn, writeAnew } from './out-folder.ts';
import { HISTORY_VERSION, type HistoryLine, historyLineSchema } from './history-schema.ts';

export const DEFAULT_HISTORY = 'fourways-history/history.ndjson';

export interface History {
  /** In the order of the file. */
  readonly lines: readonly HistoryLine[];
  /** What was left out and why, a line each. */
  readonly skipped: readonly string[];
  /** Whether the file ends in the middle of a line. */
  readonly isCutOff: boolean;
}

const EMPTY: History = { lines: [], skipped: [], isCutOff: false };

/** Reads a history; null where there is none. A line that is damaged or newer is left out, and said. Throws UserError. */
export function readHistory(path: string): History | null {
  const data = readOrNull(path);
  if (data === null) return null;
  const text = data.toString('utf8');
  const rows = text.split('\n');
  const rest = rows.pop() ?? '';
  const read = rows.reduce<History>((history, row, i) => withRow(history, row, `${path}: line ${i + 1}`), EMPTY);
  if (rest === '') return read;
  // A whole line lacks its end where an editor took it away, or a copy stopped just there.
  const last = withRow(read, rest, `${path}: line ${rows.length + 1}`);
  const isWhole = last.lines.length > read.lines.length;
  const cut = `${path}: line ${rows.length + 1} was cut off and is left out; add that run again`;
  return { ...(isWhole ? last : { ...read, skipped: [...read.skipped, cut] }), isCutOff: true };
}

function withRow(history: History, row: string, where: string): History {
  if (row.trim() === '') return history;
  const skip = (why: string): History => ({ ...history, skipped: [...history.skipped, `${where} ${why}`] });
  let value: unknown;
  try {
    value = JSON.parse(row);
  } catch {
    return skip('is damaged and is left out; add that run again');
  }
  if (versionOf(value) > HISTORY_VERSION) {
    return skip('was written by a newer fourways and is left out; use that one to see it');
  }
  const line = historyLineSchema.safeParse(value);
  if (!line.success) return skip(`is not a line of a history (${issueOf(line.error)}) and is left out`);
  return { ...history, lines: [...history.lines, line.data] };
}

function versionOf(value: unknown): number {
  const is = typeof value === 'object' && value !== null && 'history' in value && typeof value.history === 'number';
  return is ? Number(value.history) : 0;
}

/** Appends a line, on a line of its own also where the file was cut off. Throws UserError. */
export function appendHistory(path: string, line: HistoryLine, { isCutOff }: Pick<History, 'isCutOff'>): void {
  writing(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const descriptor = openToGoOn(path, { append: true });
    try {
      writeFileSync(descriptor, `${isCutOff ? '\n' : ''}${JSON.stringify(line)}\n`);
      fdatasyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

const BASELINES = 'baselines';

/** Where the newest run file of a branch is kept. Names of branches may hold what a path must not. */
export function baselinePath(history: string, branch: string): string {
  return join(dirname(history), BASELINES, `${encodeURIComponent(branch)}.ndjson`);
}

/** Takes the place of the one before as a whole. Throws UserError. */
export function keepBaseline(history: string, branch: string, runFile: string): void {
  const path = baselinePath(history, branch);
  writing(path, () => {
    makeFolderIn(dirname(history), BASELINES);
    writeAnew(path, readFileSync(runFile));
  });
}

/** Whether there is a run file of that branch. */
export function hasBaseline(history: string, branch: string): boolean {
  return existsSync(baselinePath(history, branch));
}

function writing(path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    const code = codeOfFile(error);
    if (code === undefined) throw error;
    throw new UserError(`${path} cannot be written (${code}); name a file with --history that you may write to`);
  }
}

function readOrNull(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new UserError(`${path} cannot be read (${codeOf(error)}); name the file of a history with --history`);
  }
}
