import { expect, test } from 'vitest';
import { defaultPreset, presets } from './presets.ts';

test('each preset measures more than the one before it', () => {
  const { quick, standard, thorough } = presets;
  for (const [less, more] of [
    [quick, standard],
    [standard, thorough],
  ] as const) {
    expect(more.rounds).toBeGreaterThan(less.rounds);
    expect(more.warmUpCapMs).toBeGreaterThan(less.warmUpCapMs);
    expect(more.measureMs).toBeGreaterThan(less.measureMs);
  }
});

test('every preset has enough trials to be ranked', () => {
  expect(Math.min(...Object.values(presets).map(({ rounds }) => rounds))).toBeGreaterThanOrEqual(3);
});

test('the default is a preset', () => {
  expect(Object.keys(presets)).toContain(defaultPreset);
});
