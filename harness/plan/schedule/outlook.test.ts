import { describe, expect, test } from 'vitest';
import {
  additionOf,
  cellOf,
  failedTrial,
  manifestOf,
  noRates,
  okTrial,
  planOf,
  rateCellOf,
} from '../../fixtures/run.ts';
import type { Addition, Manifest, Rate } from '../../store/schema.ts';
import { parseSlo } from '../options/slo.ts';
import { aheadMs, expectedMs, outlook, spentMs } from './outlook.ts';
import { SWEEP_POINTS, SWEEP_ROUNDS } from './rates.ts';
import { visitsOf } from './visits.ts';

const halves: readonly Rate[] = [0.5, 0.8].map((share) => ({ kind: 'share', share }));
const slo = parseSlo('p99=100ms');
const cells = [cellOf('single'), cellOf('cluster')];
const manifestWith = (latency: Partial<Manifest['latency']>, rates: readonly Rate[] = []): Manifest =>
  manifestOf({
    cells,
    rounds: 3,
    measureMs: 500,
    scenarios: [planOf({ rates })],
    latency: { ...noRates, rounds: 4, measureMs: 2000, ...latency },
  });
/** Of a run that has not begun, as far as it is planned. */
const atFirst = (manifest: Manifest, additions: readonly Addition[] = []) =>
  outlook(manifest, additions, visitsOf(manifest, additions), []);
const CAPACITY_MS = 900 + 1000 + 500;
const RATE_MS = 900 + 1000 + 1.25 * 2000;

describe('a trial takes', () => {
  const manifest = manifestWith({});

  test('its warm-up and its window, and the time of a start', () => {
    expect(expectedMs(cellOf('single'), manifest)).toBe(CAPACITY_MS);
  });

  test('its own window when it has one', () => {
    const cell = rateCellOf('single', 100);
    expect(expectedMs(cell, manifest)).toBe(900 + 1000 + 1250);
    if (cell.load.kind !== 'rate') throw new Error('not a rate');
    expect(expectedMs({ ...cell, load: { ...cell.load, measureMs: 6000 } }, manifest)).toBe(900 + 1000 + 7500);
  });
});

describe('at first there is', () => {
  test('what is planned, and no more when no rates are', () => {
    expect(atFirst(manifestWith({}))).toEqual({ trials: 6, ms: 6 * CAPACITY_MS, budgetMs: 0 });
  });

  test('what every common rate will take', () => {
    expect(atFirst(manifestWith({}, halves))).toEqual({
      ...{ trials: 6 + 16, ms: 6 * CAPACITY_MS + 16 * RATE_MS, budgetMs: 0 },
    });
  });

  test('what a sweep will take, in three rounds or one', () => {
    expect(atFirst(manifestWith({ sweep: true })).trials).toBe(6 + 2 * SWEEP_POINTS * SWEEP_ROUNDS);
    expect(atFirst(manifestWith({ sweep: true, rounds: 1 })).trials).toBe(6 + 2 * SWEEP_POINTS);
  });

  test('a guess of what a search will take', () => {
    expect(atFirst(manifestWith({ slo })).trials).toBe(6 + 2 * 10);
  });

  test('all that in every scenario', () => {
    const one = manifestWith({ sweep: true, slo }, halves);
    const two = {
      ...one,
      scenarios: [planOf({ rates: [...halves] }), planOf({ id: 'io', rates: [...halves] })],
      cells: [...cells, ...cells.map(({ model }) => cellOf(model, { scenario: 'io' }))],
    };
    expect(atFirst(two)).toEqual({ trials: 2 * atFirst(one).trials, ms: 2 * atFirst(one).ms, budgetMs: 0 });
  });
});

describe('when cells have been added', () => {
  const common = additionOf(
    cells.map(({ model }) => rateCellOf(model, 100)),
    { why: { kind: 'common', basis: null, cappedAt: null }, rounds: [0, 1, 2, 3] },
  );

  test('they are what is left of it, and not a guess beside them', () => {
    const manifest = manifestWith({}, halves);
    expect(atFirst(manifest, [common])).toEqual({
      ...{ trials: 6 + 8, ms: 6 * CAPACITY_MS + 8 * (900 + 1000 + 1250), budgetMs: 0 },
    });
  });

  test('a sweep or a search is still ahead', () => {
    expect(atFirst(manifestWith({ sweep: true }, halves), [common]).trials).toBe(
      6 + 8 + 2 * SWEEP_POINTS * SWEEP_ROUNDS,
    );
    expect(atFirst(manifestWith({ slo }, halves), [common]).trials).toBe(6 + 8 + 20);
  });

  test('in one scenario, those of another are still ahead', () => {
    const manifest = manifestWith({}, halves);
    const io = cells.map(({ model }) => cellOf(model, { scenario: 'io' }));
    const two = { ...manifest, scenarios: [...manifest.scenarios, planOf({ id: 'io', rates: [...halves] })] };
    expect(atFirst({ ...two, cells: [...cells, ...io] }, [common]).trials).toBe(12 + 8 + 16);
  });

  test('each step of a search is one less of those that were guessed, down to none', () => {
    const manifest = manifestWith({ slo });
    const steps = (count: number): Addition[] =>
      Array.from({ length: count }, (_, batch) =>
        additionOf([rateCellOf('single', 100 + batch)], { batch, why: { kind: 'slo' } }),
      );
    const due = visitsOf(manifest, []);
    expect(outlook(manifest, steps(3), due, []).trials).toBe(6 + 17);
    expect(outlook(manifest, steps(20), due, []).trials).toBe(6);
    expect(outlook(manifest, steps(30), due, []).trials).toBe(6);
  });
});

test('at the end there is nothing, though a search took fewer trials than was guessed', () => {
  expect(
    outlook(manifestWith({ slo }), [additionOf([rateCellOf('single', 100)], { why: { kind: 'slo' } })], [], []),
  ).toEqual({ trials: 0, ms: 0, budgetMs: 0 });
});

describe('a budget', () => {
  const budgetMs = 100_000;
  const manifest = { ...manifestWith({}, halves), budgetMs };
  const due = visitsOf(manifest, []);
  const unsettled = additionOf(cells, { why: { kind: 'unsettled' }, rounds: [3, 4] });

  test('is what may be spent beyond the plan and the rates that are still to come', () => {
    expect(outlook(manifest, [], due, []).budgetMs).toBe(budgetMs - 6 * CAPACITY_MS - 16 * RATE_MS);
  });

  test('shrinks with what was spent, on trials that failed as well', () => {
    const trials = [okTrial({ id: 'hello/single' }, 0), failedTrial({ id: 'hello/cluster' }, 0)].map((trial) => ({
      ...trial,
      phasesMs: { spawn: 100, measure: 900 },
    }));
    expect(spentMs(trials)).toBe(2000);
    expect(outlook(manifest, [unsettled], due, trials).budgetMs).toBe(budgetMs - 2000 - 6 * CAPACITY_MS - 16 * RATE_MS);
  });

  test('is never less than nothing', () => {
    expect(outlook({ ...manifest, budgetMs: 1 }, [], due, []).budgetMs).toBe(0);
  });

  test('is of no use any more when rates have been added, or when nothing is due', () => {
    const common = additionOf([rateCellOf('single', 100)], { why: { kind: 'common', basis: null, cappedAt: null } });
    expect(outlook(manifest, [common], due, []).budgetMs).toBe(0);
    expect(outlook(manifest, [], [], []).budgetMs).toBe(0);
  });

  test('is still there when a rate was added that nobody asked for', () => {
    const unasked = { ...manifest, scenarios: [planOf()] };
    const common = additionOf([rateCellOf('single', 100)], { why: { kind: 'common', basis: null, cappedAt: null } });
    expect(outlook(unasked, [common], due, []).budgetMs).toBeGreaterThan(0);
  });

  test('knows what rates will take, until they have been added', () => {
    const common = additionOf([rateCellOf('single', 100)], { why: { kind: 'common', basis: null, cappedAt: null } });
    expect(aheadMs(manifest, [])).toBe(16 * RATE_MS);
    expect(aheadMs(manifest, [unsettled])).toBe(16 * RATE_MS);
    expect(aheadMs(manifest, [common])).toBe(0);
  });
});
