import { describe, expect, test } from 'vitest';
import { normal } from './fixtures/noise.ts';
import { locationOf } from './location.ts';
import { type Located, moderated } from './moderated.ts';
import { randomStream } from './random.ts';

const located = (...values: readonly number[]): Located => ({ ...locationOf(values), rounds: values.length });
const quiet = located(0, 0.001, -0.001);
const usual = located(0.02, -0.02, 0.01);
const noisy = located(0.2, -0.2, 0.1);

describe('a variance', () => {
  test('lies between its own and what is usual, and gains a degree of freedom', () => {
    const [a, b, c] = moderated([quiet, usual, noisy]);
    expect(a?.standardError).toBeGreaterThan(quiet.standardError);
    expect(c?.standardError).toBeLessThan(noisy.standardError);
    expect([a, b, c].map((one) => one?.degreesOfFreedom)).toEqual([3, 3, 3]);
    expect([a, b, c].map((one) => one?.point)).toEqual([quiet, usual, noisy].map(({ point }) => point));
  });

  test('of one that is alone is its own', () => {
    expect(moderated([usual])).toEqual([usual]);
    // Nothing is known of a spread from rounds that are all the same.
    const still = located(1, 1, 1);
    expect(moderated([usual, still])).toEqual([usual, still]);
  });

  test('of the same spread everywhere is that spread', () => {
    const [a] = moderated([usual, usual, usual]);
    // ln v less ψ(1) of two degrees of freedom: what is usual lies above the variance that most samples have.
    expect((a?.standardError ?? 0) / usual.standardError).toBeCloseTo(Math.sqrt((Math.exp(0.5772) + 2) / 3), 3);
  });
});

describe('those that have nothing in common', () => {
  const random = randomStream(3);
  const noise = normal(random);
  const sample = (sd: number): Located => located(...[0, 1, 2].map(() => sd * noise()));
  /** Degrees of freedom that they lend to each. */
  const lent = (family: readonly Located[]): number =>
    (moderated(family, 'independent')[0]?.degreesOfFreedom ?? 0) - (family[0]?.degreesOfFreedom ?? 0);

  test('lend four degrees of freedom where they are alike, and fewer the less they are', () => {
    const families = (sdOf: (i: number) => number, members = 16) =>
      Array.from({ length: 50 }, () => lent(Array.from({ length: members }, (_, i) => sample(sdOf(i)))));
    const average = (all: readonly number[]): number => all.reduce((sum, one) => sum + one, 0) / all.length;
    expect(average(families(() => 1))).toBeGreaterThan(3);
    expect(average(families((i) => (i % 2 === 0 ? 1 : 10)))).toBeLessThan(1.5);
    // Four of them can hardly tell.
    expect(Math.max(...families(() => 1, 4))).toBe(2);
  });

  test('one that is noisier keeps its own variance', () => {
    const [a, b] = moderated([noisy, usual, quiet, quiet], 'independent');
    expect(a?.standardError).toBe(noisy.standardError);
    expect(b?.standardError).toBeGreaterThanOrEqual(usual.standardError);
  });
});
