/** The contract of a concurrency model, and what every server reports about itself. */
import type { HandlerContext } from '../scenarios/scenario.ts';

/**
 * How requests reach handler code: in one process, in N copies of the HTTP server, or in a pool behind one HTTP front.
 */
export type Style = 'alone' | 'replicated' | 'offload';

/** What a model is asked to run. It crosses process boundaries, so it is plain data. */
export interface ServerContext {
  /** URL of the scenario module; each worker imports it for itself. */
  readonly scenarioUrl: string;
  readonly handlerContext: HandlerContext;
  /** Number of workers; `single` has one whatever this says. */
  readonly workers: number;
  /** 0 picks a free port. */
  readonly port: number;
  /** What the front of a pool answers itself; mostly nothing. Models without a pool need not know. */
  readonly onFront: readonly FrontRoute[];
}

/** Requests that the front of a pool answers: those with exactly this method and URL. */
export interface FrontRoute {
  readonly method: string;
  /** Path with query, as it comes in the request line. */
  readonly url: string;
}

/** Figures of one event loop, cumulative since its thread started where nothing else is said. */
export interface LoopUsage {
  readonly activeMs: number;
  readonly idleMs: number;
  /** The id by which the kernel knows the thread, for readings from outside; null where there is no `/proc`. */
  readonly threadId: number | null;
  /** CPU time of the thread in microseconds; null where the platform does not tell threads apart. */
  readonly threadCpuUs: number | null;
  /** Time in microseconds in which the thread was ready to run and had no CPU; null where the platform does not tell. */
  readonly queuedUs: number | null;
  /** Time in which garbage collection held the thread. */
  readonly gcMs: number;
  /** 99th percentile of how late a timer of the loop came since the snapshot before; null when none was due. */
  readonly loopDelayP99Ms: number | null;
  /** HTTP connections that are open on this loop now. */
  readonly connections: number;
}

/** A loop on which handler code may run. */
export interface HandlingUsage extends LoopUsage {
  /** Requests answered by handler code on this loop; none of a front that hands over everything. */
  readonly requests: number;
  /** Time that requests have spent waiting in asynchronous handler code, all of them added up. */
  readonly waitingMs: number;
}

export interface WorkerUsage extends HandlingUsage {
  readonly id: number;
}

/** What a process of a server is there for: to be the front, to run handler code, or both as threads of one process. */
export type ProcessRole = 'front' | 'worker' | 'both';

/** Cumulative CPU time of a whole process with all its threads, and its memory now. */
export interface ProcessUsage {
  readonly pid: number;
  readonly role: ProcessRole;
  /** Monotonic clock of the process, in milliseconds: two readings tell how far apart they were taken. */
  readonly atMs: number;
  readonly userUs: number;
  readonly systemUs: number;
  /** Context switches, cumulative; null where the platform does not count them. */
  readonly switches: { readonly voluntary: number; readonly involuntary: number } | null;
  /** Resident size, shared pages included; its highest so far where the present one cannot be read. */
  readonly rssBytes: number;
}

export interface ServerSnapshot {
  readonly processes: readonly ProcessUsage[];
  /** The accepting loop when handlers run elsewhere, or the cluster primary; null for `single`. */
  readonly front: HandlingUsage | null;
  readonly workers: readonly WorkerUsage[];
  /** Workers that died and were replaced since the start. A trial with one is a failed trial. */
  readonly lostWorkers: number;
}

export interface Running {
  readonly port: number;
  readonly workers: number;
  snapshot(): Promise<ServerSnapshot>;
  /** Resolves when every worker is gone and the port is free. */
  stop(): Promise<void>;
}

export interface Model {
  /** One line for `fourways list`. */
  readonly summary: string;
  readonly style: Style;
  start(context: ServerContext): Promise<Running>;
}
