/** What the services of a scenario did, seen from outside: they are anybody's code and report nothing. */
import type { Measurement } from '../../store/schema.ts';
import { type ListFolder, listOrNull, type ReadFile, readOrNull } from '../host/system-file.ts';

/** CPU time in milliseconds by thread, of one service and all that it started. */
type ThreadTimes = ReadonlyMap<number, number>;

/** One reading of all services; null where the system does not tell. */
export type ServiceReading = readonly ThreadTimes[] | null;

/** Reads the services by the pids of their first processes. */
export function readServices(
  pids: readonly number[],
  read: ReadFile = readOrNull,
  list: ListFolder = listOrNull,
): ServiceReading {
  const all = pids.map((pid) => threadsOf(pid, read, list));
  return all.every((times) => times !== null) ? all.map((times) => new Map(times)) : null;
}

/**
 * The services between two readings. A thread that is on a CPU all the time can do no more, whatever the rest of its
 * service does, so the busiest one tells whether the service was at its end.
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
function threadsOf(pid: number, read: ReadFile, list: ListFolder): [number, number][] | null {
  const threads = list(`/proc/${pid}/task`);
  const times = threads?.flatMap((thread): [number, number][] => {
    // Nanoseconds on a CPU come first (Documentation/scheduler/sched-stats). A thread may have ended since it was listed.
    const onCpuNs = Number.parseInt(read(`/proc/${pid}/task/${thread}/schedstat`) ?? '', 10);
    const own: [number, number][] = Number.isNaN(onCpuNs) ? [] : [[Number(thread), onCpuNs / 1e6]];
    return own.concat(childrenOf(pid, thread, read).flatMap((child) => threadsOf(child, read, list) ?? []));
  });
  return times === undefined || times.length === 0 ? null : times;
}

/** Not every kernel lists them. */
function childrenOf(pid: number, thread: string, read: ReadFile): number[] {
  const text = read(`/proc/${pid}/task/${thread}/children`) ?? '';
  return text.split(' ').filter(Boolean).map(Number);
}
