import { expect, test } from 'vitest';
import { type Difference, moderated } from './moderated.ts';

/** Of the difference in one round this is the variance. */
const pair = (variance: number, rounds: number, point = 0.1): Difference => ({
  point,
  standardError: Math.sqrt(variance / rounds),
  degreesOfFreedom: rounds - 1,
  outlying: [],
  rounds,
});
const varianceOf = ({ standardError, rounds }: Difference): number => rounds * standardError ** 2;
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
