/** Calls when a request is due. A thread does the waiting (docs/decisions/0009). */
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { entryBeside } from '../../../../scenarios/entry.ts';
import { dueTimes, type Stream } from '../../../stats/arrivals.ts';
import { monotonicMs } from '../load.ts';

/** What the thread is told; when the schedule begins, it hears once it is up. */
export interface Pace {
  readonly shared: SharedArrayBuffer;
  readonly stream: Stream;
}

/** Places in the shared memory: how often the thread has called, and whether to stop. */
export const CALLS = 0;
export const STOPPED = 1;

/** The schedule begins this much later than the thread is told of it. */
const HEAD_START_MS = 50;

export interface Pacer {
  /** When the schedule began, on the monotonic clock. */
  readonly startMs: number;
  /** Calls for what was due before this time and has not been called for, and then no more. */
  stop(untilMs: number): void;
}

/**
 * Calls `onDue` for every due time of the stream, in order, with the time on the monotonic clock at which it was due. It is
 * called late rather than not at all: what became due while the event loop was busy is made up for at once. Resolves when
 * the thread is up, which takes half a second on a busy machine: a schedule that began before would be late from the start.
 */
export async function startPacer(stream: Stream, onDue: (dueMs: number) => void): Promise<Pacer> {
  const flags = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const pace: Pace = { shared: flags.buffer, stream };
  const thread = new Worker(entryBeside(import.meta.url, 'pacer-thread'), { workerData: pace });
  await once(thread, 'message');
  const startMs = monotonicMs() + HEAD_START_MS;
  thread.postMessage(startMs);
  const next = dueTimes(stream);
  let stopped = false;
  let dueMs = startMs + next();
  thread.once('error', (error) => {
    if (!stopped) throw error;
  });
  void follow();

  async function follow(): Promise<void> {
    while (!stopped) {
      // Read before the clock is: what becomes due while others are sent must wake this again.
      const calls = Atomics.load(flags, CALLS);
      for (const nowMs = monotonicMs(); !stopped && dueMs <= nowMs; dueMs = startMs + next()) onDue(dueMs);
      const waiting = Atomics.waitAsync(flags, CALLS, calls);
      // Also when there was another call by now: replies and timers must have their turn.
      await (waiting.async ? waiting.value : setImmediate());
    }
  }

  return {
    startMs,
    stop: (untilMs) => {
      for (; !stopped && dueMs < untilMs; dueMs = startMs + next()) onDue(dueMs);
      stopped = true;
      Atomics.store(flags, STOPPED, 1);
      Atomics.notify(flags, STOPPED);
      Atomics.add(flags, CALLS, 1);
      Atomics.notify(flags, CALLS);
    },
  };
}
