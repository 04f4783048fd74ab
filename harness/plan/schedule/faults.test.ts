import { describe, expect, test } from 'vitest';
import {
  failedFaultTrial,
  faultCellOf,
  faultOf,
  faultPlanOf,
  faultRecordOf,
  faultTrialOf,
} from '../../fixtures/faults.ts';
import { additionOf, cellOf, manifestOf, okTrial, planOf, shared } from '../../fixtures/run.ts';
import { isOfYardstick, yardstickCell } from './yardstick.ts';
import { faultCells, faultRate } from './faults.ts';
import { expectedMs, faultsOutlook, isSettling, outlook } from './outlook.ts';
import { remaining } from './remaining.ts';
import { visitsOf } from './visits.ts';

const single = cellOf('single');
const cluster = cellOf('cluster');
const pm2 = cellOf('pm2', { style: 'external', workers: null });
const mine = cellOf('mine', { style: 'external', workers: null });
const externals = [
  { kind: 'command', name: 'pm2', line: 'pm2-runtime start server.js', ready: '/' },
  { kind: 'address', name: 'mine', port: 3000 },
] as const;

describe('cells', () => {
  const plan = faultPlanOf([faultOf('kill'), faultOf('block', { lastsMs: 200, times: 3 })], {
    restarts: [true, false],
  });

  test('have every fault, and both kinds of restart where that makes a difference', () => {
    const idsOf = (cell: typeof single) => faultCells(cell, { faults: plan, externals }, 500).map(({ id }) => id);
    expect([single, cluster, pm2].map(idsOf)).toEqual([
      ['hello/single!kill', 'hello/single!block=200ms*3'],
      ['hello/cluster!kill', 'hello/cluster!kill,restart=off', 'hello/cluster!block=200ms*3'],
      ['hello/pm2!kill', 'hello/pm2!block=200ms*3'],
    ]);
  });

  test('go on after a fault for as long as it lasts, and then as long as all others', () => {
    const [, , block] = faultCells(cluster, { faults: plan, externals }, 500);
    expect(block?.load).toMatchObject({ requestsPerSec: 500, beforeMs: 2000, eachMs: 4200 });
    expect(expectedMs({ load: block?.load ?? { kind: 'capacity' } }, { measureMs: 1 })).toBe(
      1900 + 1.25 * (2000 + 3 * 4200),
    );
  });

  test('cannot be of what was not started here, nor of a reload that nobody knows', () => {
    const reload = faultPlanOf([faultOf('kill'), faultOf('reload')]);
    const unable = (cell: typeof single, faults = reload) =>
      faultCells(cell, { faults, externals }, 500).map((one) => one.unable?.message ?? null);
    const given = { ...reload, reloads: [{ name: 'pm2', line: 'pm2 reload all' }] };
    expect(unable(cluster)).toEqual([null, null]);
    expect(unable(pm2)).toEqual([null, "how it reloads is not known; give --reload 'pm2=<line>'"]);
    expect(unable(pm2, given)).toEqual([null, null]);
    const why = 'it runs already, and what was not started here is not broken; use --command';
    expect(unable(mine)).toEqual([why, why]);
  });
});

describe('the rate', () => {
  const half = { rate: { kind: 'share', share: 0.5 } } as const;

  test('is a share of what the slowest can do, and not more than tells something', () => {
    expect(faultRate(half, 1234, [single, cluster])).toBe(617);
    expect(faultRate(half, 90_000, [single, cluster])).toBe(2000);
    expect(faultRate(half, 90_000, [{ ...cluster, connectionMode: 'per-request' }])).toBe(1000);
    expect(faultRate(half, null, [single])).toBeNull();
    expect(faultRate(half, 1234, [])).toBeNull();
  });

  test('is the number that was asked for', () => {
    expect(faultRate({ rate: { kind: 'number', requestsPerSec: 3000 } }, null, [single])).toBe(3000);
  });
});

const plan = faultPlanOf([faultOf('kill'), faultOf('crash')], { rounds: 3 });
const yardstick = { cell: yardstickCell(shared), plan: planOf({ id: 'yardstick' }) };
const manifest = manifestOf({ cells: [single, cluster], rounds: 2, faults: plan, yardstick });
const cells = [single, cluster].flatMap((cell) => faultCells(cell, manifest, 500));
const added = additionOf(cells, { why: { kind: 'faults', basis: null }, rounds: [0, 1, 2] });
const { record } = faultRecordOf({ requestsPerSec: 100, beforeMs: 100, eachMs: 100 });

describe('in the course of a run', () => {
  test('they are visited in rounds of their own, in random order and without a yardstick', () => {
    const visits = visitsOf(manifest, [added]);
    const ofFaults = visits.filter(({ cell }) => cell.load.kind === 'fault');
    expect(ofFaults).toHaveLength(3 * 4);
    expect(visits.slice(-12)).toEqual(ofFaults);
    const rounds = [0, 1, 2].map((round) =>
      ofFaults.filter((visit) => visit.round === round).map(({ cell }) => cell.id),
    );
    expect(rounds.map((ids) => ids.toSorted())).toEqual(rounds.map(() => cells.map(({ id }) => id).toSorted()));
    expect(new Set(rounds.map((ids) => ids.join(' '))).size).toBeGreaterThan(1);
    expect(visits.filter(({ cell }) => isOfYardstick({ cell: cell.id }))).toHaveLength(2);
  });

  test('they end the time in which more is added for answers', () => {
    expect(isSettling(manifest, [])).toBe(true);
    expect(isSettling(manifest, [added])).toBe(false);
  });

  test('what is left has them from the start, beside the budget', () => {
    const budgeted = { ...manifest, budgetMs: 60_000 };
    const visits = visitsOf(budgeted, []);
    const without = outlook({ ...budgeted, faults: null }, [], visits, []);
    const left = outlook(budgeted, [], visits, []);
    const faults = faultsOutlook(budgeted);
    expect(faults).toEqual({ trials: 12, ms: 12 * (1900 + 1.25 * 6000) });
    expect(left).toEqual({ ...without, trials: without.trials + 12, ms: without.ms + faults.ms });
    const due = visitsOf(budgeted, [added]).slice(-12);
    expect(outlook(budgeted, [added], due, [])).toEqual({ ...faults, budgetMs: 0 });
  });

  test('one that failed comes again, and a cell that keeps failing is given up', () => {
    const visits = visitsOf(manifest, [added]);
    const [kill, ...others] = cells;
    if (kill === undefined) throw new Error('no cell');
    const planned = [single, cluster].flatMap((cell) => [okTrial(cell, 0), okTrial(cell, 1)]);
    const dueAfter = (...failed: readonly number[]) =>
      remaining(visits, [...planned, ...failed.map((attempt) => failedFaultTrial(kill, 0, 'not-ready', attempt))], 2)
        .filter(({ cell }) => cell.load.kind === 'fault')
        .filter(({ cell, round }) => cell.id === kill.id && round === 0);
    expect(dueAfter(0)).toMatchObject([{ attempt: 1 }]);
    expect(dueAfter(0, 1)).toMatchObject([{ attempt: 2 }]);
    expect(dueAfter(0, 1, 2)).toEqual([]);
    const all = [...others, kill].flatMap((cell) => [0, 1, 2].map((round) => faultTrialOf(cell, round, record)));
    expect(remaining(visits, [...planned, ...all], 2).filter(({ cell }) => cell.load.kind === 'fault')).toEqual([]);
  });

  test('a fixture is called as the plan calls it', () => {
    expect(faultCellOf('cluster', faultOf('kill')).id).toBe(cells.find(({ model }) => model === 'cluster')?.id);
  });
});
