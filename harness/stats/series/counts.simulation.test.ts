/** That the interval of a mean of counts has the truth in it as often as it says: for Poisson, and for counts that come in clusters. */
import { describe, expect, test } from 'vitest';
import { clustered, type Draw, poisson } from '../fixtures/counts.ts';
import { randomStream } from '../random.ts';
import { countMean, difference, times, within } from './counts.ts';

const LEVEL = 0.95;
const SAMPLES = 2000;
/** Two standard errors of a share in so many samples. */
const BY_CHANCE = 2 * Math.sqrt((0.93 * 0.07) / SAMPLES);

function covered(draw: Draw, n: number): number {
  const random = randomStream(20_260_115);
  let hits = 0;
  for (let i = 0; i < SAMPLES; i++) {
    const counts = Array.from({ length: n }, () => draw.next(random));
    const { low, high } = countMean(counts, 1 - LEVEL);
    if (low <= draw.mean && draw.mean <= high) hits++;
  }
  return hits / SAMPLES;
}

describe.each([3, 5, 8])('%d trials', (n) => {
  test.each([0.3, 1, 4, 20, 200])('Poisson with a mean of %d', (mean) => {
    expect(covered(poisson(mean), n)).toBeGreaterThanOrEqual(0.93 - BY_CHANCE);
  });

  test.each([
    [4, 3],
    [10, 3],
    [10, 10],
    [50, 10],
    [500, 10],
    [500, 50],
  ])('a mean of %d in clusters, with %d times the variance of Poisson', (mean, φ) => {
    expect(covered(clustered(mean, φ), n)).toBeGreaterThanOrEqual(0.93 - BY_CHANCE);
  });
});

test('a killed worker loses what it had: nothing, or all of a dozen', () => {
  const draw: Draw = { mean: 6, next: (random) => (random() < 0.5 ? 0 : 12) };
  // In one of eight samples all three are alike, and nothing shows that they need not be.
  expect(covered(draw, 5)).toBeGreaterThanOrEqual(0.9);
});

describe('a difference of two means', () => {
  test.each([
    [4, 4],
    [0.5, 4],
    [200, 4],
  ])('of %d and %d', (a, b) => {
    const random = randomStream(7);
    const draws = [clustered(a, 3), clustered(b, 3)] as const;
    let hits = 0;
    for (let i = 0; i < SAMPLES; i++) {
      const [first, second] = draws.map((draw) =>
        countMean(
          Array.from({ length: 5 }, () => draw.next(random)),
          1 - LEVEL,
        ),
      );
      if (first === undefined || second === undefined) continue;
      const { low, high } = difference(first, second);
      if (low <= a - b && a - b <= high) hits++;
    }
    expect(hits / SAMPLES).toBeGreaterThanOrEqual(0.93 - BY_CHANCE);
  });
});

describe('what can be said by hand', () => {
  test('nothing in five trials: three at most in all of them', () => {
    const { point, low, high } = countMean([0, 0, 0, 0, 0], 0.05);
    expect([point, low, high]).toEqual([0, 0, expect.closeTo(3 / 5, 2)]);
  });

  test('without more variance than Poisson, the exact limits of Garwood', () => {
    // 12 events: 6.2 to 20.96 (Garwood 1936, table).
    const { point, low, high } = countMean([4, 4, 4], 0.05);
    expect([point, low * 3, high * 3]).toEqual([4, expect.closeTo(6.2, 1), expect.closeTo(20.96, 1)]);
  });

  test('with many events, the interval of Student’s t', () => {
    const counts = [900, 1000, 1100, 1000, 1000];
    const half = (2.776 * 70.71) / Math.sqrt(5);
    const { low, high } = countMean(counts, 0.05);
    expect(low).toBeGreaterThan(1000 - 1.05 * half);
    expect(low).toBeLessThan(1000 - 0.9 * half);
    expect(high).toBeLessThan(1000 + 1.15 * half);
    expect(high).toBeGreaterThan(1000 + half);
  });

  test('one trial says nothing of the variance between trials', () => {
    expect(countMean([9], 0.05)).toEqual({ point: 9, low: expect.closeTo(4.12, 1), high: expect.closeTo(17.08, 1) });
  });

  test('units and bounds', () => {
    expect(times({ point: 2, low: 1, high: 4 }, 0.5)).toEqual({ point: 1, low: 0.5, high: 2 });
    expect(within({ point: 2, low: -1, high: 4 }, 0, 3)).toEqual({ point: 2, low: 0, high: 3 });
    expect(() => countMean([], 0.05)).toThrow(RangeError);
  });
});
