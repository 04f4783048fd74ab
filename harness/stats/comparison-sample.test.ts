import { describe, expect, test } from 'vitest';
import { ComparisonSample } from './comparison-sample.ts';
import { randomStream } from './random.ts';

interface Load {
  readonly perSec: number;
  readonly bytes: number;
  readonly seconds: number;
  /** From which reply on one in a hundred is wrong, in a random place. */
  readonly wrongFrom?: number;
  readonly seed?: number;
}

/** A load as the generator's process drives it: told the time ten times a second. */
function sampled({ perSec, bytes, seconds, wrongFrom = Number.POSITIVE_INFINITY, seed = 1 }: Load) {
  const sample = new ComparisonSample(randomStream(seed));
  const chance = randomStream(seed + 1000);
  const total = Math.round(perSec * seconds);
  const wanted: boolean[] = [];
  let found = 0;
  let nextTickMs = 100;
  for (let i = 0; i < total; i++) {
    const nowMs = (i * 1000) / perSec;
    while (nowMs >= nextTickMs) {
      sample.tick(nextTickMs);
      nextTickMs += 100;
    }
    const wants = sample.wants(bytes);
    wanted.push(wants);
    if (wants) sample.count();
    if (i >= wrongFrom && chance() < 0.01 && wants) found++;
  }
  return { wanted, found, compared: sample.compared, total };
}

test.each([1, 100, 900, 1000])('at %i replies a second all are compared, however long', (perSec) => {
  const { compared, total } = sampled({ perSec, bytes: 10_000_000, seconds: 20 });
  expect(compared).toBe(total);
});

test('short bodies are compared at any rate', () => {
  const { compared, total } = sampled({ perSec: 80_000, bytes: 20, seconds: 3 });
  expect(compared).toBe(total);
});

test.each([
  [2000, 1_000_000],
  [5000, 100_000],
  [20_000, 16_384],
  [60_000, 4096],
])('at %i a second of %i bytes a sample is, of 1,200 a second at the least and of what is cheap', (perSec, bytes) => {
  const seconds = 20;
  const { wanted, total } = sampled({ perSec, bytes, seconds });
  const later = wanted.slice(total / 2);
  const perSecond = later.filter(Boolean).length / (seconds / 2);
  expect(perSecond).toBeGreaterThan(1100);
  expect(perSecond).toBeLessThan(perSec);
  // What is not needed costs about one hundredth of what it costs to send a request and read such a reply.
  const costNs = (perSecond - 1300) * (80 + 0.05 * bytes);
  expect(costNs).toBeLessThan(1.2 * perSec * (70 + 0.005 * bytes));
});

test('the sample is not periodic', () => {
  const { wanted } = sampled({ perSec: 20_000, bytes: 100_000, seconds: 4 });
  const later = wanted.slice(40_000);
  const gaps = new Map<number, number>();
  let last = -1;
  for (const [i, wants] of later.entries()) {
    if (!wants) continue;
    gaps.set(i - last, (gaps.get(i - last) ?? 0) + 1);
    last = i;
  }
  expect(gaps.size).toBeGreaterThan(10);
  for (const period of [2, 7, 10, 50, 100]) {
    const parts = Array.from(
      { length: period },
      (_, at) => later.filter((wants, i) => wants && i % period === at).length,
    );
    expect(Math.min(...parts)).toBeGreaterThan(0);
  }
});

describe('one reply in a hundred is wrong', () => {
  const trials = 2000;
  const missed = (load: Omit<Load, 'seed'>): number =>
    Array.from({ length: trials }, (_, seed) => sampled({ ...load, seed: 3 * seed })).filter(({ found }) => found === 0)
      .length;

  test.each([500, 1000, 1500, 5000])('among the first thousand, at %i a second', (perSec) => {
    // Also when all are compared, a thousand replies hold no wrong one with a probability of 0.99^1000, 0.00004.
    expect(missed({ perSec, bytes: 100_000, seconds: 1000 / perSec, wrongFrom: 0 })).toBeLessThanOrEqual(1);
  });

  test.each([1500, 4000])('only within a window of a second after 10 s, at %i a second', (perSec) => {
    const found = Array.from({ length: 60 }, (_, seed) =>
      sampled({ perSec, bytes: 1_000_000, seconds: 11, wrongFrom: 10 * perSec, seed }),
    ).filter((one) => one.found > 0);
    expect(found).toHaveLength(60);
  });
});
