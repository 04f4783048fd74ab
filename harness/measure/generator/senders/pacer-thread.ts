/**
 * Waits for due times, so that the event loop of the generator need not: a timer fires up to a millisecond late, and polling the
 * clock takes a whole CPU. It computes the schedule from the same seed, so nothing else has to be passed on.
 */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { dueTimes } from '../../../stats/arrivals.ts';
import { monotonicMs } from '../load.ts';
import { CALLS, type Pace, STOPPED } from './pacer.ts';

const OFTEN_PER_SEC = 4000;
const SHARED_MS = 0.25;

const { shared, stream } = z.custom<Pace>().parse(workerData);
const flags = new Int32Array(shared);
const next = dueTimes(stream);

const stopped = (): boolean => Atomics.load(flags, STOPPED) !== 0;

const port = z.custom<NonNullable<typeof parentPort>>((value) => value !== null).parse(parentPort);
const starting = once(port, 'message');
port.postMessage('up');
const [startMs] = z.tuple([z.number()]).parse(await starting);

/** At high rates several due times share one wake-up, because waking two threads for each would take half a CPU. */
const gapMs = stream.requestsPerSec / stream.of > OFTEN_PER_SEC ? SHARED_MS : 0;
let calledMs = Number.NEGATIVE_INFINITY;

while (!stopped()) {
  const dueMs = startMs + next();
  // The other side reads the clock itself, so the last wake-up was for this one as well.
  if (dueMs <= calledMs) continue;
  const untilMs = Math.max(dueMs, calledMs + gapMs);
  for (let leftMs = untilMs - monotonicMs(); leftMs > 0 && !stopped(); leftMs = untilMs - monotonicMs()) {
    Atomics.wait(flags, STOPPED, 0, leftMs);
  }
  calledMs = monotonicMs();
  Atomics.add(flags, CALLS, 1);
  Atomics.notify(flags, CALLS);
}
