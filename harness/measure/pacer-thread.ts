/**
 * Waits for due times, so that the event loop of the generator need not: a timer comes up to a millisecond late, and
 * watching the clock takes a whole CPU. It computes the same schedule from the same seed, so nothing has to be handed over.
 */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { dueTimes } from '../stats/arrivals.ts';
import { monotonicMs } from './monotonic.ts';
import { PASSED, type Pace, STOPPED } from './pacer.ts';

const { shared, stream } = z.custom<Pace>().parse(workerData);
const flags = new Int32Array(shared);
const next = dueTimes(stream);

const stopped = (): boolean => Atomics.load(flags, STOPPED) !== 0;

const port = z.custom<NonNullable<typeof parentPort>>((value) => value !== null).parse(parentPort);
const starting = once(port, 'message');
port.postMessage('up');
const [startMs] = z.tuple([z.number()]).parse(await starting);

while (!stopped()) {
  const dueMs = startMs + next();
  for (let leftMs = dueMs - monotonicMs(); leftMs > 0 && !stopped(); leftMs = dueMs - monotonicMs()) {
    Atomics.wait(flags, STOPPED, 0, leftMs);
  }
  Atomics.add(flags, PASSED, 1);
  Atomics.notify(flags, PASSED);
}
