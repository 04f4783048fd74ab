import { describe, expect, test } from 'vitest';
import { classMarks, dueTimes, type Stream, seedFrom } from './arrivals.ts';

const poisson: Stream = { kind: 'poisson', requestsPerSec: 100, index: 0, of: 1, seed: 7 };
const take = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);
const gapsOf = (times: readonly number[]): number[] => times.map((time, i) => time - (times[i - 1] ?? 0));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Largest distance between the distribution of the values and that given, times √n (Kolmogorov and Smirnov). */
function ks(values: readonly number[], cdf: (value: number) => number): number {
  const n = values.length;
  const distances = values
    .toSorted((a, b) => a - b)
    .map((value, i) => Math.max(Math.abs(cdf(value) - i / n), Math.abs(cdf(value) - (i + 1) / n)));
  return Math.sqrt(n) * Math.max(...distances);
}
/** Exceeded by chance once in a thousand times. */
const KS_999 = 1.95;

/** The first due times of all streams together, with the index of the stream. */
function together(stream: Omit<Stream, 'index'>, each: number): { time: number; index: number }[] {
  return take(stream.of, () => null)
    .flatMap((_, index) => take(each, dueTimes({ ...stream, index })).map((time) => ({ time, index })))
    .toSorted((a, b) => a.time - b.time);
}

describe('a constant schedule', () => {
  const constant = { kind: 'constant', requestsPerSec: 300, seed: 7 } as const;

  test('is evenly spaced from the first request on', () => {
    expect(take(4, dueTimes({ ...constant, requestsPerSec: 250, index: 0, of: 1 }))).toEqual([4, 8, 12, 16]);
  });

  test('does not drift: the request number 1,000,000 is due when it should be', () => {
    const next = dueTimes({ ...constant, index: 0, of: 1 });
    for (let i = 1; i < 999_999; i++) next();
    next();
    expect(next()).toBe((1_000_000 * 1000) / 300);
  });

  test.each([2, 3, 7])('%i streams take turns, and are evenly spaced together', (of) => {
    const all = together({ ...constant, of }, 100);
    expect(all.map(({ index }) => index)).toEqual(take(100, () => Array.from({ length: of }, (_, i) => i)).flat());
    for (const [i, { time }] of all.entries()) expect(time).toBeCloseTo(((i + 1) * 1000) / 300, 6);
  });

  test('does not depend on the seed', () => {
    const times = (seed: number) => take(10, dueTimes({ ...constant, seed, index: 1, of: 2 }));
    expect(times(1)).toEqual(times(2));
  });
});

describe('a Poisson schedule', () => {
  const gaps = gapsOf(take(20_000, dueTimes(poisson)));

  test('has the mean gap of its rate, within three standard errors', () => {
    expect(Math.abs(mean(gaps) - 10)).toBeLessThan((3 * 10) / Math.sqrt(gaps.length));
  });

  test('has exponential gaps', () => {
    expect(ks(gaps, (ms) => 1 - Math.exp(-ms / 10))).toBeLessThan(KS_999);
    // The same check sees a rate that is off by a twentieth.
    expect(ks(gaps, (ms) => 1 - Math.exp(-ms / 10.5))).toBeGreaterThan(KS_999);
  });

  test('has gaps that do not depend on those before', () => {
    const [before, after] = [gaps.slice(0, -1), gaps.slice(1)];
    const covariance = mean(before.map((gap, i) => (gap - 10) * ((after[i] ?? 0) - 10)));
    expect(Math.abs(covariance / 100)).toBeLessThan(3 / Math.sqrt(before.length));
  });

  test('never goes back', () => {
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
  });

  test.each([2, 5])('%i streams add up to a Poisson stream of the whole rate', (of) => {
    const { kind, requestsPerSec, seed } = poisson;
    const all = together({ kind, requestsPerSec, seed, of }, 4000).map(({ time }) => time);
    // Beyond this, a stream may have run out of the times that were taken.
    const whole = all.filter((time) => time < 0.9 * 4000 * of * 10);
    expect(whole.length).toBeGreaterThan(0.88 * 4000 * of);
    expect(ks(gapsOf(whole), (ms) => 1 - Math.exp(-ms / 10))).toBeLessThan(KS_999);
  });

  test('is the same for the same seed, and another for another seed or another stream', () => {
    const times = (changes: Partial<Stream>) => take(50, dueTimes({ ...poisson, of: 2, ...changes }));
    expect(times({})).toEqual(times({}));
    expect(times({ index: 1 })).not.toEqual(times({}));
    expect(times({ seed: 8 })).not.toEqual(times({}));
  });

  test('is the same schedule at twice the rate, twice as fast', () => {
    const fast = take(50, dueTimes({ ...poisson, requestsPerSec: 200 }));
    for (const [i, time] of take(50, dueTimes(poisson)).entries()) expect(fast[i]).toBeCloseTo(time / 2, 9);
  });
});

describe('classes', () => {
  const weights = [90, 9, 1];

  test('are as frequent as their weights say', () => {
    const counts = [0, 0, 0];
    const next = classMarks(weights, poisson);
    const N = 50_000;
    for (let i = 0; i < N; i++) {
      const mark = next();
      counts[mark] = (counts[mark] ?? 0) + 1;
    }
    const expected = weights.map((weight) => (N * weight) / 100);
    const chiSquare = counts.reduce((sum, count, i) => sum + (count - (expected[i] ?? 0)) ** 2 / (expected[i] ?? 0), 0);
    expect(counts).toHaveLength(3);
    expect(chiSquare).toBeLessThan(13.8); // 2 degrees of freedom, p = 0.001
  });

  test('do not depend on the gap before the request, nor on that after it', () => {
    const N = 20_000;
    const gaps = gapsOf(take(N + 1, dueTimes(poisson)));
    const marks = take(N, classMarks([1, 1], poisson));
    for (const shift of [0, 1]) {
      const own = [0, 1].map((mark) => gaps.filter((_, i) => marks[i - shift] === mark));
      for (const some of own) {
        expect(some.length).toBeGreaterThan(0.48 * N);
        expect(ks(some, (ms) => 1 - Math.exp(-ms / 10))).toBeLessThan(KS_999);
      }
    }
  });

  test('are the same for the same stream and others for another one', () => {
    const marks = (changes: Partial<Stream>) => take(200, classMarks([1, 1], { ...poisson, ...changes })).join('');
    expect(marks({})).toBe(marks({}));
    expect(marks({ index: 1 })).not.toBe(marks({}));
    expect(marks({ seed: 8 })).not.toBe(marks({}));
  });

  test('of which there is one need no chance', () => {
    expect(take(5, classMarks([3], poisson))).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('a seed of several parts', () => {
  test('differs when any part does, also when they read the same together', () => {
    const seeds = [
      seedFrom('a', 'bc'),
      seedFrom('ab', 'c'),
      seedFrom('abc'),
      seedFrom('abc', ''),
      seedFrom('', 'abc'),
      seedFrom('c', 'ab'),
      seedFrom(1, 23),
      seedFrom(12, 3),
      seedFrom(1, 2, 3),
    ];
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  test('is a whole number that a stream can begin with', () => {
    for (const seed of [seedFrom(), seedFrom(2 ** 32 - 1, 'batch', 9), seedFrom('ü', '漢', '😀')]) {
      expect(seed).toBe(seed >>> 0);
    }
  });

  test('never changes between versions, or old runs could not be resumed', () => {
    expect(seedFrom('a')).toBe(0xe40c292c); // FNV-1a of one byte, from its authors' test vectors
    expect(seedFrom('foobar')).toBe(0xbf9cf968);
  });

  test('is another one for every scenario, round and stream of a run', () => {
    const seeds = ['hello', 'cpu:ms=2', 'mixed'].flatMap((scenario) =>
      Array.from({ length: 100 }, (_, round) =>
        Array.from({ length: 8 }, (__, index) => seedFrom(seedFrom(42, scenario, round), index)),
      ).flat(),
    );
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  test('gives streams that do not run into each other: they begin far apart on the one cycle of the generator', () => {
    // randomStream adds 0x6d2b79f5 at each step, so the distance in steps is the difference times its inverse.
    let inverse = 1n;
    for (let i = 0; i < 6; i++) inverse = BigInt.asUintN(32, inverse * (2n - 0x6d2b79f5n * inverse));
    const streams = Array.from({ length: 16 }, (_, index) => [
      seedFrom(7, index),
      seedFrom(7, index, 'classes'),
    ]).flat();
    const steps = streams.flatMap((a, i) =>
      streams.slice(i + 1).map((b) => Math.abs(Number(BigInt.asIntN(32, BigInt(b - a) * inverse)))),
    );
    // As many as random starting points would leave: 496 pairs on a cycle of 2³².
    expect(Math.min(...steps)).toBeGreaterThan(100_000);
  });
});
