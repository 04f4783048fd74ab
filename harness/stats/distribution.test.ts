import { expect, test } from 'vitest';
import { histogramOf } from '../fixtures/measurement.ts';
import { distributionOf, meanFrom } from './distribution.ts';

test('the mean of the samples from a rank on', () => {
  const all = distributionOf(histogramOf([5, 1, 3, 3, 9]));
  expect([1, 2, 3, 4, 5, 6].map((rank) => meanFrom(all, rank))).toEqual([4.2, 5, 17 / 3, 7, 9, 0]);
});
