/** What the threads of processes do, read from outside: a thread in a busy loop would tell of itself only when it is over. */
import { z } from 'zod';
import { type ListFolder, listOrNull, type ReadFile, readOrNull } from '../host/system-file.ts';

interface ThreadTimes {
  readonly pid: number;
  readonly tid: number;
  readonly cpuNs: number;
  readonly queuedNs: number;
}

/** By pid and tid; null where the system does not tell of any of the processes. */
export type ThreadTable = ReadonlyMap<string, ThreadTimes> | null;

/**
 * Time on a CPU and time waiting for one, of every thread of these processes (Documentation/scheduler/sched-stats: the
 * first two numbers of schedstat, in nanoseconds). Threads and processes that are gone are left out.
 */
export function readThreads(
  pids: readonly number[],
  read: ReadFile = readOrNull,
  list: ListFolder = listOrNull,
): ThreadTable {
  const times = pids.flatMap((pid) =>
    (list(`/proc/${pid}/task`) ?? []).flatMap((thread): [string, ThreadTimes][] => {
      const [cpuNs = Number.NaN, queuedNs = Number.NaN] = (read(`/proc/${pid}/task/${thread}/schedstat`) ?? '')
        .split(' ')
        .map((field) => Number.parseInt(field, 10));
      if (Number.isNaN(cpuNs) || Number.isNaN(queuedNs)) return [];
      return [[`${pid}/${thread}`, { pid, tid: Number(thread), cpuNs, queuedNs }]];
    }),
  );
  return times.length === 0 ? null : new Map(times);
}

/** What the threads that are alive at the second reading did since the first one, or since they came. */
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

/** What threads of the server did between two readings that were taken right at the edges of the window. */
export const threadReadingSchema = z.object({
  /** Between the two readings. */
  elapsedMs: z.number(),
  list: z.array(z.object({ pid: z.int(), tid: z.int(), cpuMs: z.number(), queuedMs: z.number() })),
});

export type ThreadReading = z.infer<typeof threadReadingSchema>;
