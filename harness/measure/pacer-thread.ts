/**
 * Waits for due times, so that the event loop of the generator need not: a timer comes up to a millisecond late, and
 * watching the clock takes a whole CPU. It computes the same schedule from the same seed, so nothing has to be handed over.
 */
import { workerData } from 'node:worker_threads';
import { z } from 'zod';
import { dueTimes } from '../stats/arrivals.ts';
import { monotonicMs } from './monotonic.ts';
import { PASSED, type Pace, STOPPED } from './pacer.ts';

const { shared, stream, startMs } = z.custom<Pace>().parse(workerData);
const flags = new Int32Array(shared);
const next = dueTimes(stream);

const stopped = (): boolean => Atomics.load(flags, STOPPED) !== 0;

while (!stopped()) {
  const dueMs = startMs + next();
  for (let leftMs = dueMs - monotonicMs(); leftMs > 0 && !stopped(); leftMs = dueMs - monotonicMs()) {
    Atomics.wait(flags, STOPPED, 0, leftMs);
  }
  Atomics.add(flags, PASSED, 1);
  Atomics.notify(flags, PASSED);
}
