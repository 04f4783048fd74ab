/** Which process of a server is killed: one of those that run handler code. */
import type { ServerReading } from '../../store/server-schema.ts';
import { readOrNull } from '../host/system-file.ts';
import { statFields } from '../processes/tree.ts';
import { readThreads, type ThreadTable } from '../readings/threads.ts';

/** A process of a command, of which only the outside is known. */
export interface Outside {
  readonly pid: number;
  readonly parent: number;
  /** Since requests are sent. */
  readonly cpuMs: number;
}

/** Requests are shared out by chance; a supervisor, or a primary that only accepts, does far less than this share of the busiest one. */
const LEAST_SHARE = 0.25;

/** Processes that run handler code: of a model it says so itself; of a command they are those that worked, and none of their parents. */
export function handlersOf({ processes, inside }: ServerReading, before: ThreadTable): readonly number[] {
  const pids = processes.map(({ pid }) => pid);
  return inside === null
    ? handlersAmong(seenFromOutside(pids, before))
    : processes.flatMap(({ pid, role }) => (role === 'front' ? [] : [pid]));
}

/** The one that is hit: the nth of them by a random number from 0 to 1; null where there is none. */
export function chosen(pids: readonly number[], random: number): number | null {
  return pids.toSorted((a, b) => a - b)[Math.floor(random * pids.length)] ?? null;
}

export function handlersAmong(all: readonly Outside[]): readonly number[] {
  const busiest = Math.max(0, ...all.map(({ cpuMs }) => cpuMs));
  const busy = all.filter(({ cpuMs }) => cpuMs >= LEAST_SHARE * busiest);
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const above = (pid: number): number[] => {
    const parent = parents.get(pid);
    return parent === undefined ? [] : [parent, ...above(parent)];
  };
  const supervising = new Set(busy.flatMap(({ pid }) => above(pid)));
  return busy.map(({ pid }) => pid).filter((pid) => !supervising.has(pid));
}

function seenFromOutside(pids: readonly number[], before: ThreadTable): readonly Outside[] {
  const now = [...(readThreads(pids)?.values() ?? [])];
  return pids.map((pid) => {
    const nanoseconds = now
      .filter((thread) => thread.pid === pid)
      .reduce((sum, { tid, cpuNs }) => sum + cpuNs - (before?.get(`${pid}/${tid}`)?.cpuNs ?? 0), 0);
    return { pid, parent: Number(statFields(readOrNull(`/proc/${pid}/stat`))[1] ?? 0), cpuMs: nanoseconds / 1e6 };
  });
}
