import { expect, test } from 'vitest';
import { onDark } from './themed.ts';

test('what is faint on light paper is stronger on dark paper, in the same order', () => {
  const faint = [0.18, 0.22, 0.35, 0.6, 0.9];
  const strong = faint.map(onDark);
  for (const [i, opacity] of faint.entries()) expect(strong[i]).toBeGreaterThan(opacity);
  expect(strong).toEqual(strong.toSorted((a, b) => a - b));
  expect(onDark(0.35)).toBeGreaterThanOrEqual(0.5);
});

test('a shade behind the marks stays behind them', () => {
  expect([0.07, 0.16].map(onDark)).toEqual([0.07, 0.16]);
});

test('what is not drawn, or drawn in full, stays so', () => {
  expect([0, 1].map(onDark)).toEqual([0, 1]);
});
