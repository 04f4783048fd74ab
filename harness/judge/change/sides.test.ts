import { describe, expect, test } from 'vitest';
import { normalStream } from '../fixtures/two-runs.ts';
import type { FigurePair, Figures } from './figures.ts';
import { changeOf, ratioBetween, type Sides, sharing, sidesOf } from './sides.ts';

const figures = (...logs: readonly number[]): Figures => ({
  trials: logs.map((log, round) => ({ round, log })),
  merged: null,
  lacking: null,
});
const pairOf = (base: readonly number[], head: readonly number[]): FigurePair => ({
  ...{ level: 0, base: figures(...base), head: figures(...head) },
});

/** Cells of one scenario. */
const shared = (cells: readonly (Sides | null)[]): readonly (Sides | null)[] =>
  sharing(
    cells,
    cells.map(() => 'one'),
  );

test('head ÷ base takes three trials of each, and counts those of the side that has fewer', () => {
  const sides = sidesOf(pairOf([0, 0.1, -0.1], [1, 1.1, 0.9, 1]));
  if (sides === null) throw new RangeError('three trials');
  expect(ratioBetween(sides, 0.95)).toMatchObject({ point: expect.closeTo(Math.E, 9), trials: 3, level: 0.95 });
  expect(sidesOf(pairOf([0, 0.1], [1, 1.1, 0.9]))).toBeNull();
  expect(sidesOf(pairOf([0, 0.1, -0.1], []))).toBeNull();
});

describe('cells that share what is known of the spread', () => {
  const quiet = sidesOf(pairOf([0, 0.0001, -0.0001], [0, 0.0001, -0.0001]));
  const usual = sidesOf(pairOf([0, 0.02, -0.02], [0.02, -0.02, 0]));

  test('one that is alone has nobody to learn from, not even its other side', () => {
    const uneven = sidesOf(pairOf([0, 0.0001, -0.0001], [0, 0.1, -0.1]));
    expect(shared([uneven])).toEqual([uneven]);
    expect(shared([null, uneven, null])).toEqual([null, uneven, null]);
  });

  test('three trials that are alike by chance do not make a difference certain', () => {
    const [own] = shared([quiet, usual, usual, usual]);
    if (quiet === null || own === null || own === undefined) throw new RangeError('four cells');
    expect(changeOf(own).standardError).toBeGreaterThan(20 * changeOf(quiet).standardError);
    expect(changeOf(own).degreesOfFreedom).toBeGreaterThan(changeOf(quiet).degreesOfFreedom);
  });

  test('what disturbs the cells of one scenario tells nothing of those of another', () => {
    const noisy = sidesOf(pairOf([0, 0.3, -0.3], [0.3, -0.3, 0]));
    const apart = sharing([usual, usual, noisy, noisy], ['long', 'long', 'short', 'short']);
    expect(apart).toEqual([...shared([usual, usual]), ...shared([noisy, noisy])]);
    // The only one of its scenario learns from all.
    const lone = sharing([usual, usual, noisy], ['long', 'long', 'short']);
    expect(lone[2]).toEqual(shared([usual, usual, noisy])[2]);
  });

  /** The most that may be missed, and 1.5 standard errors of a share of so many. */
  const REPEATS = 1500;
  const MOST = 0.025;
  const MOST_SEEN = MOST + 1.5 * Math.sqrt((MOST * (1 - MOST)) / REPEATS);
  /** Share of comparisons in which the interval of any of the cells misses the truth, which is 0. */
  const missed = (cells: number, trials: number, sdOf: (cell: number) => number): number => {
    const normal = normalStream(cells + trials);
    const side = (cell: number): readonly number[] => Array.from({ length: trials }, () => sdOf(cell) * normal());
    // Two metrics are one family: each of them may err with half of it.
    const level = 1 - 0.05 / (2 * cells);
    const isMissed = (sides: Sides | null): boolean => {
      if (sides === null) return false;
      const { low, high } = ratioBetween(sides, level);
      return low > 1 || high < 1;
    };
    const wrong = Array.from({ length: REPEATS }, () =>
      shared(Array.from({ length: cells }, (_, cell) => sidesOf(pairOf(side(cell), side(cell))))).some(isMissed),
    );
    return wrong.filter(Boolean).length / REPEATS;
  };

  test.each([
    { what: 'all alike', sdOf: () => 0.03 },
    { what: 'one four times noisier', sdOf: (cell: number) => (cell === 0 ? 0.12 : 0.03) },
    { what: 'one ten times noisier', sdOf: (cell: number) => (cell === 0 ? 0.1 : 0.01) },
    { what: 'half of them four times noisier', sdOf: (cell: number) => (cell % 2 === 0 ? 0.12 : 0.03) },
  ])('intervals hold together in 95% of cases: $what', ({ sdOf }) => {
    for (const cells of [2, 8]) {
      for (const trials of [3, 5]) {
        expect(missed(cells, trials, sdOf), `${cells} cells, ${trials} trials`).toBeLessThanOrEqual(MOST_SEEN);
      }
    }
  });
});
