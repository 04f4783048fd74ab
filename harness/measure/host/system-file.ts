/** Files in which the system describes itself. Any of them may be missing or unreadable. */
import { readdirSync, readFileSync } from 'node:fs';

/** The text of a file; null when it cannot be read. Handed in, so that tests can describe machines. */
export type ReadFile = (path: string) => string | null;

/** Reads the real file. */
export const readOrNull: ReadFile = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

/** The trimmed text of a file of one line; null when it cannot be read or is empty. */
export function readLine(read: ReadFile, path: string): string | null {
  const line = read(path)?.trim() ?? '';
  return line === '' ? null : line;
}

/** The names in a folder; null when it cannot be read. Handed in, so that tests can describe machines. */
export type ListFolder = (path: string) => readonly string[] | null;

/** Lists the real folder. */
export const listOrNull: ListFolder = (path) => {
  try {
    return readdirSync(path);
  } catch {
    return null;
  }
};

/** Whether the system tells of its processes. */
export function hasProcesses(): boolean {
  return readOrNull('/proc/self/stat') !== null;
}

export const NO_PROCESSES = 'processes are read from /proc, which this system does not have; measure on Linux';
