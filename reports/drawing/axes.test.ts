import { expect, test } from 'vitest';
import { ninesOf, ninesTicks } from '../charts/latency-percentiles/nines.ts';
import { axisRange, linearTicks, scaleOf, spacedTicks } from './axes.ts';

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

test('linear ticks begin at zero, are round, and do not gather errors', () => {
  expect(linearTicks(231, 4)).toEqual([0, 100, 200]);
  expect(linearTicks(0.7, 7)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
  expect(linearTicks(67_000, 4)).toEqual([0, 20_000, 40_000, 60_000]);
});

test('a scale runs from 0 at its start to 1 at its end', () => {
  const linear = scaleOf({ kind: 'linear', end: 50 }, 5);
  expect([linear.at(0), linear.at(25), linear.at(50)]).toEqual([0, 0.5, 1]);
  const log = scaleOf({ kind: 'log', start: 1, end: 100, ticks: [1, 10, 100] }, 5);
  expect(log.ticks.map(({ label }) => label)).toEqual(['1', '10', '100']);
  expect(log.at(10)).toBeCloseTo(0.5);
});

test('every nine is one step', () => {
  expect([0, 0.9, 0.99, 0.999].map((share) => Number(ninesOf(share).toFixed(9)))).toEqual([0, 1, 2, 3]);
});

test('percentiles have ticks as far as there is data, the end included', () => {
  expect(ninesTicks(ninesOf(0.999)).map(({ label }) => label)).toEqual(['0%', '50%', '90%', '99%', '99.9%']);
  expect(ninesTicks(1.2).map(({ label }) => label)).toEqual(['0%', '50%', '90%']);
});

test('of ticks that would touch, the later one stays', () => {
  const ticks = ninesTicks(6);
  expect(spacedTicks(ticks, 600, 46).map(({ label }) => label)).not.toContain('0%');
  expect(spacedTicks(ticks, 2000, 46)).toEqual(ticks);
});
