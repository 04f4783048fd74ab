/** What the same work in both runs tells of all their cells. */
import { describe, expect, test } from 'vitest';
import { additionOf, cellOf, noRates, rateCellOf } from '../../fixtures/run.ts';
import type { Run } from '../../store/schema.ts';
import { around, asked, type CellFigures, openTrials, runOf, withYardstick } from '../fixtures/two-runs.ts';
import type { Change } from '../schema/change.ts';
import { compareRuns, type HowToCompare } from './compare.ts';
import { changeExitCode } from './gate.ts';

const MODELS = ['single', 'cluster', 'fork-pool', 'worker-threads'];

/** Each of four cells takes so many times the CPU time of base. */
function four(from: number, by: number): readonly CellFigures[] {
  return MODELS.map((model, i) => ({
    cell: cellOf(model),
    perSec: around(100 / by, from + i),
    cpuMs: around(10 * by, from + i + 3),
  }));
}

/** A run whose cells and whose yardstick take so many times what those of base take. */
const run = (by: number, machine: number, from = 0): Run =>
  withYardstick(runOf(four(from, by), { rounds: 8 }), around(2 * machine, from + 5));
const base = run(1, 1);
const compare = (head: Run, how: Partial<HowToCompare> = {}, of = base): Change =>
  compareRuns(of, head, { ...asked, ...how });
const words = ({ cells }: Change): string[] => [...new Set(cells.map(({ verdict }) => verdict))];
const exit = (change: Change): number => changeExitCode(change, { strict: false });

test('all cells take more and the yardstick does not: all are worse', () => {
  const change = compare(run(1.15, 1, 2));
  expect([words(change), exit(change)]).toEqual([['worse'], 1]);
  expect(change).toMatchObject({ control: { kind: 'yardstick', cells: ['yardstick'] }, unexplained: null });
});

test('the yardstick is no cell, and is judged in no way', () => {
  const change = compare(run(1, 1, 2));
  expect([words(change), exit(change)]).toEqual([['equivalent'], 0]);
  expect(change.cells.map(({ id }) => id)).not.toContain('yardstick');
  expect(change.family).toBe(compareRuns(runOf(four(0, 1)), runOf(four(2, 1)), asked).family);
});

test('all take more, and so does the yardstick: it was the machine', () => {
  const change = compare(run(1.1, 1.1, 2));
  expect([words(change), exit(change)]).toEqual([['inconclusive'], 0]);
  const moved = change.control?.moved.map(({ metric, ratio }) => [metric, ratio?.point.toFixed(2)]) ?? [];
  expect(Object.fromEntries(moved)).toMatchObject({
    throughput: '0.91',
    'cpu-per-request': '1.10',
    'start-up': '1.10',
  });
});

test('on a slower machine, what is worse beyond that is found', () => {
  expect(exit(compare(run(1.15 * 1.1, 1.1, 2)))).toBe(1);
});

test('a failed trial of the yardstick is no failure of a cell, and with too few there is none', () => {
  const [head, few] = [run(1.15, 1, 2), { ...base, yardstick: base.yardstick?.slice(0, 2) }];
  const change = compare(head, {}, few);
  expect(change.control).toMatchObject({ kind: 'others' });
  expect(change.line).toContain('the yardstick of base has fewer than 3 valid trials: a change of all cells');
  expect(exit(change)).toBe(3);
});

test('another amount of work is another yardstick', () => {
  const { yardstick } = base.manifest;
  if (yardstick === null) throw new Error('no yardstick');
  const other = { ...yardstick, plan: { ...yardstick.plan, iterations: 1 } };
  const change = compare(run(1.15, 1, 2), {}, { ...base, manifest: { ...base.manifest, yardstick: other } });
  expect(change.line).toContain('base and head have different yardsticks');
});

test('--control takes its place', () => {
  expect(compare(run(1.15, 1, 2), { control: 'none' }).control).toBeNull();
  const named = compare(run(1.15, 1, 2), { control: ['hello/single'] });
  expect(named).toMatchObject({ control: { kind: 'named', cells: ['hello/single'] }, unexplained: null });
});

test('drift within a run cancels out against the yardstick of the same round', () => {
  const drifting = (of: Run): Run => {
    const slower = (round: number): number => 1 + 0.02 * round;
    const cells = four(2, 1).map((one) => ({ ...one, cpuMs: one.cpuMs.map((ms, round) => ms * slower(round)) }));
    return withYardstick(
      runOf(cells, { rounds: 8 }),
      (of.yardstick ?? []).map((_, round) => 2 * slower(round)),
    );
  };
  const change = compare(drifting(base));
  const relative = change.cells.flatMap(({ comparisons }) =>
    comparisons.flatMap((one) => (one.metric === 'cpu-per-request' ? [one.relative] : [])),
  );
  for (const ratio of relative) expect(ratio?.high).toBeLessThan(1.03);
});

describe('latency at a rate', () => {
  const cell = rateCellOf('single', 100);
  const ROUNDS = 5;
  /** Latencies in five rounds that differ by a lot, in each run by the same; added after the plan, so that rounds of the yardstick have other numbers. */
  const rated = (by: number, machine: number, from: number): Run => {
    const plain = runOf(
      four(from, machine).map((one) => ({ ...one, cpuMs: one.cpuMs.slice(0, 3), perSec: one.perSec.slice(0, 3) })),
      {
        rounds: 3,
        latency: { ...noRates, rounds: ROUNDS },
      },
    );
    const latencies = [10, 30, 14, 22, 12].map((ms, i) => ms * by * (1 + 0.004 * ((i * (from + 1)) % 3)));
    const rounds = latencies.map((_, round) => round);
    const added = additionOf([cell], { why: { kind: 'common', basis: null, cappedAt: null }, rounds });
    return withYardstick(
      { ...plain, additions: [added], trials: [...plain.trials, ...openTrials(cell, latencies)] },
      around(2 * machine, from, 3 + ROUNDS),
    );
  };
  const verdict = (change: Change): string => change.cells.find(({ id }) => id === cell.id)?.verdict ?? 'none';
  const before = rated(1, 1, 0);

  test('of the same schedule is compared round by round, which tells more than their spread', () => {
    expect(verdict(compare(rated(1.3, 1, 1), {}, before))).toBe('worse');
    const other = rated(1.3, 1, 1);
    const apart = compare({ ...other, manifest: { ...other.manifest, seed: 99 } }, {}, before);
    expect(verdict(apart)).toBe('inconclusive');
  });

  test('is not worse by what a queue makes of a slower machine', () => {
    // Busy for half of the time: 1.1 × (1 - 0.5) ÷ (1 - 1.1 × 0.5).
    expect(verdict(compare(rated(1.22, 1.1, 1), {}, before))).toBe('inconclusive');
    expect(verdict(compare(rated(1.6, 1.1, 1), {}, before))).toBe('worse');
  });
});
