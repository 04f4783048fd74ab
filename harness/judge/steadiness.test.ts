import { expect, test } from 'vitest';
import { cellOf, failedTrial } from '../fixtures/run.ts';
import { around, runOf, withYardstick } from './fixtures/two-runs.ts';
import { steadinessOf } from './steadiness.ts';

const plain = runOf([{ cell: cellOf('single'), perSec: [1, 1, 1], cpuMs: [1, 1, 1] }]);
const of = (cpuMs: readonly number[]) => steadinessOf(withYardstick(plain, cpuMs), 0.03);

test('is the spread of the yardstick from round to round', () => {
  expect(of([2, 2 * 1.02, 2, 2 * 1.02])).toMatchObject({ rounds: 4, drifted: false });
  expect(of([2, 2 * 1.02, 2, 2 * 1.02])?.spread).toBeCloseTo(0.0115, 3);
  expect(of([2, 2, 2])).toMatchObject({ cpuMsPerRequest: expect.closeTo(2, 10), spread: 0, trend: 0, drifted: false });
});

test('a drift is a trend beyond the margin that is no chance', () => {
  expect(of(around(2, 0, 8).map((ms, round) => ms * (1 + 0.01 * round)))).toMatchObject({ drifted: true });
  expect(of(around(2, 0, 8).map((ms, round) => ms * (1 + 0.002 * round)))).toMatchObject({ drifted: false });
  expect(of([2, 2.4, 2.1])).toMatchObject({ drifted: false });
});

test('takes three valid trials', () => {
  expect(of([2, 2])).toBeUndefined();
  expect(steadinessOf(plain, 0.03)).toBeUndefined();
  const run = withYardstick(plain, [2, 2]);
  expect(
    steadinessOf({ yardstick: [...(run.yardstick ?? []), failedTrial({ id: 'yardstick' }, 2)] }, 0.03),
  ).toBeUndefined();
});
