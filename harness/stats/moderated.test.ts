import { describe, expect, test } from 'vitest';
import { normal } from './fixtures/noise.ts';
import { locationOf } from './location.ts';
import { type Located, moderated } from './moderated.ts';
import { randomStream } from './random.ts';

/** Of the difference in one round this is the variance. */
const pair = (variance: number, rounds: number, point = 0.1): Located => ({
  point,
  standardError: Math.sqrt(variance / rounds),
  degreesOfFreedom: rounds - 1,
  outlying: [],
  rounds,
});
const varianceOf = ({ standardError, rounds }: Located): number => rounds * standardError ** 2;
/** Euler's constant: ψ(1) is -γ and ψ(2) is 1 - γ. */
const GAMMA = 0.5772156649015329;

test('each is between its own and what is usual, and has three quarters of a degree of freedom more', () => {
  const [calm, wild] = moderated([pair(1, 3, 0.2), pair(4, 3)]);
  const usual = 2 * Math.exp(GAMMA);
  expect(calm).toMatchObject({ point: 0.2, degreesOfFreedom: 2.75, rounds: 3 });
  expect(calm && varianceOf(calm)).toBeCloseTo((0.75 * usual + 2 * 1) / 2.75, 7);
  expect(wild && varianceOf(wild)).toBeCloseTo((0.75 * usual + 2 * 4) / 2.75, 7);
});

test('the more rounds of its own a pair has, the less it is lent', () => {
  const [five] = moderated([pair(1, 5), pair(1, 5)]);
  const usual = Math.exp(-(1 - GAMMA) + Math.log(2));
  expect(five && varianceOf(five)).toBeCloseTo((0.75 * usual + 4) / 4.75, 7);
  expect(five?.degreesOfFreedom).toBe(4.75);
});

test('rounds that are all the same tell nothing of the spread, and are lent what is usual', () => {
  const [same] = moderated([pair(0, 3), pair(1, 3), pair(1, 3)]);
  expect(same && varianceOf(same)).toBeCloseTo((0.75 * Math.exp(GAMMA)) / 2.75, 7);
});

test.each([
  ['a pair that is alone', [pair(1, 3)]],
  ['one beside others whose rounds are all the same', [pair(1, 3), pair(0, 3)]],
  ['nobody', []],
])('there is nothing to learn for %s', (_, differences) => {
  expect(moderated(differences)).toEqual(differences);
});

test('a single round has no spread, and is left as it is', () => {
  const single = pair(0, 1);
  expect(moderated([single, pair(1, 3), pair(1, 3)])[0]).toBe(single);
});

describe('those that have nothing in common', () => {
  const located = (...values: readonly number[]): Located => ({ ...locationOf(values), rounds: values.length });
  const quiet = located(0, 0.001, -0.001);
  const usual = located(0.02, -0.02, 0.01);
  const noisy = located(0.2, -0.2, 0.1);
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
