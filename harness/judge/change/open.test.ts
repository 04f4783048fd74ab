import { describe, expect, test } from 'vitest';
import { measurementOf, serverOf } from '../../fixtures/measurement.ts';
import { cellOf, complete, failedTrial, manifestOf, okTrial } from '../../fixtures/run.ts';
import type { Run, Trial } from '../../store/schema.ts';
import { type BothRuns, compareSides, isComparable, openCells } from './open.ts';

const cell = cellOf('single');

/** One side: in each round a figure of CPU time per request, and of throughput. */
function side(
  which: 'base' | 'head',
  cpu: readonly number[],
  perSec: readonly number[],
  more: readonly Trial[] = [],
): Run {
  const trials = cpu.map((ms, round) => {
    const requestsPerSec = perSec[round] ?? 1000;
    return okTrial(cell, round, measurementOf({ requestsPerSec, server: serverOf({ cpuMsPerRequest: ms }) }));
  });
  const ab = { id: 'x', side: which, duet: false };
  const manifest = manifestOf({ cells: [cell], budgetMs: 60_000, ab });
  return { manifest, additions: [], trials: [...trials, ...more], end: complete };
}

const open = (base: Run, head: Run) => openCells({ base, head }, false);
const even = [1, 1.001, 0.999, 1, 1.001];
const noisyCpu = [1, 1.3, 0.8, 1.2, 0.7];
const steady = [1000, 1001, 999, 1000, 1001];
const times = (values: readonly number[], factor: number) => values.map((value) => value * factor);

describe('a cell is measured on', () => {
  test('while CPU per request is not settled', () => {
    expect(open(side('base', even, steady), side('head', noisyCpu, steady))).toEqual({
      open: [cell.id],
      broken: [],
      standing: { settled: 0, hopeless: 0, unjudged: 0, of: 1, counted: 'cell' },
    });
  });

  test('while something seems to be worse by more than its margin', () => {
    const slower = [1000, 900, 700, 950, 750];
    expect(open(side('base', even, steady), side('head', even, slower)).open).toEqual([cell.id]);
  });

  test('no longer when only throughput is open, and would be for long', () => {
    const noisy = [1000, 1300, 800, 1200, 700];
    expect(open(side('base', even, steady), side('head', even, noisy)).open).toEqual([]);
  });

  test('no longer when head is broken', () => {
    const failures = [0, 1].map((round) => failedTrial(cell, round));
    expect(open(side('base', even, steady), side('head', noisyCpu, steady, failures)).open).toEqual([]);
  });

  test('no longer when all is settled', () => {
    expect(open(side('base', even, steady), side('head', times(even, 1.0005), steady)).open).toEqual([]);
  });

  test('no longer when one metric is worse, whatever the other one is', () => {
    const noisy = [1000, 1300, 800, 1200, 700];
    const runs = { base: side('base', even, steady), head: side('head', times(even, 1.2), noisy) };
    expect(openCells(runs, false)).toMatchObject({ open: [], standing: { settled: 1, hopeless: 0, of: 1 } });
    expect(compareSides(runs, { base: 'a', head: 'b' }).cells.map(({ verdict }) => verdict)).toEqual(['worse']);
  });
});

describe('the last look', () => {
  const open = { base: side('base', even, steady), head: side('head', noisyCpu, steady) };
  const settled = { base: side('base', even, steady), head: side('head', times(even, 1.0005), steady) };
  /** That an interval misses the truth, of what CPU per request is allowed. */
  const spent = (runs: BothRuns, isOver?: boolean): number => {
    const [cell] = compareSides(runs, { base: 'a', head: 'b' }, isOver).cells;
    const cpu = cell?.comparisons.find(({ metric }) => metric === 'cpu-per-request');
    return (1 - (cpu?.ratio?.level ?? Number.NaN)) / ((4 / 8) * 0.05);
  };
  const unended = ({ base, head }: BothRuns): BothRuns => ({
    base: { ...base, end: null },
    head: { ...head, end: null },
  });

  test('spends what is left of the error when the budget brought it', () => {
    expect(spent(open)).toBeCloseTo(1, 9);
    expect(spent({ base: open.head, head: open.base })).toBeCloseTo(1, 9);
  });

  test('does not while it may go on, and not where all was settled', () => {
    expect(spent(open, false)).toBeCloseTo(1 / 3, 9);
    expect(spent(unended(open))).toBeCloseTo(1 / 3, 9);
    expect(spent(settled)).toBeCloseTo(1 / 3, 9);
  });

  test('may be at three rounds, which are none for a gate that goes on, and which show only what is large', () => {
    const three = (factor: number): BothRuns => ({
      base: side('base', even.slice(0, 3), steady),
      head: side('head', times(even.slice(0, 3), factor), steady),
    });
    expect(openCells(three(1.2), false)).toMatchObject({ open: [cell.id], standing: { settled: 0 } });
    expect(openCells(three(1.2), true)).toMatchObject({ open: [], standing: { settled: 1 } });
    expect(openCells(three(1), true)).toMatchObject({ open: [cell.id], standing: { settled: 0 } });
  });
});

test('a cell that is no longer measured is not looked at again, whatever becomes of the others', () => {
  const other = cellOf('cluster');
  const two = (which: 'base' | 'head', rounds: number, cpu: readonly number[]): Run => {
    const run = side(which, cpu, steady);
    const more = Array.from({ length: rounds }, (_, round) =>
      okTrial(other, round, measurementOf({ server: serverOf({ cpuMsPerRequest: 1 + 0.1 * (round % 3) }) })),
    );
    return { ...run, manifest: { ...run.manifest, cells: [cell, other] }, trials: [...run.trials, ...more] };
  };
  const ofFirst = (rounds: number) => {
    const runs = { base: two('base', rounds, even), head: two('head', rounds, times(even, 1.2)) };
    return compareSides(runs, { base: 'a', head: 'b' }, false).cells[0]?.comparisons.map(({ ratio }) => ratio?.level);
  };
  expect(ofFirst(12)).toEqual(ofFirst(5));
});

test('a cell that was given up is not settled, and more rounds would not settle it', () => {
  const lost = cellOf('cluster');
  const withLost = (run: Run, kind: 'timeout' | 'other-side'): Run => ({
    ...run,
    manifest: { ...run.manifest, cells: [cell, lost] },
    trials: [...run.trials, ...[0, 1, 2].map((attempt) => failedTrial(lost, 0, kind, attempt))],
  });
  const runs = {
    base: withLost(side('base', even, steady), 'other-side'),
    head: withLost(side('head', times(even, 1.0005), steady), 'timeout'),
  };
  expect(openCells(runs, false).standing).toEqual({ settled: 1, hopeless: 1, unjudged: 1, of: 2, counted: 'cell' });
  const told = (one: BothRuns) =>
    compareSides(one, { base: 'a', head: 'b' }).cells.map(({ id, lostInHead }) => [id, lostInHead]);
  // In base nothing was wrong with it but that head failed.
  expect(told(runs)).toEqual([
    [cell.id, false],
    [lost.id, true],
  ]);
  const { base, head } = runs;
  const swapped = { base: { ...base, trials: head.trials }, head: { ...head, trials: base.trials } };
  expect(told(swapped).map(([, isLost]) => isLost)).toEqual([false, false]);
});

test('without three valid rounds on both sides there is nothing to compare', () => {
  const [two, three] = [side('base', even.slice(0, 2), steady), side('head', even.slice(0, 3), steady)];
  expect(isComparable({ base: two, head: three })).toBe(false);
  expect(open(two, three)).toMatchObject({ open: [], standing: { settled: 0, hopeless: 1, unjudged: 1, of: 1 } });
  const lost = [0, 1, 2].map((attempt) => failedTrial(cell, 5, 'timeout', attempt));
  expect(isComparable({ base: side('base', even, steady, lost), head: side('head', even, steady) })).toBe(false);
  expect(isComparable({ base: side('base', even, steady), head: side('head', even, steady) })).toBe(true);
});
