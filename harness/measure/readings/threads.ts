/** CPU time by thread, read from outside: a thread in a busy loop reports only when the loop is over, and services report nothing. */
import type { Measurement } from '../../store/schema.ts';
import type { ThreadReading } from '../../store/server-schema.ts';
import { type ListFolder, listOrNull, type ReadFile, readOrNull } from '../host/system-file.ts';

interface ThreadTimes {
  readonly pid: number;
  readonly tid: number;
  readonly cpuNs: number;
  readonly queuedNs: number;
}

/** By pid and tid; null where the system does not tell of any of the processes. */
export type ThreadTable = ReadonlyMap<string, ThreadTimes> | null;

/** The times of every thread of these processes. Threads and processes that are gone are left out. */
export function readThreads(
  pids: readonly number[],
  read: ReadFile = readOrNull,
  list: ListFolder = listOrNull,
): ThreadTable {
  const times = pids.flatMap((pid) =>
    (list(`/proc/${pid}/task`) ?? []).flatMap((thread): [string, ThreadTimes][] => {
      const { cpuNs, queuedNs } = schedstat(pid, thread, read);
      if (Number.isNaN(cpuNs) || Number.isNaN(queuedNs)) return [];
      return [[`${pid}/${thread}`, { pid, tid: Number(thread), cpuNs, queuedNs }]];
    }),
  );
  return times.length === 0 ? null : new Map(times);
}

/** What the threads that are alive at the second reading did since the first, or since they were created. */
export function threadsBetween(before: ThreadTable, after: ThreadTable, elapsedMs: number): ThreadReading | null {
  if (before === null || after === null) return null;
  const list = [...after].map(([key, { pid, tid, cpuNs, queuedNs }]) => ({
    pid,
    tid,
    cpuMs: (cpuNs - (before.get(key)?.cpuNs ?? 0)) / 1e6,
    queuedMs: (queuedNs - (before.get(key)?.queuedNs ?? 0)) / 1e6,
  }));
  return { elapsedMs, list };
}

/** CPU time in milliseconds by thread id, of each service and its descendants; null where the system does not tell. */
export type ServiceReading = readonly ReadonlyMap<number, number>[] | null;

/** Reads the services by the pids of their first processes. */
export function readServices(
  pids: readonly number[],
  read: ReadFile = readOrNull,
  list: ListFolder = listOrNull,
): ServiceReading {
  const all = pids.map((pid) => timesOfTree(pid, read, list));
  return all.every((times) => times !== null) ? all.map((times) => new Map(times)) : null;
}

/**
 * The services between two readings. A thread that is on a CPU all the time can do no more, whatever the rest of its
 * service does, so the busiest one tells whether the service was saturated.
 */
export function servicesBetween(
  before: ServiceReading,
  after: ServiceReading,
  elapsedMs: number,
): Measurement['services'] {
  if (before === null || after === null) return null;
  return after.map((times, i) => {
    const used = [...times].map(([id, ms]) => Math.max(0, ms - (before[i]?.get(id) ?? 0)));
    return { cpuMs: used.reduce((sum, ms) => sum + ms, 0), busiestThread: Math.max(0, ...used) / elapsedMs };
  });
}

/** null when the process is gone, or the system does not tell. */
function timesOfTree(pid: number, read: ReadFile, list: ListFolder): [number, number][] | null {
  const threads = list(`/proc/${pid}/task`);
  const times = threads?.flatMap((thread): [number, number][] => {
    const { cpuNs } = schedstat(pid, thread, read);
    // The thread may have ended since it was listed.
    const own: [number, number][] = Number.isNaN(cpuNs) ? [] : [[Number(thread), cpuNs / 1e6]];
    return own.concat(childrenOf(pid, thread, read).flatMap((child) => timesOfTree(child, read, list) ?? []));
  });
  return times === undefined || times.length === 0 ? null : times;
}

/** Not every kernel lists them. */
function childrenOf(pid: number, thread: string, read: ReadFile): number[] {
  const text = read(`/proc/${pid}/task/${thread}/children`) ?? '';
  return text.split(' ').filter(Boolean).map(Number);
}

/** Nanoseconds on a CPU and waiting for one (Documentation/scheduler/sched-stats); NaN where the system does not tell. */
function schedstat(pid: number, thread: string, read: ReadFile): { readonly cpuNs: number; readonly queuedNs: number } {
  const fields = (read(`/proc/${pid}/task/${thread}/schedstat`) ?? '').split(' ');
  const [cpuNs = Number.NaN, queuedNs = Number.NaN] = fields.map((field) => Number.parseInt(field, 10));
  return { cpuNs, queuedNs };
}
