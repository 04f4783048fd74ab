import { describe, expect, test } from 'vitest';
import { normal, slowedAtTimes } from './fixtures/noise.ts';
import { locationOf } from './location.ts';
import { randomStream } from './random.ts';
import { mean } from './spread.ts';

const calm = [10, 10.2, 9.9, 10.1, 9.8, 10, 10.3];

test('without an odd one out it is the mean, with its standard error', () => {
  const sd = Math.sqrt(calm.reduce((sum, value) => sum + (value - mean(calm)) ** 2, 0) / 6);
  const { point, standardError, degreesOfFreedom, outlying } = locationOf(calm);
  expect(point).toBeCloseTo(mean(calm), 9);
  expect(standardError).toBeCloseTo(sd / Math.sqrt(7), 9);
  expect(degreesOfFreedom).toBe(6);
  expect(outlying).toEqual(calm.map(() => false));
});

test("is Huber's: what values are away adds up to nothing when none counts for more than 2.5 deviations", () => {
  const values = [...calm, 14];
  const { point } = locationOf(values);
  // The median is 10.05; distances from it are 0.05, 0.05, 0.05, 0.15, 0.15, 0.25, 0.25 and 3.95.
  const reach = 2.5 * 1.4826 * (1 + 1.5 / 8) * 0.15;
  const away = values.map((value) => Math.min(Math.max(value - point, -reach), reach));
  expect(away.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0, 8);
  expect(point).toBeGreaterThan(mean(calm));
  expect(point).toBeLessThan(mean(values));
});

describe('one value may be anything at all', () => {
  test.each([
    { values: [100, 101, 99, 100] },
    { values: [100, 101, 99, 102] },
    { values: [100, 101, 99, 102, 98, 100, 103, 97] },
  ])('beside $values', ({ values }) => {
    const beside = Math.max(...values) - Math.min(...values);
    for (const wild of [1e9, -1e9]) {
      const { point, outlying } = locationOf([...values, wild]);
      expect(Math.abs(point - mean(values))).toBeLessThan(3 * beside);
      expect(outlying).toEqual([...values.map(() => false), true]);
    }
  });

  test('but not with fewer than five, which are averaged: the few degrees of freedom are worth more', () => {
    expect(locationOf([100, 101, 99, 140])).toMatchObject({ point: 110, degreesOfFreedom: 3 });
  });

  test('and costs a degree of freedom', () => {
    expect(locationOf([100, 101, 99, 102, 98, 1e9]).degreesOfFreedom).toBe(4);
  });
});

describe('a least scale', () => {
  const twoKinds = [0.1, 0.1001, 0.0999, 0.1, 0.0002];

  test('does not let four that are alike say nothing of the fifth', () => {
    const [own, least] = [locationOf(twoKinds), locationOf(twoKinds, 1 / 3)];
    expect(own.point).toBeCloseTo(0.1, 3);
    expect(least.standardError).toBeGreaterThan(20 * own.standardError);
    expect(least.point).toBeLessThan(own.point);
    expect(least.point).toBeGreaterThan(mean(twoKinds));
  });

  test('changes nothing where values are of one kind', () => {
    expect(locationOf(calm, 1 / 3)).toEqual(locationOf(calm));
  });
});

describe('where there is no scale', () => {
  test('a single value is the location, and says nothing of how well it is known', () => {
    expect(locationOf([7])).toEqual({ point: 7, standardError: 0, degreesOfFreedom: 0, outlying: [false] });
  });

  test('two are as far from the middle as each other', () => {
    expect(locationOf([1, 9])).toEqual({ point: 5, standardError: 4, degreesOfFreedom: 1, outlying: [false, false] });
  });

  test('of many that are the same, no other is far away: it is the mean', () => {
    const values = [5, 5, 5, 5, 5, 8];
    expect(locationOf(values)).toMatchObject({ point: 5.5, degreesOfFreedom: 5, outlying: values.map(() => false) });
    expect(locationOf([5, 5, 5])).toMatchObject({ point: 5, standardError: 0 });
  });

  test('nothing has no location', () => {
    expect(() => locationOf([])).toThrow(RangeError);
  });
});

test('moves and stretches with its values', () => {
  const values = [...calm, 14];
  const { point, standardError } = locationOf(values);
  const moved = locationOf(values.map((value) => 3 - 2 * value));
  expect(moved.point).toBeCloseTo(3 - 2 * point, 8);
  expect(moved.standardError).toBeCloseTo(2 * standardError, 8);
});

test('does not depend on the order', () => {
  const values = [...calm, 14, 2];
  expect(locationOf(values.toReversed()).point).toBeCloseTo(locationOf(values).point, 9);
});

test('one trial in twenty that is slowed moves it by a tenth of the usual margin, and the mean by half of it', () => {
  const slowed = slowedAtTimes(randomStream(1), 0.02);
  const many = Array.from({ length: 100_000 }, slowed);
  expect(Math.abs(locationOf(many).point)).toBeLessThan(0.0035);
  expect(Math.abs(mean(many))).toBeGreaterThan(0.013);
});

describe('outliers', () => {
  /** The share of samples with any, in percent. */
  const labelled = (n: number, noise: () => number): number => {
    const samples = Array.from({ length: 4000 }, () => locationOf(Array.from({ length: n }, noise)).outlying);
    return (100 * samples.filter((outlying) => outlying.includes(true)).length) / samples.length;
  };

  test.each([5, 8, 12, 20])('are rare among %d trials of ordinary noise', (n) => {
    expect(labelled(n, normal(randomStream(n)))).toBeLessThan(9);
  });

  test('are found among trials that are slowed at times', () => {
    // 64% of samples of twenty have one at least.
    expect(labelled(20, slowedAtTimes(randomStream(2), 0.02))).toBeGreaterThan(55);
  });
});
