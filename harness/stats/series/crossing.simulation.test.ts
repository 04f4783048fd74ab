/** Break-evens of servers whose true one is known: how near what is found comes, and how often the interval has the truth. */
import { expect, test } from 'vitest';
import { crossingOf } from './crossing.ts';
import { normal } from '../fixtures/noise.ts';
import { randomStream } from '../random.ts';

const RUNS = 40;
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** A pool of two whose front takes `front` ms of a request, beside a single process that takes `own` ms and the work. */
function truthAt(ms: number, { own, front }: { readonly own: number; readonly front: number }): number {
  const single = 1 / (own + ms);
  const pool = Math.min(1 / front, 2 / (front + own + ms));
  return Math.log(pool / single);
}

function singleAt(ms: number, { own }: { readonly own: number }): number {
  return 1 / (own + ms);
}

/** By halving, over logarithms. */
function trueCrossing(server: Parameters<typeof truthAt>[1]): number {
  let [low, high] = [0.001, 100];
  for (let i = 0; i < 60; i++) {
    const middle = Math.sqrt(low * high);
    if (truthAt(middle, server) < 0) low = middle;
    else high = middle;
  }
  return low;
}

test.each([
  { own: 0.03, front: 0.08, rounds: 3, spread: 0.03 },
  { own: 0.03, front: 0.3, rounds: 5, spread: 0.05 },
  { own: 0.05, front: 1.2, rounds: 8, spread: 0.03 },
])('a front of $front ms: found within 20%, and in the interval', ({ rounds, spread, ...server }) => {
  const random = randomStream(18);
  const noise = normal(random);
  const truth = trueCrossing(server);
  let [near, covered] = [0, 0];
  for (let run = 0; run < RUNS; run++) {
    const logs = (of: () => number) =>
      new Map(Array.from({ length: rounds }, (_, round) => [round, of() + spread * noise()]));
    const points = STEPS.map((value) => ({
      value,
      baseline: logs(() => Math.log(singleAt(value, server))),
      candidate: logs(() => Math.log(singleAt(value, server)) + truthAt(value, server)),
    }));
    const found = crossingOf(points, 0.05);
    if (found.kind !== 'found') continue;
    near += Number(Math.abs(Math.log(found.value / truth)) < Math.log(1.2));
    covered += Number((found.low ?? 0) <= truth && truth <= (found.high ?? Number.POSITIVE_INFINITY));
  }
  expect({ near: near / RUNS, covered: covered / RUNS }).toEqual({
    near: expect.toSatisfy((share: number) => share > 0.95),
    covered: expect.toSatisfy((share: number) => share > 0.9),
  });
});
