/** What a trial records of the server, and how that follows from what the server reports at the edges of the window. */
import { z } from 'zod';
import type { HandlingUsage, LoopUsage, ProcessUsage, ServerSnapshot } from '../../servers/model.ts';

const count = z.int().min(0);
const nonNegative = z.number().min(0);
const share = z.number().min(0);

/** What one event loop did within the window. */
const loop = {
  /** Share of the window in which the event loop was not waiting, 0 to 1. */
  utilisation: share,
  /** CPU time of the thread; null where the platform does not tell threads apart. */
  cpuMs: nonNegative.nullable(),
  /** Time in which the thread was ready to run and had no CPU; null where the platform does not tell. */
  queuedMs: nonNegative.nullable(),
  /** 99th percentile of how late a timer of the loop was; null when none was due. */
  loopDelayP99Ms: nonNegative.nullable(),
  /** Time in which garbage collection held the thread. */
  gcMs: nonNegative,
  /** Requests that handler code answered on this loop; none on a front that hands over everything. */
  requests: count,
  /** Requests that waited in asynchronous handler code at a time, mean over the window. */
  waiting: nonNegative,
};

export const serverSchema = z.object({
  /** CPU time of all server processes within the window. */
  cpuMs: nonNegative,
  userMs: nonNegative,
  systemMs: nonNegative,
  /** CPU time of all server processes ÷ requests they answered. */
  cpuMsPerRequest: nonNegative,
  /** Of all server processes; a voluntary switch waits for something, an involuntary one lost its CPU. Null on Windows. */
  contextSwitches: z.object({ voluntary: count, involuntary: count }).nullable(),
  front: z.object(loop).nullable(),
  workers: z.array(z.object({ ...loop, id: count })).min(1),
  /**
   * By process of the server: the share of the window in which the threads of its libuv pool ran or were ready to run,
   * mean over as many of its busiest threads beside the event loops as the pool has; null where threads are not told apart.
   */
  threadPools: z.array(z.object({ size: z.int().min(1), share })).nullable(),
});

type Server = z.infer<typeof serverSchema>;
type Handling = NonNullable<Server['front']>;

/** What threads of the server did between two readings that were taken right at the edges of the window. */
export const threadReadingSchema = z.object({
  /** Between the two readings. */
  elapsedMs: z.number(),
  /** `queuedMs` is the time in which the thread was ready to run and had no CPU. */
  list: z.array(z.object({ pid: z.int(), tid: z.int(), cpuMs: z.number(), queuedMs: z.number() })),
});

export type ThreadReading = z.infer<typeof threadReadingSchema>;

export interface WindowFacts {
  readonly windowMs: number;
  /** Requests that completed within the window. */
  readonly requests: number;
  /** All threads of the server, read from outside at its edges; null where the system does not tell. */
  readonly threads: ThreadReading | null;
  /** Threads of the libuv pool of each process. */
  readonly poolSize: number;
}

/**
 * The server within the window. Busy event loops report late, so their figures are scaled from the time between their
 * readings to the window. CPU time is read from outside, at the edges, where the system tells it: CPU time per request is then
 * that of the window divided by the requests that completed in it, which is consistent with throughput and its mix. Elsewhere
 * both come from the server's own readings. null when nothing was answered.
 */
export function serverBetween(before: ServerSnapshot, after: ServerSnapshot, facts: WindowFacts): Server | null {
  const { windowMs, threads, poolSize } = facts;
  const first = new Map(before.workers.map((worker) => [worker.id, worker]));
  const workers = after.workers.flatMap((worker) => {
    const earlier = first.get(worker.id);
    return earlier === undefined ? [] : [{ ...handlingBetween(earlier, worker, facts), id: worker.id }];
  });
  const front =
    before.front === null || after.front === null ? null : handlingBetween(before.front, after.front, facts);
  const own = processesBetween(before.processes, after.processes, windowMs);
  const answered = workers.reduce((sum, worker) => sum + worker.requests, front?.requests ?? 0);
  const outside =
    threads === null || threads.list.length === 0 ? null : cpuOf(threads.list, threads.elapsedMs, windowMs);
  const requests = outside === null ? answered : facts.requests;
  if (requests === 0) return null;
  const cpuMs = outside ?? own.userMs + own.systemMs;
  const userShare = own.userMs + own.systemMs === 0 ? 1 : own.userMs / (own.userMs + own.systemMs);
  return {
    cpuMs,
    userMs: outside === null ? own.userMs : cpuMs * userShare,
    systemMs: outside === null ? own.systemMs : cpuMs * (1 - userShare),
    cpuMsPerRequest: outside === null ? own.usedMs / requests : cpuMs / requests,
    contextSwitches: own.switches,
    front,
    workers,
    threadPools: threads === null ? null : threadPools(after, threads, poolSize),
  };
}

/** One event loop, and the requests that handler code answered on it. */
function handlingBetween(before: HandlingUsage, after: HandlingUsage, { windowMs, threads }: WindowFacts): Handling {
  const activeMs = after.activeMs - before.activeMs;
  const elapsedMs = activeMs + after.idleMs - before.idleMs;
  const scale = elapsedMs > 0 ? windowMs / elapsedMs : 0;
  const since = (from: number | null, to: number | null): number | null =>
    from === null || to === null ? null : ((to - from) / 1000) * scale;
  const seen = threads?.list.find(({ tid }) => tid === after.threadId);
  const toWindow = threads === null ? 1 : windowMs / threads.elapsedMs;
  return {
    utilisation: elapsedMs > 0 ? activeMs / elapsedMs : 0,
    cpuMs: seen === undefined ? since(before.threadCpuUs, after.threadCpuUs) : seen.cpuMs * toWindow,
    queuedMs: seen === undefined ? since(before.queuedUs, after.queuedUs) : seen.queuedMs * toWindow,
    loopDelayP99Ms: after.loopDelayP99Ms,
    gcMs: (after.gcMs - before.gcMs) * scale,
    requests: after.requests - before.requests,
    waiting: elapsedMs > 0 ? Math.max(0, after.waitingMs - before.waitingMs) / elapsedMs : 0,
  };
}

function cpuOf(list: ThreadReading['list'], elapsedMs: number, windowMs: number): number {
  return (list.reduce((sum, { cpuMs }) => sum + cpuMs, 0) * windowMs) / elapsedMs;
}

/** What processes report about themselves, scaled from the time between their readings to the window; `usedMs` is not. */
function processesBetween(before: readonly ProcessUsage[], after: readonly ProcessUsage[], windowMs: number) {
  const earlier = new Map(before.map((process) => [process.pid, process]));
  let [userMs, systemMs, usedMs] = [0, 0, 0];
  let [voluntary, involuntary] = [0, 0];
  for (const process of after) {
    const from = earlier.get(process.pid);
    const user = (process.userUs - (from?.userUs ?? 0)) / 1000;
    const system = (process.systemUs - (from?.systemUs ?? 0)) / 1000;
    // A process that started within the window has used everything within it.
    const scale = from === undefined ? 1 : windowMs / (process.atMs - from.atMs);
    usedMs += user + system;
    userMs += user * scale;
    systemMs += system * scale;
    voluntary += ((process.switches?.voluntary ?? 0) - (from?.switches?.voluntary ?? 0)) * scale;
    involuntary += ((process.switches?.involuntary ?? 0) - (from?.switches?.involuntary ?? 0)) * scale;
  }
  const isCounted = after.every(({ switches }) => switches !== null);
  const switches = isCounted ? { voluntary: Math.round(voluntary), involuntary: Math.round(involuntary) } : null;
  return { userMs, systemMs, usedMs, switches };
}

/**
 * How busy the libuv pool of each process was. Its threads have no names before Node 24, so the busiest threads other than
 * the event loops are taken for it.
 */
function threadPools(
  { front, workers, processes }: ServerSnapshot,
  { list, elapsedMs }: ThreadReading,
  size: number,
): Server['threadPools'] {
  const loops: readonly LoopUsage[] = front === null ? workers : [...workers, front];
  const ids = new Set(loops.map(({ threadId }) => threadId));
  return processes.map(({ pid }) => {
    const busiest = list
      .filter((thread) => thread.pid === pid && !ids.has(thread.tid))
      .map(({ cpuMs, queuedMs }) => (cpuMs + queuedMs) / elapsedMs)
      .toSorted((a, b) => b - a)
      .slice(0, size);
    return { size, share: busiest.reduce((sum, share) => sum + share, 0) / size };
  });
}
