/** Calls when a request is due. A thread does the waiting (docs/decisions/0009). */
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { entryBeside } from '../../../../scenarios/entry.ts';
import { dueTimes, type Stream } from '../../../stats/arrivals.ts';
import { monotonicMs } from '../load.ts';

/** The data of the thread. It gets the start of the schedule once it runs. */
export interface Pace {
  readonly shared: SharedArrayBuffer;
  readonly stream: Stream;
}

/** Places in the shared memory: the number of wake-ups, and whether to stop. */
export const CALLS = 0;
export const STOPPED = 1;

/** Time between the message to the thread and the start of the schedule. */
const HEAD_START_MS = 50;

export interface Pacer {
  /** When the schedule began, on the monotonic clock. */
  readonly startMs: number;
  /** Calls `onDue` for what was due before this time and is still missing, and then no more. */
  stop(untilMs: number): void;
}

/**
 * Calls `onDue` for every due time of the stream, in order, with the due time on the monotonic clock. Calls that became due while
 * the event loop was busy are late, and never left out. Resolves when the thread runs, which takes half a second on a busy
 * machine: a schedule that began earlier would be late from the start.
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
      // Read before the clock: what becomes due while others are sent must wake this again.
      const calls = Atomics.load(flags, CALLS);
      for (const nowMs = monotonicMs(); !stopped && dueMs <= nowMs; dueMs = startMs + next()) onDue(dueMs);
      const waiting = Atomics.waitAsync(flags, CALLS, calls);
      // Also when another wake-up came in between: replies and timers must be handled.
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
