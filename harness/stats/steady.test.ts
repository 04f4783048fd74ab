import { describe, expect, test } from 'vitest';
import { randomStream } from './random.ts';
import { areWarm, isSteady, isWarm } from './steady.ts';

/** A Poisson count (Knuth 1969, multiplication of uniforms), in parts so that the product does not underflow. */
function poisson(mean: number, random: () => number): number {
  if (mean > 50) return poisson(50, random) + poisson(mean - 50, random);
  const end = Math.exp(-mean);
  let count = -1;
  for (let product = 1; product > end; product *= random()) count++;
  return count;
}

/** Share of simulated warm-ups that count as steady; `mean` is the expected count of each bin. */
function steadyShare(bins: readonly number[], seed: number): number {
  const SIMULATIONS = 2000;
  const random = randomStream(seed);
  const steady = Array.from({ length: SIMULATIONS }, () => isSteady(bins.map((mean) => poisson(mean, random))));
  return steady.filter(Boolean).length / SIMULATIONS;
}

const flat = (mean: number): number[] => Array.from({ length: 8 }, () => mean);

describe('is steady', () => {
  test.each([5, 50, 1000])('nearly always when %d a bin is all there will be', (mean) => {
    expect(steadyShare(flat(mean), 1)).toBeGreaterThanOrEqual(0.9);
  });

  test('whatever came before the two stretches that are compared', () => {
    expect(isSteady([0, 1, 10, 300, 500, ...flat(1000)])).toBe(true);
  });
});

describe('is not steady', () => {
  test.each([
    ['rising', [25, 50, 100, 200, 400, 800, 1600, 3200]],
    ['falling', [3200, 1600, 800, 400, 200, 100, 50, 25]],
    ['too little to compare', flat(1000).slice(1)],
    ['nothing at all', []],
    ['no request yet', flat(0)],
    ['just begun', [0, 0, 0, 0, 900, 1000, 1000, 1000]],
    ['stalled', [1000, 1000, 1000, 1000, 0, 0, 0, 0]],
  ])('%s', (_, bins) => {
    expect(isSteady(bins)).toBe(false);
  });

  test('while throughput still grows by 30% from one stretch to the next', () => {
    expect(steadyShare([1000, 1000, 1000, 1000, 1300, 1300, 1300, 1300], 2)).toBeLessThan(0.01);
  });

  test('while it grows by a tenth with every bin', () => {
    expect(steadyShare([1000, 1100, 1210, 1331, 1464, 1610, 1772, 1949], 3)).toBeLessThan(0.01);
  });
});

test('bursts of light requests between two heavy ones are no change of level', () => {
  const CYCLE = 20;
  const random = randomStream(4);
  /** A heavy request in two of three bins, and the rest of its cycle with it. */
  const bins = (): number[] => Array.from({ length: 8 }, () => CYCLE * poisson(4, random));
  const share = (cycle: number): number => {
    const steady = Array.from({ length: 500 }, () => isSteady(bins(), cycle));
    return steady.filter(Boolean).length / 500;
  };
  expect(share(CYCLE)).toBeGreaterThan(0.9);
  expect(share(1)).toBeLessThan(0.7);
});

describe('is warm', () => {
  const BIN_MS = 100;

  test('when every worker has run often enough to be compiled', () => {
    expect(isWarm(flat(500), BIN_MS, 2)).toBe(true);
    expect(isWarm(flat(500), BIN_MS, 4)).toBe(false);
  });

  test('after fewer requests the longer they take, after long enough to tell', () => {
    const bins = (perSec: number, seconds: number): number[] => Array.from({ length: seconds * 10 }, () => perSec / 10);
    expect(isWarm(bins(150, 0.8), BIN_MS, 1)).toBe(true);
    expect(isWarm(bins(150, 0.7), BIN_MS, 1)).toBe(false);
    expect(isWarm(bins(400, 2), BIN_MS, 1)).toBe(false);
    expect(isWarm(bins(400, 3), BIN_MS, 1)).toBe(true);
    expect(isWarm(bins(1000, 1.5), BIN_MS, 1)).toBe(false);
    expect(isWarm(bins(1000, 1.7), BIN_MS, 1)).toBe(true);
  });

  test('with an unknown number of workers when it is with any number up to the most', () => {
    expect(areWarm(flat(500), BIN_MS, 2)).toBe(true);
    expect(areWarm(flat(500), BIN_MS, 4)).toBe(false);
    // Slow for two, but one alone would still be compiling.
    const slow = Array.from({ length: 20 }, () => 40);
    expect([isWarm(slow, BIN_MS, 2), areWarm(slow, BIN_MS, 2)]).toEqual([true, false]);
  });

  test('never before there is anything', () => {
    expect(isWarm([], BIN_MS, 1)).toBe(false);
  });
});
