/** Break-evens of servers whose true one is known: how near what is found comes, and how often the interval has the truth. */
import { expect, test } from 'vitest';
import { type BothAt, type Crossing, crossingOf } from './crossing.ts';
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

/** Points at which this many rounds were measured, but for trials that are `lost`: the point and the round. */
function pointsOf(
  values: readonly number[],
  server: Parameters<typeof truthAt>[1],
  {
    rounds,
    lost = [],
    noise,
  }: {
    readonly rounds: (value: number) => number;
    readonly lost?: readonly (readonly [value: number, round: number])[];
    readonly noise: () => number;
  },
): BothAt[] {
  return values.map((value) => {
    const logs = (log: number) => new Map(Array.from({ length: rounds(value) }, (_, round) => [round, log + noise()]));
    const baseline = logs(Math.log(singleAt(value, server)));
    const candidate = logs(Math.log(singleAt(value, server)) + truthAt(value, server));
    for (const [of, round] of lost) if (of === value) candidate.delete(round);
    return { value, baseline, candidate };
  });
}

function hasIn(found: Crossing, truth: number): boolean {
  return found.kind === 'found' && (found.low ?? 0) <= truth && truth <= (found.high ?? Number.POSITIVE_INFINITY);
}

test.each([
  { own: 0.03, front: 0.08, rounds: 3, spread: 0.03 },
  { own: 0.03, front: 0.3, rounds: 5, spread: 0.05 },
  { own: 0.05, front: 1.2, rounds: 8, spread: 0.03 },
])('a front of $front ms: found within 20%, and in the interval', ({ rounds, spread, ...server }) => {
  const random = normal(randomStream(18));
  const truth = trueCrossing(server);
  let [near, covered] = [0, 0];
  for (let run = 0; run < RUNS; run++) {
    const points = pointsOf(STEPS, server, { rounds: () => rounds, noise: () => spread * random() });
    const found = crossingOf(points, 0.05);
    if (found.kind !== 'found') continue;
    near += Number(Math.abs(Math.log(found.value / truth)) < Math.log(1.2));
    covered += Number(hasIn(found, truth));
  }
  expect({ near: near / RUNS, covered: covered / RUNS }).toEqual({
    near: expect.toSatisfy((share: number) => share > 0.95),
    covered: expect.toSatisfy((share: number) => share > 0.9),
  });
});

const beside = (value: number): number => (value === 0.1 || value === 1 ? 8 : 3);

test.each<[string, readonly number[], (value: number) => number, readonly (readonly [number, number])[]]>([
  ['outer points with fewer rounds', [0.05, 0.1, 1, 2, 5], beside, []],
  ['a trial lost, and no three rounds of all', [0.05, 0.1, 1, 2, 5], beside, [[0.1, 1]]],
  ['a trial lost at each of both', [0.05, 0.1, 1, 2, 5], beside, [[0.1, 1], [1, 2]]], // biome-ignore format: a table
  ['an outer point lost', [0.05, 0.1, 1, 2, 5], beside, [[0.05, 1]]],
  ['three points', [0.1, 1, 5], () => 5, []],
  ['two points', [0.1, 1], () => 5, []],
  ['two points far apart', [0.1, 10], () => 5, []],
])('%s: the interval has the truth', (_, values, rounds, lost) => {
  const random = normal(randomStream(5));
  const server = { own: 0.03, front: 0.3 };
  let covered = 0;
  for (let run = 0; run < RUNS; run++) {
    const points = pointsOf(values, server, { rounds, lost, noise: () => 0.02 * random() });
    covered += Number(hasIn(crossingOf(points, 0.05), trueCrossing(server)));
  }
  expect(covered / RUNS).toBeGreaterThan(0.9);
});

test('a lost trial does not end the search: the break-even stays as near as without', () => {
  const server = { own: 0.03, front: 0.3 };
  const points = pointsOf([0.05, 0.1, 1, 2, 5], server, { rounds: beside, lost: [[0.1, 1]], noise: () => 0 });
  expect(crossingOf(points, 0.05)).toMatchObject({ kind: 'found', value: expect.closeTo(0.27, 2), from: 0.05, to: 5 });
});

test('between points far apart it is where they cross, and not the next place that was looked at', () => {
  const server = { own: 0.03, front: 0.3 };
  const points = pointsOf([0.001, 0.1, 10, 20], server, { rounds: () => 3, noise: () => 0 });
  expect(crossingOf(points, 0.05)).toMatchObject({ value: expect.closeTo(0.27, 2) });
});

test.each<[Crossing['kind'], readonly number[]]>([
  ['ahead', [1.1, 1.2, 1.3]],
  ['ahead', [1.3, 1.2, 1.1]],
  ['behind', [0.7, 0.8, 0.9]],
  ['found', [0.7, 0.9, 1.3]],
  ['open', [1.35, 1.1, 0.82]],
  ['open', [1.3, 0.6, 0.6]],
  ['open', [0.7, 1.3, 0.7]],
  ['open', [0.7, 1.3, 0.7, 1.4]],
  ['open', [1.3, 0.6, 1.3]],
])('%s: ratios of %j', (kind, ratios) => {
  const random = normal(randomStream(2));
  const points = ratios.map((ratio, i) => {
    const logs = (log: number) => new Map([0, 1, 2, 3, 4].map((round) => [round, log + 0.01 * random()]));
    return { value: 2 ** i, baseline: logs(-i), candidate: logs(Math.log(ratio) - i) };
  });
  expect(crossingOf(points, 0.05).kind).toBe(kind);
});
