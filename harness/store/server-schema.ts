/** What a trial records of the server, and how that follows from what the server reports at the edges of the window. */
import { z } from 'zod';
import type { HandlingUsage, LoopUsage, ProcessRole, ProcessUsage, ServerSnapshot } from '../../servers/model.ts';

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
  /** Null without one, and where `workers` is null. */
  front: z.object(loop).nullable(),
  /** Null where the server is a command or an address: what goes on inside it is not known. */
  workers: z
    .array(z.object({ ...loop, id: count }))
    .min(1)
    .nullable(),
  /** Share of the window in which the thread that had a CPU longest had one; null where the system does not tell. */
  busiestThread: share.nullable().default(null),
  /**
   * By process of the server: the share of the window in which the threads of its libuv pool ran or were ready to run,
   * mean over as many of its busiest threads beside the event loops as the pool has; null where threads are not told apart.
   */
  threadPools: z.array(z.object({ size: z.int().min(1), share })).nullable(),
});

type Server = z.infer<typeof serverSchema>;
type Loop = Readonly<NonNullable<Server['front']>>;
interface Loops {
  readonly front: Loop | null;
  readonly workers: readonly Loop[] | null;
}

/** The event loops of a server; none where its inside is not known. */
export function loopsOf({ front, workers }: Loops): readonly Loop[] {
  return front === null ? (workers ?? []) : [front, ...(workers ?? [])];
}

type Handling = NonNullable<Server['front']>;

/** A process of a server, as itself or the system tells; the role is null where only the system does. */
export interface ProcessReading extends Omit<ProcessUsage, 'role'> {
  readonly role: ProcessRole | null;
  /** The part of its CPU time that is of children which it has waited for; left out where it tells of itself. */
  readonly waitedUs?: number;
}

/** A server at one moment: its processes, seen from outside, and what goes on inside, where it can tell. */
export interface ServerReading {
  readonly processes: readonly ProcessReading[];
  /** Null of a command or an address. */
  readonly inside: Omit<ServerSnapshot, 'processes'> | null;
}

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
export function serverBetween(before: ServerReading, after: ServerReading, facts: WindowFacts): Server | null {
  const { windowMs, threads, poolSize } = facts;
  const own = processesBetween(before.processes, after.processes, windowMs);
  const ofThreads =
    threads === null || threads.list.length === 0 ? null : cpuOf(threads.list, threads.elapsedMs, windowMs);
  const ofLasting = ofThreads === null ? null : ofThreads + own.passingMs;
  const outside = ofLasting !== null && hasMore(own, ofLasting, after) ? null : ofLasting;
  const inside =
    before.inside === null || after.inside === null ? null : insideBetween(before.inside, after.inside, facts);
  const requests = outside === null && inside !== null ? inside.answered : facts.requests;
  if (requests === 0) return null;
  const cpuMs = outside ?? own.userMs + own.systemMs;
  const userShare = own.userMs + own.systemMs === 0 ? 1 : own.userMs / (own.userMs + own.systemMs);
  return {
    cpuMs,
    userMs: outside === null ? own.userMs : cpuMs * userShare,
    systemMs: outside === null ? own.systemMs : cpuMs * (1 - userShare),
    // Where the requests are those of the readings, and not of the window, so is the CPU time.
    cpuMsPerRequest: outside === null && inside !== null ? own.usedMs / requests : cpuMs / requests,
    contextSwitches: own.switches,
    front: inside?.front ?? null,
    workers: inside?.workers ?? null,
    busiestThread:
      threads === null ? null : Math.max(0, ...threads.list.map((thread) => thread.cpuMs)) / threads.elapsedMs,
    threadPools: threads === null || after.inside === null ? null : threadPools(after, after.inside, threads, poolSize),
  };
}

/** The system counts the CPU time of a process in ticks of this length. */
const TICK_MS = 10;
const NOISE = 0.05;

/** Whether a command has used more than is known of what lasts and what passes: a thread that ended within the window is missing. */
function hasMore(
  own: { readonly userMs: number; readonly systemMs: number },
  knownMs: number,
  { processes, inside }: ServerReading,
): boolean {
  const ticksMs = 2 * TICK_MS * processes.length;
  return inside === null && own.userMs + own.systemMs > knownMs * (1 + NOISE) + ticksMs;
}

type Inside = NonNullable<ServerReading['inside']>;

/** The event loops, and the requests that handler code answered on all of them. */
function insideBetween(before: Inside, after: Inside, facts: WindowFacts) {
  const first = new Map(before.workers.map((worker) => [worker.id, worker]));
  const workers = after.workers.flatMap((worker) => {
    const earlier = first.get(worker.id);
    return earlier === undefined ? [] : [{ ...handlingBetween(earlier, worker, facts), id: worker.id }];
  });
  const front =
    before.front === null || after.front === null ? null : handlingBetween(before.front, after.front, facts);
  return { workers, front, answered: workers.reduce((sum, { requests }) => sum + requests, front?.requests ?? 0) };
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

/**
 * What is told of processes, scaled from the time between the readings to the window; `usedMs` is not. What one that has ended had
 * used is taken off where the system tells, because then it is in the figures of the process that waited for its end.
 *
 * `passingMs` is the part of processes seen from outside that did not last from one reading to the other, such as one per request.
 */
function processesBetween(before: readonly ProcessReading[], after: readonly ProcessReading[], windowMs: number) {
  const earlier = new Map(before.map((process) => [process.pid, process]));
  const alive = new Set(after.map(({ pid }) => pid));
  const ended = before.filter(({ pid, role }) => role === null && !alive.has(pid));
  const scaleOf = ({ pid, atMs }: ProcessReading): number | null => {
    const from = earlier.get(pid);
    return from === undefined ? null : windowMs / (atMs - from.atMs);
  };
  // All that are seen from outside are read in one go, so it holds for those that did not last as well.
  const lasting = after.find(({ pid, role }) => role === null && earlier.has(pid));
  const common = (lasting === undefined ? null : scaleOf(lasting)) ?? 1;
  let userMs = (-sumOf(ended, ({ userUs }) => userUs) / 1000) * common;
  let systemMs = (-sumOf(ended, ({ systemUs }) => systemUs) / 1000) * common;
  let passingMs = userMs + systemMs;
  let usedMs = passingMs / common;
  let [voluntary, involuntary, isPassing] = [0, 0, ended.length > 0];
  for (const process of after) {
    const from = earlier.get(process.pid);
    const user = (process.userUs - (from?.userUs ?? 0)) / 1000;
    const system = (process.systemUs - (from?.systemUs ?? 0)) / 1000;
    const waited = ((process.waitedUs ?? 0) - (from?.waitedUs ?? 0)) / 1000;
    // A process that started within the window has used everything within it.
    const scale = scaleOf(process) ?? (process.role === null ? common : 1);
    usedMs += user + system;
    userMs += user * scale;
    systemMs += system * scale;
    if (process.role === null) passingMs += (from === undefined ? user + system : waited) * scale;
    isPassing ||= waited > 0;
    voluntary += ((process.switches?.voluntary ?? 0) - (from?.switches?.voluntary ?? 0)) * scale;
    involuntary += ((process.switches?.involuntary ?? 0) - (from?.switches?.involuntary ?? 0)) * scale;
  }
  // Those of processes that have ended are not told any more, unlike their CPU time.
  const isCounted = !isPassing && after.every(({ switches }) => switches !== null);
  const switches = isCounted ? { voluntary: rounded(voluntary), involuntary: rounded(involuntary) } : null;
  return {
    userMs: Math.max(0, userMs),
    systemMs: Math.max(0, systemMs),
    usedMs: Math.max(0, usedMs),
    passingMs: Math.max(0, passingMs),
    switches,
  };
}

/** The switches of a thread that has ended are not told any more. */
function rounded(switches: number): number {
  return Math.max(0, Math.round(switches));
}

function sumOf<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0);
}

/**
 * How busy the libuv pool of each process was. Its threads have no names before Node 24, so the busiest threads other than
 * the event loops are taken for it.
 */
function threadPools(
  { processes }: ServerReading,
  { front, workers }: Inside,
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
