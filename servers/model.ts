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
}

/** Cumulative figures of one event loop since its thread started. */
export interface LoopUsage {
  readonly activeMs: number;
  readonly idleMs: number;
  /** CPU time of the thread in microseconds; null where the platform does not tell threads apart. */
  readonly threadCpuUs: number | null;
  /** HTTP connections that are open on this loop now. */
  readonly connections: number;
}

export interface WorkerUsage extends LoopUsage {
  readonly id: number;
  /** Requests answered by handler code in this worker. */
  readonly requests: number;
}

/** Cumulative CPU time of a whole process with all its threads, and its memory now. */
export interface ProcessUsage {
  readonly pid: number;
  /** Monotonic clock of the process, in milliseconds: two readings tell how far apart they were taken. */
  readonly atMs: number;
  readonly userUs: number;
  readonly systemUs: number;
  /** Resident size, shared pages included. */
  readonly rssBytes: number;
}

export interface ServerSnapshot {
  readonly processes: readonly ProcessUsage[];
  /** The accepting loop when handlers run elsewhere, or the cluster primary; null for `single`. */
  readonly front: LoopUsage | null;
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
