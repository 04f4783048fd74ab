/** The contract of a concurrency model, and what every server reports about itself. */
import type { HandlerContext } from '../scenarios/scenario.ts';

/**
 * How requests reach handler code: in one process, in N copies of the HTTP server, or in a pool behind one HTTP front end.
 */
export type Style = 'alone' | 'replicated' | 'offload';

/** What a model is asked to run. It crosses process boundaries, so it is plain data, but for `shared`. */
export interface ServerContext {
  /** URL of the scenario module; each worker imports it for itself. */
  readonly scenarioUrl: string;
  readonly handlerContext: HandlerContext;
  /** Number of workers; `single` has one whatever this says. */
  readonly workers: number;
  /** 0 picks a free port. */
  readonly port: number;
  /** What the front end of a pool answers itself; mostly nothing. Models without a pool ignore it. */
  readonly onFront: readonly FrontRoute[];
  /** HTTPS instead of HTTP, with the test certificate. */
  readonly tls?: boolean;
  /** Whether the scenario says what the threads of a process share. Else a process whose workers are threads does not load it. */
  readonly shares?: boolean;
  /** What they share: for threads of this process only. A process that is not given it makes its own. */
  readonly shared?: SharedArrayBuffer | null;
  /** Whether a worker that dies is replaced; it is, where this is left out. */
  readonly restarts?: boolean;
  /** Whether a request may ask for a fault with the header `fourways-fault`; see `fault.cts`. */
  readonly faults?: boolean;
}

/** How long a server that ends waits for its clients. */
export interface Patience {
  /** A connection is closed when nothing has come over it, and nothing was under way, for so long. */
  readonly idleMs: number;
  /** After so long everything is closed. */
  readonly limitMs: number;
}

/** Requests that the front end of a pool answers: those with exactly this method and URL. */
export interface FrontRoute {
  readonly method: string;
  /** Path with query, as it comes in the request line. */
  readonly url: string;
}

/** Figures of one event loop, cumulative since its thread started where nothing else is said. */
export interface LoopUsage {
  readonly activeMs: number;
  readonly idleMs: number;
  /** The kernel's id of the thread, for readings from outside; null where there is no `/proc`. */
  readonly threadId: number | null;
  /** CPU time of the thread in microseconds; null where the platform does not report it by thread. */
  readonly threadCpuUs: number | null;
  /** Time in microseconds in which the thread was ready to run and had no CPU; null where the platform does not report it. */
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
  /** Requests answered by handler code on this loop: 0 on a front end that hands over everything. */
  readonly requests: number;
  /** Time that requests have spent waiting in asynchronous handler code, all of them added up. */
  readonly waitingMs: number;
}

export interface WorkerUsage extends HandlingUsage {
  readonly id: number;
}

/** What a process of a server does: be the front end or primary, run handler code, or both, with threads in one process. */
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
  /** Workers that died since the start, replaced or not. A trial with one is a failed trial, unless it is one with faults. */
  readonly lostWorkers: number;
  /** Workers that took the place of one that died or was reloaded. Left out where they are not counted. */
  readonly replacedWorkers?: number | undefined;
}

export interface Running {
  readonly port: number;
  readonly workers: number;
  snapshot(): Promise<ServerSnapshot>;
  /**
   * Accepts nothing more, answers what is under way and what still comes over open connections, with `connection: close`, closes idle
   * ones, and resolves when every worker is gone and the port is free. Without a patience it is quick: the load is over. A second call
   * may have less patience than the first.
   */
  stop(patience?: Patience): Promise<void>;
  /**
   * Replaces the workers one by one: a new one is started, and when it is ready the old one takes nothing new, answers what it has, closes
   * idle connections and ends. Rejects when one cannot be replaced, with the reason. Left out where there is nobody to take over.
   */
  reload?(): Promise<void>;
}

/** How much there is to program and to run with a model, beside the service itself. */
export interface Effort {
  /** Of models that serve the same at the same cost, the one with the lowest rank is recommended. `single` has 1. */
  readonly rank: number;
  /** Why it is simpler than those of a higher rank: `one process and nothing around it`. */
  readonly why: string;
}

/** What a file with a model exports as its default. */
export interface Model {
  /** One line for `fourways list`. */
  readonly summary: string;
  readonly style: Style;
  /** A model without it ranks behind all that have one. */
  readonly effort?: Effort;
  /** Why it cannot run in this Node.js, on this system or from this folder, with the way out; null where it can. Without it, it can. */
  unavailable?(): Promise<string | null>;
  start(context: ServerContext): Promise<Running>;
}

/** A model that is part of fourways. */
export interface BuiltInModel extends Model {
  /** Which of several ways it takes in this Node.js. */
  way?(): Promise<string>;
  readonly effort: Effort;
  /** In charts on white and on dark paper, as `#rrggbb`. */
  readonly colour: { readonly light: string; readonly dark: string };
}
