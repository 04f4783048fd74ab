/** What all kinds of load have in common, as the generator's process drives them, and the clock that they go by. */
import { performance } from 'node:perf_hooks';
import type { Trace } from '../../store/fault-schema.ts';
import type { Failure } from '../../store/schema.ts';
import type { GeneratorResult, OpenRecord } from './messages.ts';

/** Times are in milliseconds on the monotonic clock of the machine. */
export interface LoadListener {
  /** Every connection is open. */
  connected(): void;
  /** A good reply to a request of a closed loop; `index` is that of its class. */
  reply(index: number, startedMs: number, endedMs: number, isLost: boolean): void;
  /**
   * A good reply to a request of an open loop, whose latency the load records itself. `isLost`: it is the one of a server that does not
   * know the client any more.
   */
  completed(index: number, endedMs: number, isLost: boolean): void;
  fault(reason: Failure): void;
}

/** The measured window. When it ends is not known in advance. */
export interface Window {
  readonly startMs: number;
  /** Infinite while the window lasts. */
  readonly endMs: number;
}

export interface Load {
  /** Begins to send, in a closed loop. */
  go(): void;
  /** Sends nothing more, and resolves when no request is under way. */
  drain(): Promise<void>;
  /** Ends connections, timers and threads at once. The listener is not called any more. */
  close(): void;
  /** What only an open loop does; null for a closed one. */
  readonly open: OpenLoad | null;
}

export interface OpenLoad {
  /** Ends the closed loop, waits for its replies, and then sends on schedule. */
  offer(): Promise<void>;
  /** Called when the window begins and again when it has ended. */
  inWindow(window: Window): void;
  /** Requests that were sent on schedule and have had no good reply so far. */
  unanswered(): number;
  /** After `drain`: what was recorded of the requests that were due within the window. */
  record(): Pick<GeneratorResult, 'latencyHistogram' | 'latencySlices'> & { readonly open: OpenRecord };
  /** After `record`: the trace of a window; null where the load has none. */
  trace(startMs: number, windowMs: number): Trace | null;
}

/**
 * Milliseconds on the monotonic clock of the machine, the same in every thread and process, unlike `performance.now()`, which starts
 * at another moment in each.
 */
export const monotonicMs: () => number = (() => {
  // The largest of several: a delay between the two readings makes the difference smaller.
  const offsetMs = Math.max(
    ...Array.from({ length: 9 }, () => {
      const [seconds, nanoseconds] = process.hrtime();
      return seconds * 1000 + nanoseconds / 1e6 - performance.now();
    }),
  );
  return () => performance.now() + offsetMs;
})();
