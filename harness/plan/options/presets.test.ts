import { expect, test } from 'vitest';
import { lookAfter } from '../../stats/looks.ts';
import { defaultPreset, presets } from './presets.ts';

test('each preset measures more than the one before it', () => {
  const { quick, standard, thorough } = presets;
  for (const [less, more] of [
    [quick, standard],
    [standard, thorough],
  ] as const) {
    expect(more.rounds).toBeGreaterThanOrEqual(less.rounds);
    expect(more.budgetMs).toBeGreaterThan(less.budgetMs);
    expect(more.measureMs).toBeGreaterThan(less.measureMs);
    expect(more.rateRounds).toBeGreaterThan(less.rateRounds);
    expect(more.rateMeasureMs).toBeGreaterThan(less.rateMeasureMs);
  }
});

test('every preset has enough trials at a rate for an interval', () => {
  expect(Math.min(...Object.values(presets).map(({ rateRounds }) => rateRounds))).toBeGreaterThanOrEqual(3);
});

test('a percentile takes more requests than a mean, so windows at a rate are longer', () => {
  for (const { measureMs, rateMeasureMs } of Object.values(presets)) {
    expect(rateMeasureMs).toBeGreaterThan(measureMs);
  }
});

test('those that have to be over soon offer no rate but where it is needed', () => {
  expect(presets.quick.rateShares).toEqual([]);
  expect(presets.standard.rateShares).toEqual([]);
  expect(presets.thorough.rateShares.length).toBeGreaterThan(0);
  expect(Math.max(...presets.thorough.rateShares)).toBeLessThan(1);
});

test('no look is missed by the rounds that are measured in any case', () => {
  const looks = [0, 1, 2, 3].map(lookAfter);
  for (const { rounds } of Object.values(presets)) expect(rounds < lookAfter(0) || looks.includes(rounds)).toBe(true);
});

test('the default is a preset', () => {
  expect(Object.keys(presets)).toContain(defaultPreset);
});
