import { describe, expect, test } from 'vitest';
import { absoluteDeviation, jainIndex, mean, median, medianOrNull, standardDeviation } from './spread.ts';

describe('the median', () => {
  test.each([
    [[7], 7],
    [[3, 1], 2],
    [[10, 9, 100], 10],
    [[4, 1, 3, 2], 2.5],
    [[-1, -10, 0], -1],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test('is not moved by one wild trial', () => {
    expect(median([100, 101, 99, 102, 1e9])).toBe(101);
  });

  test('leaves its input in order', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test('of nothing is an error, not a number', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("Jain's index", () => {
  test.each([
    ['equal shares', [5, 5, 5, 5], 1],
    ['one has everything', [8, 0, 0, 0], 0.25],
    ['half of the workers share it', [4, 4, 0, 0], 0.5],
    ['one worker', [9], 1],
    ['nothing was shared', [0, 0], 1],
  ])('%s', (_, shares, expected) => {
    expect(jainIndex(shares)).toBeCloseTo(expected, 12);
  });

  test('does not depend on the unit', () => {
    expect(jainIndex([1, 2, 3])).toBeCloseTo(jainIndex([1000, 2000, 3000]), 12);
  });
});

describe('the median of what may be unknown', () => {
  test.each<[readonly (number | null)[], number | null]>([
    [[3, 1, 2], 2],
    [[0], 0],
    [[3, null, 2], null],
    [[null], null],
    [[], null],
  ])('of %j is %s', (values, expected) => {
    expect(medianOrNull(values)).toBe(expected);
  });
});

describe('the mean', () => {
  test('is that of all values', () => {
    expect(mean([1, 2, 6])).toBe(3);
  });

  test('of nothing is an error, not a number', () => {
    expect(() => mean([])).toThrow(RangeError);
  });
});

test('the standard deviation of a sample', () => {
  expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7));
  expect(standardDeviation([3, 3])).toBe(0);
  expect(() => standardDeviation([3])).toThrow(RangeError);
});

test('the median absolute deviation is hardly moved by one odd value', () => {
  expect(absoluteDeviation([1, 2, 3, 4, 100])).toBe(1);
  expect(absoluteDeviation([7])).toBe(0);
  expect(() => absoluteDeviation([])).toThrow(RangeError);
});
