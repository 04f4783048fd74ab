/** What a gate makes of a change, and what it says. */
import { describe, expect, test } from 'vitest';
import { cellOf, failedTrial, rateCellOf } from '../../fixtures/run.ts';
import type { Run, Trial } from '../../store/schema.ts';
import { around, asked, type CellFigures, openTrials, runOf } from '../fixtures/two-runs.ts';
import type { Change } from '../schema/change.ts';
import { compareRuns, type HowToCompare } from './compare.ts';
import { changeExitCode, isFailingInHead } from './gate.ts';

const TOGETHER = { pairing: 'rounds', control: 'none' } as const;
const cell = cellOf('single');
const rate = rateCellOf('single', 50);

/** A cell that differs by noise from that of another `from`, and takes so many times as much. */
const figures = (from: number, cpu = 1, of = cell): CellFigures => ({
  cell: of,
  perSec: around(100 / cpu, from),
  cpuMs: around(10 * cpu, from + 3),
});

const judged = (base: Run, head: Run, how: Partial<HowToCompare> = {}): Change =>
  compareRuns(base, head, { ...asked, ...TOGETHER, ...how });
const changed = (cpu: number, how?: Partial<HowToCompare>): Change =>
  judged(runOf([figures(0)]), runOf([figures(2, cpu)]), how);
const exits = (change: Change): readonly number[] => [false, true].map((strict) => changeExitCode(change, { strict }));
const cpuOf = ({ cells }: Change) => cells[0]?.comparisons.find(({ metric }) => metric === 'cpu-per-request');

describe('an equal head passes', () => {
  test('and it says what is ruled out', () => {
    const change = changed(1);
    expect(change).toMatchObject({ outcome: 'pass', failAbove: null });
    expect(cpuOf(change)).toMatchObject({ gate: 'pass', atMostWorse: expect.closeTo(0.007, 2), margin: 0.03 });
    expect(change.line).toMatch(/^✓ no regression: hello [+−]0\.\d% \(−0\.\d to \+\d\.\d\) CPU$/);
    expect(exits(change)).toEqual([0, 0]);
  });
});

describe('--fail-above', () => {
  test('worse by less is said, and passes', () => {
    const change = changed(1.06, { failAbove: 0.1 });
    expect(change.cells[0]?.verdict).toBe('worse');
    expect(change).toMatchObject({ outcome: 'pass', failAbove: 0.1 });
    expect(change.line).toMatch(/^✓ worse, but not shown to exceed 10%: hello .*\+6\.\d% \(/);
    expect(exits(change)).toEqual([0, 0]);
  });

  test('worse by more fails', () => {
    const change = changed(1.15, { failAbove: 0.1 });
    expect(change.outcome).toBe('fail');
    expect(change.line).toMatch(/^✗ worse: hello /);
    expect(exits(change)).toEqual([1, 1]);
  });

  test('about as much as that is untold', () => {
    const change = changed(1.103, { failAbove: 0.1 });
    expect(change.outcome).toBe('untold');
    expect(change.line).toMatch(/^\? not decided: hello /);
    expect(exits(change)).toEqual([0, 3]);
  });
});

describe('what is not ruled out', () => {
  const spread = (by: number, of: number): readonly number[] =>
    [1, -1, 1, -1, 1, -1, 1, -1].map((sign) => of * (1 + sign * by));

  test('of CPU per request is no regression found, with a mark of its own', () => {
    const wide = { ...figures(2), cpuMs: spread(0.06, 10) };
    const change = judged(runOf([figures(0)]), runOf([wide]));
    expect(change).toMatchObject({ outcome: 'pass' });
    expect(change.line).toMatch(/^~ no regression found: hello /);
  });

  test('of throughput by far is told', () => {
    const wide = { ...figures(2), perSec: spread(0.2, 100) };
    expect(judged(runOf([figures(0)]), runOf([wide])).line).toMatch(
      /^~ no regression found: hello .* CPU, at most \d\d% fewer requests per second$/,
    );
  });
});

test('a head that is worse fails, in one line', () => {
  const change = changed(1.08);
  expect(change.line).toMatch(/^✗ worse: hello −7\.\d% \(.*\) throughput, \+8\.\d% \(\+7\.\d to \+8\.\d\) CPU$/);
  expect(exits(change)).toEqual([1, 1]);
});

test('a head that is better passes, and says so', () => {
  const change = changed(0.9);
  expect(change.line).toMatch(/^✓ no regression, better: hello .*−10\.\d% \(.*\) CPU$/);
  expect(exits(change)).toEqual([0, 0]);
});

test('several cells are told by the worst of them', () => {
  const two = (from: number, slower = 1): Run =>
    runOf([figures(from, 1), figures(from + 1, slower, cellOf('cluster'))]);
  expect(judged(two(0), two(2)).line).toMatch(
    /^✓ no regression in 2 cells: at most \d(\.\d+)?% more CPU per request \(hello\/\w+\)$/,
  );
  expect(judged(two(0), two(2, 1.1)).line).toMatch(/^✗ worse: hello\/cluster /);
});

describe('failures', () => {
  const failing = (count: number): readonly Trial[] =>
    Array.from({ length: count }, (_, round) => failedTrial(cell, round, 'timeout'));
  const withFailures = (ofBase: number, ofHead: number): Change => {
    const [base, head] = [runOf([figures(0)]), runOf([figures(2)])];
    return judged(
      { ...base, trials: [...failing(ofBase), ...base.trials] },
      { ...head, trials: [...failing(ofHead), ...head.trials] },
    );
  };

  test('of head alone, twice or more: it is broken, whatever its figures are', () => {
    const change = withFailures(0, 4);
    expect(change).toMatchObject({ outcome: 'broken', cells: [{ failsInHead: true, lostInHead: false }] });
    expect(change.line).toBe('✗ hello/single: head failed 4 of its 12 tries, base none');
    expect(exits(change)).toEqual([3, 3]);
  });

  test.each([
    [0, 1],
    [1, 4],
    [4, 0],
  ])('%d of base and %d of head are none of that', (base, head) => {
    expect(withFailures(base, head).outcome).toBe('pass');
  });

  test('a chance failure of base does not hide many of head', () => {
    const change = withFailures(1, 20);
    expect(change.line).toBe('✗ hello/single: head failed 20 of its 28 tries, base 1 of its 9');
    expect(exits(change)).toEqual([3, 3]);
  });

  // By the exact test 0.0176, 0.0070 and 0.5.
  test.each([
    [1, 7, false],
    [1, 8, true],
    [8, 8, false],
  ])('%d of 15 in base and %d of 15 in head', (ofBase, ofHead, is) => {
    const of = (failed: number) => ({ count: 15, failed });
    expect(isFailingInHead({ base: of(ofBase), head: of(ofHead) })).toBe(is);
  });
});

describe('what a user feels', () => {
  const at = (from: number, ms: number, slowest = 0): Run => {
    const run = runOf([figures(from)]);
    const trials = openTrials(rate, around(ms, from), 600, slowest);
    return { ...run, manifest: { ...run.manifest, cells: [cell, rate] }, trials: [...run.trials, ...trials] };
  };
  const failing = ({ cells }: Change): readonly string[] =>
    cells.flatMap(({ comparisons }) => comparisons.flatMap(({ metric, gate }) => (gate === 'fail' ? [metric] : [])));

  test('level latency is level', () => {
    const change = judged(at(0, 10), at(1, 10));
    expect(change.line).toMatch(/CPU, p99 level$/);
    expect(failing(change)).toEqual([]);
  });

  test('a latency of which hardly anything is known is not said to be level', () => {
    const [base, head] = [at(0, 10), at(1, 10)];
    const wild = head.trials.map((trial): Trial => {
      const slow = openTrials(rate, [10 * 20 ** ((trial.round % 3) - 1)])[0];
      return trial.cell === rate.id && slow !== undefined ? { ...slow, round: trial.round } : trial;
    });
    expect(judged(base, { ...head, trials: wild }).line).toMatch(/CPU, p99 not known$/);
  });

  test('what was disturbed too often to be judged is told, and stops nothing', () => {
    const once = (run: Run): Run => ({
      ...run,
      trials: run.trials.filter(({ cell: id, round }) => id !== rate.id || round === 0),
    });
    const change = judged(once(at(0, 10)), once(at(1, 10)));
    expect(change.line).toMatch(/^~ no regression found: hello .* CPU, latency not judged$/);
    expect(exits(change)).toEqual([0, 0]);
  });

  test('10 ms more of each request', () => {
    const change = judged(at(0, 10), at(1, 20));
    expect(failing(change)).toEqual(['latency-p50', 'latency-p99', 'latency-slowest']);
    expect(change.line).toMatch(/^✗ worse: hello@50 \+\d+\.\d% \(.*\) p50, .* p99, .* slowest 1%$/);
  });

  test('exactly one request in a hundred is slow, which p99 does not tell', () => {
    const change = judged(at(0, 10), at(1, 10, 500));
    expect(failing(change)).toEqual(['latency-slowest']);
    expect(exits(change)).toEqual([1, 1]);
  });

  test('memory and start-up, by a margin of their own', () => {
    const heavier = (mib: number, ms: number): Run => {
      const run = runOf([figures(1)]);
      const trials = run.trials.map((trial): Trial => {
        if (trial.outcome.status === 'failed') return trial;
        const { measurement } = trial.outcome;
        const memory = { ...measurement.memory, peakBytes: mib * 2 ** 20 };
        return { ...trial, outcome: { status: 'ok', measurement: { ...measurement, memory, startUpMs: ms } } };
      });
      return { ...run, trials };
    };
    const base = heavier(50, 100);
    expect(judged(base, heavier(54, 105)).outcome).toBe('pass');
    expect(failing(judged(base, heavier(110, 105)))).toEqual(['peak-memory']);
    expect(failing(judged(base, heavier(50, 200)))).toEqual(['start-up']);
    expect(judged(base, heavier(110, 105), { margin: 2 }).outcome).toBe('pass');
  });
});
