import { expect, test } from 'vitest';
import { axisRange } from './ticks.ts';

test('starts at zero where that is readable', () => {
  expect(axisRange([10, 200])).toEqual({ kind: 'linear', end: 210 });
});

test('is logarithmic beyond a ratio of 20, and holds all values', () => {
  expect(axisRange([1, 30])).toEqual({ kind: 'log', start: 1, end: 50, ticks: [1, 2, 5, 10, 20, 50] });
});

test('has only powers of ten over many decades', () => {
  expect(axisRange([0.04, 1602])).toEqual({ kind: 'log', start: 0.02, end: 2000, ticks: [0.1, 1, 10, 100, 1000] });
});

test('is never logarithmic with a zero', () => {
  expect(axisRange([0, 100]).kind).toBe('linear');
  expect(axisRange([0, 0])).toEqual({ kind: 'linear', end: 1 });
});
