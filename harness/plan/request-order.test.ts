import { describe, expect, test } from 'vitest';
import type { RequestClass } from '../../scenarios/scenario.ts';
import { requestOrder } from './request-order.ts';

const orderOf = (...weights: readonly number[]): readonly number[] =>
  requestOrder(weights.map((weight, i): RequestClass => ({ name: `class-${i}`, weight, method: 'GET', path: '/' })));
const countsOf = (order: readonly number[], classes: number): number[] =>
  Array.from({ length: classes }, (_, i) => order.filter((index) => index === i).length);

describe.each<[readonly number[], readonly number[]]>([
  [[1], [1]],
  [
    [1, 1],
    [1, 1],
  ],
  [
    [9, 1],
    [9, 1],
  ],
  [
    [0.9, 0.1],
    [9, 1],
  ],
  [
    [10, 30, 60],
    [1, 3, 6],
  ],
  [
    [2, 3],
    [2, 3],
  ],
  [
    [70, 30],
    [7, 3],
  ],
  [
    [1, 1.5],
    [2, 3],
  ],
])('weights %j', (weights, ratio) => {
  const order = orderOf(...weights);
  const counts = countsOf(order, weights.length);
  const total = ratio.reduce((sum, part) => sum + part, 0);

  test('are respected exactly over a cycle', () => {
    expect(counts.map((count) => count * total)).toEqual(ratio.map((part) => part * order.length));
  });

  test('are spread evenly: every stretch has the share of each class, give or take one request', () => {
    for (const [index, part] of ratio.entries()) {
      for (let length = 1; length <= order.length; length++) {
        const seen = order.slice(0, length).filter((one) => one === index).length;
        expect(Math.abs(seen - (length * part) / total), `first ${length} of class ${index}`).toBeLessThan(1);
      }
    }
  });
});

test.each([[[1, 999]], [[1, 1000]], [[1, 100_000]], [[1, 1, 1_000_000]], [[0.001, 1]]])(
  'a cycle of %j is at most 1,000 requests and leaves no class out',
  (weights) => {
    const order = orderOf(...weights);
    expect(order.length).toBeLessThanOrEqual(1000);
    expect(Math.min(...countsOf(order, weights.length))).toBeGreaterThanOrEqual(1);
  },
);

test('weights that need a longer cycle are kept closely', () => {
  const order = orderOf(1237, 763);
  expect(order.filter((index) => index === 0).length / order.length).toBeCloseTo(1237 / 2000, 2);
});
