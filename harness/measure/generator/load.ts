/** What every kind of load has in common, as the generator's process drives it. */
import type { Failure } from '../../store/schema.ts';
import type { OpenRecord } from './messages.ts';

/** Times are on the monotonic clock of the machine, in milliseconds. */
export interface LoadListener {
  /** Every connection is open. */
  connected(): void;
  /** A good reply to a request of a closed loop; `index` is that of its class. */
  reply(index: number, startedMs: number, endedMs: number): void;
  /** A good reply to a request of an open loop, whose latency the load records itself. */
  completed(index: number, endedMs: number): void;
  fault(reason: Failure): void;
}

/** The measured window. Its end is not known before it has come. */
export interface Window {
  readonly startMs: number;
  /** Infinite while the window lasts. */
  readonly endMs: number;
}

export interface Load {
  /** Begins to send, in a closed loop. */
  go(): void;
  /** Sends nothing more, and resolves when the requests under way have come to their end. */
  drain(): Promise<void>;
  /** Ends everything at once: connections, timers and threads. Nothing is heard of it any more. */
  close(): void;
  /** What only an open loop does; null for a closed one. */
  readonly open: OpenLoad | null;
}

export interface OpenLoad {
  /** Ends the closed loop, waits for its replies, and then sends on schedule. */
  offer(): Promise<void>;
  /** Called when the window begins and again when it has ended. */
  inWindow(window: Window): void;
  /** Requests that were sent on schedule, and that have not had a good reply so far. */
  unanswered(): number;
  /** After `drain`: what was recorded of the requests that were due within the window. */
  record(): { readonly latencyHistogram: string; readonly open: OpenRecord };
}
