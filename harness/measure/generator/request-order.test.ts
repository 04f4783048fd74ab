import { describe, expect, test } from 'vitest';
import { requestOrder } from './request-order.ts';

/** How often each class was taken after each request. */
function countsOf(weights: readonly number[], requests: number): number[][] {
  const next = requestOrder(weights);
  const counts = weights.map(() => 0);
  return Array.from({ length: requests }, () => {
    const index = next();
    counts[index] = (counts[index] ?? 0) + 1;
    return [...counts];
  });
}

describe.each([
  [[1]],
  [[1, 1]],
  [[9, 1]],
  [[0.9, 0.1]],
  [[10, 30, 60]],
  [[70, 30]],
  [[1, 1.5]],
  [[1, 999]],
  [[0.001, 1]],
  [[1237, 763]],
  [[Math.PI, Math.E, 1]],
])('weights %j', (weights) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);

  test('are met at any time, give or take one request', () => {
    const farthest = countsOf(weights, 5000).flatMap((counts, i) =>
      weights.map((weight, index) => Math.abs((counts[index] ?? 0) - ((i + 1) * weight) / total)),
    );
    expect(farthest.reduce((most, one) => Math.max(most, one))).toBeLessThan(1 + 1e-6);
  });

  test('are still met after millions of requests', () => {
    const requests = 2_000_000;
    const next = requestOrder(weights);
    const counts = weights.map(() => 0);
    for (let i = 0; i < requests; i++) {
      const index = next();
      counts[index] = (counts[index] ?? 0) + 1;
    }
    for (const [index, weight] of weights.entries()) {
      expect(Math.abs((counts[index] ?? 0) - (requests * weight) / total)).toBeLessThan(2);
    }
  });
});
