import { describe, expect, test } from 'vitest';
import { cellOf, failedTrial, manifestOf, okTrial } from '../../fixtures/run.ts';
import type { Trial } from '../../store/schema.ts';
import type { PairVisit } from './pairs.ts';
import { additionsOf, moreRounds, type PairTrials, pairsDue, pairsOutlook, pairsSpentMs } from './pairs-due.ts';

const [one, two] = [cellOf('single', { id: 'one' }), cellOf('single', { id: 'two' })];
const visit = (cell: typeof one, round: number): PairVisit => ({ cell, round, order: ['head', 'base'] });
const visits = [visit(one, 0), visit(two, 0), visit(one, 1), visit(two, 1)];
const told = (trials: PairTrials, retries = 1) =>
  pairsDue(visits, trials, retries).map(({ cell, round, order, attempt }) => [
    cell.id,
    round,
    order.join('+'),
    attempt,
  ]);

describe('what is due', () => {
  test('at first is everything, in the order of the visits', () => {
    expect(told({ base: [], head: [] })).toEqual([
      ['one', 0, 'head+base', 0],
      ['two', 0, 'head+base', 0],
      ['one', 1, 'head+base', 0],
      ['two', 1, 'head+base', 0],
    ]);
  });

  test('of a pair of which one trial was recorded is the other one', () => {
    expect(told({ base: [], head: [okTrial(one, 0)] })[0]).toEqual(['one', 0, 'base', 0]);
  });

  test('again is what failed, after the others of its round', () => {
    expect(told({ base: [failedTrial(one, 0)], head: [failedTrial(one, 0, 'other-side')] })).toEqual([
      ['two', 0, 'head+base', 0],
      ['one', 0, 'head+base', 1],
      ['one', 1, 'head+base', 0],
      ['two', 1, 'head+base', 0],
    ]);
  });

  test('is nothing more of a cell that one side was given up in', () => {
    const base = [failedTrial(one, 0), failedTrial(one, 0, 'timeout', 1)];
    expect(told({ base, head: [okTrial(one, 0)] }).map(([id]) => id)).toEqual(['two', 'two']);
  });
});

const taking = (ms: number, trial: Trial): Trial => ({ ...trial, phasesMs: { measure: ms } });
const trials = {
  base: [0, 1, 2].map((round) => taking(1000, okTrial(one, round))),
  head: [0, 1, 2].map((round) => taking(3000, okTrial(one, round))),
};

test('trials of a duet take the time of the longer one, others their sum', () => {
  expect(pairsSpentMs(trials, () => true)).toBe(9000);
  expect(pairsSpentMs(trials, () => false)).toBe(12_000);
});

test('of a duet some cells may be measured one side after the other', () => {
  const rate = cellOf('single', { id: 'one@50' });
  const mixed = {
    base: [...trials.base, taking(500, okTrial(rate, 0))],
    head: [...trials.head, taking(700, okTrial(rate, 0))],
  };
  expect(pairsSpentMs(mixed, (cell) => cell === 'one')).toBe(9000 + 1200);
});

describe('more rounds', () => {
  const more = (leftMs: number, duet = false) =>
    moreRounds({ cells: [one], measured: 3, trials, leftMs, manifest: manifestOf(), isTogether: () => duet });

  test('lead to the next look', () => {
    expect(more(60_000)).toEqual({ rounds: [3, 4], last: false });
    expect(
      moreRounds({
        cells: [one],
        measured: 5,
        trials,
        leftMs: 60_000,
        manifest: manifestOf(),
        isTogether: () => false,
      }),
    ).toEqual({ rounds: [5, 6, 7], last: false });
  });

  test('are as many as there is time for, at the pace of the trials so far, and then they are the last', () => {
    expect(more(7000)).toEqual({ rounds: [3], last: true });
    expect(more(7000, true)).toEqual({ rounds: [3, 4], last: false });
    expect(more(3999)).toEqual({ rounds: [], last: true });
    expect(more(-1)).toEqual({ rounds: [], last: true });
  });

  test('are none when every cell is settled', () => {
    expect(
      moreRounds({ cells: [], measured: 3, trials, leftMs: 60_000, manifest: manifestOf(), isTogether: () => false })
        .rounds,
    ).toEqual([]);
  });

  test('are written down by scenario', () => {
    const other = cellOf('single', { id: 'other', scenario: 'cpu' });
    const additions = additionsOf([one, two, other], [3, 4], 0);
    expect(additions.map(({ scenario, cells }) => [scenario, cells.map(({ id }) => id)])).toEqual([
      ['hello', ['one', 'two']],
      ['cpu', ['other']],
    ]);
    for (const addition of additions) {
      expect(addition).toMatchObject({ type: 'addition', batch: 0, why: { kind: 'unsettled' }, rounds: [3, 4] });
    }
  });
});

test('what is left counts both sides, and a duet takes half the time', () => {
  const due = pairsDue(visits, { base: [], head: [] }, 0);
  const [apart, together] = [
    pairsOutlook(due, 60_000, manifestOf(), () => false),
    pairsOutlook(due, 60_000, manifestOf(), () => true),
  ];
  expect([apart.trials, together.trials]).toEqual([8, 8]);
  expect(apart.ms).toBe(2 * together.ms);
  expect(apart.ms + apart.budgetMs).toBe(60_000);
  expect(pairsOutlook([], 60_000, manifestOf(), () => false)).toEqual({ trials: 0, ms: 0, budgetMs: 0 });
});
