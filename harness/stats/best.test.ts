import { describe, expect, test } from 'vitest';
import { type Behind, behindTheBest, criticalAtMost, type Differences } from './best.ts';
import { studentQuantile } from './student.ts';

const ERROR = 0.05;
const nobody = (): boolean => false;
/** All of them known so well, or only those pairs that are not missing. */
const differencesOf =
  (values: readonly number[], standardError: number, missing: readonly number[] = []): Differences =>
  (one, other) =>
    missing.includes(one) || missing.includes(other)
      ? null
      : {
          point: (values[one] ?? 0) - (values[other] ?? 0),
          standardError,
          degreesOfFreedom: 2,
          outlying: [],
          rounds: 3,
        };
const rounded = (behind: readonly Behind[]) =>
  behind.map(({ atMost, atLeast }) => [Number(atMost.toFixed(6)), Number(atLeast.toFixed(6))]);

describe('how far each is behind the best', () => {
  test('is what it is where nothing varies', () => {
    expect(rounded(behindTheBest(3, differencesOf([1, 0.9, 0.7], 0), ERROR, nobody))).toEqual([
      [0, 0],
      [0.1, 0.1],
      [0.3, 0.3],
    ]);
  });

  test('at most has four fifths of the error, and at least one fifth', () => {
    const [best, other] = behindTheBest(2, differencesOf([1, 0.5], 0.01), ERROR, nobody);
    expect(best).toEqual({ atMost: 0, atLeast: 0 });
    expect(other?.atMost).toBeCloseTo(0.5 + 0.01 * studentQuantile(1 - 0.04, 2), 9);
    expect(other?.atLeast).toBeCloseTo(0.5 - 0.01 * studentQuantile(1 - 0.01, 2), 9);
  });

  test('is shared by all that each is compared with', () => {
    const [, , last] = behindTheBest(3, differencesOf([1, 0.5, 0.5], 0.01), ERROR, nobody);
    expect(last?.atMost).toBeCloseTo(0.5 + 0.01 * criticalAtMost(3, ERROR, 2), 9);
    expect(criticalAtMost(3, ERROR, 2)).toBe(studentQuantile(1 - 0.02, 2));
  });

  test('is measured from whatever may be the best, and those that may be are behind by nothing at least', () => {
    const h = 0.01 * criticalAtMost(3, ERROR, 2);
    const [one, near, far] = behindTheBest(3, differencesOf([1, 0.99, 0.5], 0.01), ERROR, nobody);
    expect(one).toEqual({ atMost: expect.closeTo(h - 0.01, 9), atLeast: 0 });
    expect(near).toEqual({ atMost: expect.closeTo(h + 0.01, 9), atLeast: 0 });
    expect(far?.atMost).toBeCloseTo(h + 0.5, 9);
    // From the nearer of the two.
    expect(far?.atLeast).toBeCloseTo(0.49 - 0.01 * studentQuantile(1 - 0.005, 2), 9);
  });

  test('is unknown where one cannot be compared, for the others too', () => {
    const behind = behindTheBest(3, differencesOf([1, 0.5, 0.5], 0.01, [2]), ERROR, nobody);
    expect(behind.map(({ atMost }) => atMost)).toEqual([Infinity, Infinity, Infinity]);
    expect(behind.map(({ atLeast }) => atLeast)).toEqual([0, 0, 0]);
  });

  test('is not measured from one that was shown not to be the best', () => {
    const behind = behindTheBest(3, differencesOf([1, 0.9, 0.7], 0), ERROR, (one) => one === 0);
    expect(rounded(behind.slice(1))).toEqual([
      [0, 0],
      [0.2, 0.2],
    ]);
  });

  test('contradicts itself where each is behind another', () => {
    const circle: Differences = (one, other) => ({
      point: (other - one + 3) % 3 === 1 ? -1 : 1,
      standardError: 0.01,
      degreesOfFreedom: 2,
      outlying: [],
      rounds: 3,
    });
    for (const { atMost, atLeast } of behindTheBest(3, circle, ERROR, nobody)) expect(atLeast).toBeGreaterThan(atMost);
  });
});
