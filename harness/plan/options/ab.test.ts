import { describe, expect, test } from 'vitest';
import { type AbFlags, abBudgetMs, abConnections, resolveAbOptions } from './ab.ts';

const choices = {
  models: ['single', 'cluster'],
  cpus: { count: 2, affinity: null, siblings: null, canBind: () => false },
  seed: 5,
  openFiles: null,
};
const options = (flags: AbFlags = {}) => resolveAbOptions(flags, true, choices);

test('measures one model in many short launches, for a minute, unless something else is asked for', () => {
  expect(options()).toMatchObject({
    models: ['single'],
    rounds: 3,
    budgetMs: 60_000,
    margin: 0.03,
    measureMs: 800,
    retries: 2,
    duet: true,
    seed: 5,
    rates: [{ kind: 'share', share: 0.5 }],
  });
});

test('a budget that nobody gave is that of each cell', () => {
  expect(abBudgetMs(options(), 3)).toBe(180_000);
  expect(abBudgetMs(options({ budget: '90s' }), 3)).toBe(90_000);
  expect(abBudgetMs(options({ rounds: 5 }), 3)).toBeNull();
});

test('what is asked for is what counts', () => {
  const asked = { model: ['cluster'], duration: '2s', budget: '2m', margin: '5%', seed: 1, retries: 0 };
  expect(options(asked)).toMatchObject({
    ...{ models: ['cluster'], measureMs: 2000, budgetMs: 120_000, margin: 0.05, seed: 1, retries: 0 },
  });
  expect(options({ rounds: 7 })).toMatchObject({ rounds: 7, budgetMs: null });
});

test('connections keep the cell with most workers busy, unless they are given', () => {
  expect(abConnections(options(), 1)).toBe(16);
  expect(abConnections(options(), 2)).toBe(32);
  expect(abConnections(options({ generators: 40 }), 1)).toBe(40);
  expect(abConnections(options({ connections: 9 }), 2)).toBe(9);
});

describe('where things run', () => {
  const at = (flags: AbFlags, count = 4) => {
    const affinity = Array.from({ length: count }, (_, cpu) => cpu);
    const cpus = { count, affinity, siblings: null, canBind: () => true };
    return resolveAbOptions(flags, true, { ...choices, cpus }).placement;
  };

  test('both sides of a single process share one CPU, and the generators have the others', () => {
    expect(at({}, 2)).toMatchObject({ kind: 'isolated', generators: 1, serverCpus: [0], generatorCpus: [1] });
    expect(at({})).toMatchObject({ generators: 1, serverCpus: [0], generatorCpus: [1, 2, 3] });
  });

  test('models with several workers get what run would give them', () => {
    expect(at({ model: ['cluster'] })).toMatchObject({ serverCpus: [0, 1, 2], generatorCpus: [3] });
    expect(at({ model: ['single', 'cluster'] }, 2)).toMatchObject({ kind: 'shared' });
  });

  test('a duet is the default where they do, and what is asked for otherwise', () => {
    const duetOf = (duet: boolean | undefined, flags: AbFlags, canBind = true) => {
      const cpus = { count: 2, affinity: [0, 1], siblings: null, canBind: () => canBind };
      return resolveAbOptions(flags, duet, { ...choices, cpus }).duet;
    };
    expect([duetOf(undefined, {}), duetOf(false, {}), duetOf(true, {})]).toEqual([true, false, true]);
    expect(duetOf(undefined, { model: ['cluster'] })).toBe(false);
    expect(duetOf(undefined, { isolate: 0 })).toBe(false);
    expect(duetOf(undefined, {}, false)).toBe(false);
  });

  test('what is asked for is what counts, and without binding nothing is reserved', () => {
    expect(at({ isolate: 0 })).toMatchObject({ kind: 'shared', why: 'asked' });
    expect(at({ isolate: 2, generators: 3 })).toMatchObject({ generators: 3, serverCpus: [0, 1] });
    expect(options().placement).toMatchObject({ kind: 'shared' });
    expect(at({}, 1)).toMatchObject({ kind: 'shared' });
  });
});

describe('what cannot be', () => {
  test.each<[AbFlags, RegExp]>([
    [{ margin: '0%' }, /^--margin 0%: give a share above 0/],
    [{ margin: '-1%' }, /^--margin -1%: give a share above 0/],
    [{ rounds: 2 }, /^--rounds 2: an interval takes 3 rounds or more$/],
    [{ rounds: 5, budget: '60s' }, /^--budget and --rounds exclude each other/],
    [{ budget: 'soon' }, /^--budget soon: give a time from 100ms to 24h/],
    [{ model: ['clutser'] }, /^--model clutser: unknown model/],
  ])('%j', (flags, line) => {
    expect(() => options(flags)).toThrow(line);
  });
});
