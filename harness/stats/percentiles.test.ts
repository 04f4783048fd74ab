import { describe, expect, test } from 'vitest';
import { sojournTimes } from '../doctor/truths/queue.ts';
import { histogramOf } from '../fixtures/measurement.ts';
import type { Percentiles as Stored } from '../judge/schema/capacity.ts';
import { dueTimes } from './arrivals.ts';
import { mergeLatencies } from './latency.ts';
import { percentilesOf, percentilesOfSamples, type Sample, sampleOf, type TrialLatencies } from './percentiles.ts';
import { randomStream } from './random.ts';

const TIMEOUT_MS = 10_000;

/** From latencies in microseconds; those without a reply are added at the limit. */
function trialOf(latenciesUs: ArrayLike<number>, unfinished = 0): TrialLatencies {
  const limit = Array.from({ length: unfinished }, () => TIMEOUT_MS * 1000);
  return { histogram: histogramOf([...Array.from(latenciesUs, Math.round), ...limit]), unfinished };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const flat = (count: number, us: number): number[] => Array.from({ length: count }, () => us);

/** The standard normal distribution (Box and Muller 1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

describe('the point', () => {
  const random = randomStream(3);
  const latencies = [700, 50, 2000, 4000].map((count, trial) =>
    Array.from({ length: count }, () => 200 * (trial + 1) * Math.exp(normal(random))),
  );
  const trials = latencies.map((one) => trialOf(one));
  const all = percentilesOf(trials, null);

  test.each(['p50', 'p90', 'p99', 'p999'] as const)('%s is that of all requests together', (name) => {
    expect(all?.[name]?.ms).toBe(mergeLatencies(trials.map(({ histogram }) => histogram))?.[name]);
    expect(all?.[name]?.ms).toBe(percentilesOf([trialOf(latencies.flat())], null)?.[name]?.ms);
  });

  test('neither it nor its interval depends on the order of the trials', () => {
    const turned = percentilesOf(trials.toReversed(), null);
    expect(turned?.p99?.ms).toBe(all?.p99?.ms);
    expect(turned?.p99?.high).toBeCloseTo(all?.p99?.high ?? Number.NaN, 9);
  });

  test.each(['p50', 'p90', 'p99', 'p999'] as const)('%s lies within its interval', (name) => {
    const { ms = Number.NaN, low, high } = all?.[name] ?? {};
    expect(low).toBeLessThanOrEqual(ms);
    expect(high).toBeGreaterThanOrEqual(ms);
  });
});

test('is what a summary stores', () => {
  const stored: Stored | null = percentilesOf([trialOf(upTo(10))], null);
  expect(stored?.maxMs).toBe(0.01);
});

test.each([
  [9, []],
  [10, ['p50']],
  [49, ['p50']],
  [50, ['p50', 'p90']],
  [499, ['p50', 'p90']],
  [500, ['p50', 'p90', 'p99']],
  [4999, ['p50', 'p90', 'p99']],
  [5000, ['p50', 'p90', 'p99', 'p999']],
])('%d requests tell %j, because five must lie beyond', (count, told) => {
  const half = Math.floor(count / 2);
  const { maxMs: _, ...all } = percentilesOf([trialOf(upTo(half)), trialOf(upTo(count - half))], null) ?? { maxMs: 0 };
  expect(Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [name]))).toEqual(told);
});

test.each([
  ['no trial', []],
  ['trials without a request', [trialOf([]), trialOf([])]],
])('%s: there is nothing to tell', (_, trials) => {
  expect(percentilesOf(trials, TIMEOUT_MS)).toBeNull();
});

describe('the interval', () => {
  test('takes three trials, and one without a request is none', () => {
    const trial = trialOf(flat(100, 1000));
    expect(percentilesOf([trial, trial], null)?.p50).toEqual({ ms: 1, low: null, high: null, atLeast: false });
    expect(percentilesOf([trial, trial, trialOf([])], null)?.p50?.low).toBeNull();
    expect(percentilesOf([trial, trial, trial], null)?.p50).toEqual({ ms: 1, low: 1, high: 1, atLeast: false });
  });

  test('is as wide as trials differ, however alike the requests of one are', () => {
    const p50 = percentilesOf(
      [900, 1000, 1100].map((us) => trialOf(flat(1000, us))),
      null,
    )?.p50;
    // t(0.975, 2)·√((ln 0.9)² + (ln 1.1)²)/√6 = 0.249
    expect(p50?.low).toBeCloseTo(Math.exp(-0.249), 2);
    expect(p50?.high).toBeCloseTo(Math.exp(0.249), 2);
  });

  test('does not narrow when a trial is longer', () => {
    const widthOf = (count: number): number => {
      const p50 = percentilesOf(
        [900, 1000, 1100].map((us) => trialOf(flat(count, us))),
        null,
      )?.p50;
      return (p50?.high ?? 0) - (p50?.low ?? 0);
    };
    expect(widthOf(5000)).toBeCloseTo(widthOf(50), 9);
  });

  test('survives latencies of no microsecond', () => {
    const p50 = percentilesOf(
      [flat(20, 0), flat(20, 0), flat(20, 3)].map((one) => trialOf(one)),
      null,
    )?.p50;
    expect(p50).toMatchObject({ ms: 0, low: 0 });
    expect(p50?.high).toBeGreaterThan(0);
  });
});

describe('requests without a reply', () => {
  const fast = flat(990, 2000);

  test('a percentile among them is told as the limit or more, and has no interval', () => {
    const all = percentilesOf(
      Array.from({ length: 5 }, () => trialOf(fast, 20)),
      TIMEOUT_MS,
    );
    expect(all?.p90).toEqual({ ms: 2, low: 2, high: 2, atLeast: false });
    expect(all?.p99).toEqual({ ms: TIMEOUT_MS, low: null, high: null, atLeast: true });
    expect(all?.maxMs).toBe(TIMEOUT_MS);
  });

  test.each([
    [9, false],
    [10, false],
    [11, true],
  ])('p99 of 1,000 requests with %d of them: its rank decides, and not its value', (unfinished, atLeast) => {
    // Those that have a reply took as long as the limit, too.
    const trial = trialOf(flat(1000 - unfinished, TIMEOUT_MS * 1000), unfinished);
    expect(percentilesOf([trial], TIMEOUT_MS)?.p99).toMatchObject({ ms: TIMEOUT_MS, atLeast });
  });

  test('there is no interval when one of the trials cannot tell its percentile', () => {
    const trials = [trialOf(flat(1000, 2000)), trialOf(flat(1000, 2100)), trialOf(flat(985, 2000), 15)];
    const all = percentilesOf(trials, TIMEOUT_MS);
    expect(all?.p99).toMatchObject({ low: null, high: null, atLeast: false });
    expect(all?.p90?.low).not.toBeNull();
  });
});

describe('in a simulation the interval covers the true percentile at least as often as it says', () => {
  const NAMES = ['p50', 'p90', 'p99'] as const;
  const LEVEL_SD = 0.04;
  const REQUESTS = 600;
  const WARM_UP = 400;
  /** All trials that there are. Samples are drawn from them, and so the truth is known exactly. */
  const POPULATION = 300;
  const REPETITIONS = 300;
  /** 95% within what so many repetitions can tell (two and a half standard deviations). */
  const LEAST_COVERED = 0.92;

  type Latencies = (random: () => number, seed: number) => ArrayLike<number>;

  const skewed: Latencies = (random) => Array.from({ length: REQUESTS }, () => 10_000 * Math.exp(0.6 * normal(random)));

  /** Long latencies come in bursts. */
  const queued =
    (utilisation: number): Latencies =>
    (_, seed) => {
      const next = dueTimes({ kind: 'poisson', requestsPerSec: utilisation * 100, index: 0, of: 1, seed });
      const sojournMs = sojournTimes(Array.from({ length: WARM_UP + REQUESTS }, next), 10);
      return sojournMs.subarray(WARM_UP).map((ms) => ms * 1000);
    };

  /** Trials differ in level, as freshly started servers do. */
  function populationOf(latencies: Latencies): readonly Sample[] {
    const random = randomStream(17);
    return Array.from({ length: POPULATION }, (_, seed) => {
      const level = Math.exp(LEVEL_SD * normal(random));
      return sampleOf(trialOf(Array.from(latencies(random, seed), (us) => us * level)));
    });
  }

  test.each([
    ['skewed (log-normal)', skewed],
    ['those of a queue (M/D/1) at utilisation 0.6', queued(0.6)],
    ['those of a queue (M/D/1) at utilisation 0.8', queued(0.8)],
  ])('latencies are %s', (_, latencies) => {
    const population = populationOf(latencies);
    const truth = percentilesOfSamples(population, null);
    const random = randomStream(23);
    for (const count of [3, 5, 10]) {
      const covered = { p50: 0, p90: 0, p99: 0 };
      for (let repetition = 0; repetition < REPETITIONS; repetition++) {
        const drawn = Array.from({ length: count }, () => population[Math.floor(random() * POPULATION)]);
        const all = percentilesOfSamples(
          drawn.filter((trial) => trial !== undefined),
          null,
        );
        for (const name of NAMES) {
          const [ms, { low = null, high = null }] = [truth?.[name]?.ms ?? Number.NaN, all?.[name] ?? {}];
          if (low !== null && high !== null && low <= ms && ms <= high) covered[name]++;
        }
      }
      const shares = NAMES.map((name) => covered[name] / REPETITIONS);
      expect(Math.min(...shares), `${count} trials`).toBeGreaterThanOrEqual(LEAST_COVERED);
      // An interval of everything would cover, too.
      expect(Math.min(...shares), `${count} trials`).toBeLessThan(0.99);
    }
  });
});
