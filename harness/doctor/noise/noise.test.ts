import { expect, test } from 'vitest';
import { equalTrial } from '../../fixtures/fake-examining.ts';
import { serverOf } from '../../fixtures/measurement.ts';
import { failedTrial } from '../../fixtures/run.ts';
import { noiseFindings, noiseOf, noiseSentence, spreadOfRatios } from './noise.ts';

const pair = (ratio: number, cpuRatio = 1) => ({
  a: equalTrial({ requestsPerSec: 1000 * ratio, server: serverOf({ cpuMsPerRequest: cpuRatio }) }),
  b: equalTrial({ requestsPerSec: 1000, server: serverOf({ cpuMsPerRequest: 1 }) }),
});

test('a ratio and its inverse are as far apart, and the mean is known to be none', () => {
  const spread = spreadOfRatios([1.1, 1 / 1.1]);
  expect(spread?.differences.map((one) => one.toFixed(6))).toEqual(['0.100000', '0.100000']);
  expect(spread?.sdLogRatio).toBeCloseTo(Math.log(1.1), 10);
  expect(spreadOfRatios([])).toBeNull();
});

test.each([
  [[1.09, 1], 'ok'],
  [[1 / 1.09, 1], 'ok'],
  [[1.11, 1], 'caution'],
  [[1 / 1.8, 1, 1.2], 'caution'],
  [[1 / 1.8, 1, 1.26], 'unfit'],
])('pairs with the ratios %j are %s: a median withstands one that was disturbed', (ratios, level) => {
  expect(noiseFindings(noiseOf(ratios.map((ratio) => pair(ratio))))[0]?.level).toBe(level);
});

test('CPU time per request warns, and throughput decides', () => {
  expect(noiseFindings(noiseOf([pair(1, 1.5), pair(1, 1.5)])).map(({ level }) => level)).toEqual(['ok', 'caution']);
});

test('in words', () => {
  expect(noiseSentence(noiseOf([pair(1.041, 1.012), pair(1)]))).toBe(
    'Two equal servers differed by up to 4.1% in requests/s and 1.2% in CPU time per request over 2 pairs; smaller differences between single trials on this machine are noise.',
  );
});

test('a pair with a failed trial is counted, and not averaged in', () => {
  const noise = noiseOf([pair(1.02), { a: equalTrial(), b: failedTrial({ id: 'doctor/equal' }, 0) }]);
  expect(noise).toMatchObject({ pairs: 1, failed: 1 });
  expect(noiseFindings(noise).map(({ level, value }) => [level, value])).toEqual([
    ['unfit', '1 pair failed'],
    ['unfit', '1 pair failed'],
  ]);
  expect(noiseSentence(noiseOf([]))).toBeNull();
});
