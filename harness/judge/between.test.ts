/** Two runs, from what each trial measured to the verdicts. */
import { describe, expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { additionOf, cellOf, environment, failedTrial, planOf, rateCellOf } from '../fixtures/run.ts';
import type { Run, ScenarioPlan } from '../store/schema.ts';
import { compareRuns, type HowToCompare } from './between.ts';
import { refuseUnlike } from './between-differences.ts';
import { betweenExitCode } from './between-exit.ts';
import { type Between, type BetweenComparison, betweenSchema } from './between-schema.ts';
import { around, asked, type CellFigures, openTrials, runOf } from './fixtures/two-runs.ts';

const later = { startedAt: '2026-01-16T10:15:00.000Z' };
const MODELS = ['single', 'cluster', 'fork-pool', 'worker-threads'];

/** Four cells, which differ from run to run by noise and by these factors. */
function four(from: number, cpu: Readonly<Record<string, number>> = {}, scenario = 'hello'): readonly CellFigures[] {
  return MODELS.map((model, i) => ({
    cell: cellOf(model, { scenario }),
    perSec: around(100 / (cpu[model] ?? 1), from + i),
    cpuMs: around(10 * (cpu[model] ?? 1), from + i + 3),
  }));
}

function scaled(cells: readonly CellFigures[], by: number): readonly CellFigures[] {
  return cells.map((one) => ({ ...one, perSec: one.perSec.map((x) => x / by), cpuMs: one.cpuMs.map((x) => x * by) }));
}

function compare(base: Run, head: Run, how: Partial<HowToCompare> = {}): Between {
  const between = compareRuns(base, head, { ...asked, ...how });
  expect(betweenSchema.parse(between)).toEqual(between);
  return between;
}

function verdicts({ cells }: Between): Record<string, string> {
  return Object.fromEntries(cells.map(({ id, verdict }) => [id, verdict]));
}

function one(between: Between, id: string, metric: BetweenComparison['metric']): BetweenComparison {
  const found = between.cells.find((cell) => cell.id === id)?.comparisons.find((each) => each.metric === metric);
  if (found === undefined) throw new Error(`no ${metric} of ${id}`);
  return found;
}

const exit = (between: Between, strict = false): number => betweenExitCode(between, { strict });

describe('two moments', () => {
  test('nothing changed: all are equivalent', () => {
    const between = compare(runOf(four(0)), runOf(four(2), later));
    expect(new Set(Object.values(verdicts(between)))).toEqual(new Set(['equivalent']));
    expect(between).toMatchObject({ how: 'apart', family: 8, notes: [], differences: [], control: { kind: 'others' } });
    expect([exit(between), exit(between, true)]).toEqual([0, 0]);
  });

  test('one cell takes more: it is worse, and its change does not rub off on the others', () => {
    const between = compare(runOf(four(0)), runOf(four(2, { cluster: 1.1 }), later));
    expect(verdicts(between)).toEqual({
      'hello/single': 'equivalent',
      'hello/cluster': 'worse',
      'hello/fork-pool': 'equivalent',
      'hello/worker-threads': 'equivalent',
    });
    expect(between.sentence).toMatch(
      /^1 of 4 cells is worse: hello\/cluster serves 9\.1% fewer requests per second \(.+\) and takes 10\.0% more CPU per request \(/,
    );
    expect(exit(between)).toBe(1);
  });

  test('one cell takes less: it is better, and that fails nothing', () => {
    const between = compare(runOf(four(0)), runOf(four(2, { cluster: 0.9 }), later));
    expect(verdicts(between)['hello/cluster']).toBe('better');
    expect(exit(between, true)).toBe(0);
  });

  test('all take more: that may be the machine, and is left open', () => {
    const between = compare(runOf(four(0)), runOf(scaled(four(2), 1.1), later));
    expect(new Set(Object.values(verdicts(between)))).toEqual(new Set(['inconclusive']));
    expect(one(between, 'hello/cluster', 'cpu-per-request').reason).toBe(
      'it changed by +10.0%, but the control changed by +10.0%; fourways ab tells whether it is the code or the machine',
    );
    expect([exit(between), exit(between, true)]).toEqual([0, 3]);
  });

  test('a slowdown that a faster machine hides is not called equivalent', () => {
    const between = compare(runOf(four(0)), runOf(scaled(four(2, { cluster: 1.1 }), 1 / 1.1), later));
    expect(verdicts(between)['hello/cluster']).toBe('inconclusive');
    expect(one(between, 'hello/cluster', 'cpu-per-request').reason).toContain('it stayed the same while the control');
  });

  test('without a control, absolute figures decide, and it says so', () => {
    const between = compare(runOf(four(0)), runOf(scaled(four(2), 1.1), later), { control: 'none' });
    expect(new Set(Object.values(verdicts(between)))).toEqual(new Set(['worse']));
    expect(between.control).toBeNull();
    expect(between.sentence).toContain('There was no control');
    expect(one(between, 'hello/single', 'throughput')).toMatchObject({ relative: null, verdict: 'worse' });
  });

  test('a single cell has no control, and it says so', () => {
    const between = compare(runOf(four(0).slice(0, 1)), runOf(four(2).slice(0, 1), later));
    expect(between).toMatchObject({ control: null, family: 2 });
    expect(between.sentence).toContain('There was no control');
  });

  test('the ratio to the control is that of the cell ÷ that of the control', () => {
    const between = compare(runOf(four(0)), runOf(scaled(four(2, { cluster: 1.1 }), 1.2), later));
    const { ratio, relative } = one(between, 'hello/cluster', 'cpu-per-request');
    expect(ratio?.point).toBeCloseTo(1.32, 2);
    expect(relative?.point).toBeCloseTo(1.1, 2);
    expect(between.control?.moved[1]?.ratio?.point).toBeCloseTo(1.2, 2);
    expect(ratio?.level).toBeCloseTo(1 - 0.05 / 8, 10);
  });

  test('rounds that disturb all cells alike do not widen the ratio to the control', () => {
    const gusts = [1, 1.3, 0.8, 1.1, 0.9, 1.25, 0.85, 1];
    const windy = four(2, { cluster: 1.1 }).map((cell) => ({
      ...cell,
      cpuMs: cell.cpuMs.map((ms, round) => ms * (gusts[round] ?? 1)),
    }));
    const { ratio, relative } = one(compare(runOf(four(0)), runOf(windy, later)), 'hello/cluster', 'cpu-per-request');
    const width = (of: BetweenComparison['ratio']): number => Math.log((of?.high ?? 0) / (of?.low ?? 1));
    expect(width(relative)).toBeLessThan(width(ratio) / 5);
  });

  test('with too few trials for the margin, it tells how many would do', () => {
    const wide = (by: number): readonly CellFigures[] =>
      four(0).map((cell) => ({ ...cell, cpuMs: [10, 10.6, 9.4, 10.3].map((ms) => ms * by) }));
    const open = one(compare(runOf(wide(1)), runOf(wide(1.1), later)), 'hello/single', 'cpu-per-request');
    expect(open.verdict).toBe('inconclusive');
    expect(open.roundsToSettle).toBeGreaterThan(4);
    expect(open.reason).toContain(`about ${open.roundsToSettle} trials of each would settle it`);
  });
});

describe('control cells', () => {
  const file: ScenarioPlan = planOf({
    id: 'mine',
    name: 'mine',
    source: { kind: 'file', path: 'mine.js', sha256: 'aaaaaaaaaaaaaaaa' },
  });
  const changed: ScenarioPlan = { ...file, source: { kind: 'file', path: 'mine.js', sha256: 'bbbbbbbbbbbbbbbb' } };
  const both = (from: number, mine: number): readonly CellFigures[] => [
    ...four(from),
    ...scaled(four(from + 1, {}, 'mine'), mine),
  ];

  test('built-in scenarios are the control of files, so that all files may become worse', () => {
    const between = compare(runOf(both(0, 1), {}, [file]), runOf(both(2, 1.1), later, [changed]));
    expect(between.control).toMatchObject({ kind: 'built-in', cells: MODELS.map((model) => `hello/${model}`) });
    expect(verdicts(between)).toMatchObject({
      'hello/single': 'control',
      'mine/single': 'worse',
      'mine/cluster': 'worse',
    });
    expect(between.family).toBe(8);
    expect(between.differences).toEqual([
      { what: 'file of mine', base: 'aaaaaaaaaaaa', head: 'bbbbbbbbbbbb', needsForce: false },
    ]);
  });

  test('a control that becomes slower by itself is no regression, and makes what stayed the same doubtful', () => {
    const slow = runOf([...scaled(four(2), 1.1), ...four(3, {}, 'mine')], later, [changed]);
    const between = compare(runOf(both(0, 1), {}, [file]), slow);
    expect(verdicts(between)).toMatchObject({ 'hello/single': 'control', 'mine/single': 'inconclusive' });
    expect(exit(between)).toBe(0);
  });

  test('named cells are the control', () => {
    const between = compare(runOf(four(0)), runOf(scaled(four(2), 1.1), later), { control: ['hello/single'] });
    expect(between.control).toMatchObject({ kind: 'named', cells: ['hello/single'] });
    expect(verdicts(between)).toMatchObject({ 'hello/single': 'control', 'hello/cluster': 'inconclusive' });
  });

  test('a name that is none, and all names, are mistakes', () => {
    const wrong = (control: readonly string[]) => () => compare(runOf(four(0)), runOf(four(2), later), { control });
    expect(wrong(['hello/clutser'])).toThrow(
      new UserError("--control hello/clutser: both runs have no such cell. Did you mean 'hello/cluster'?"),
    );
    expect(wrong(MODELS.map((model) => `hello/${model}`))).toThrow('leave at least one to be judged');
  });
});

describe('what cannot be compared', () => {
  test('throughput that the server did not limit is invalid, with what to change; its cost is compared', () => {
    const idle = four(0).map((cell, i) => (i === 0 ? { ...cell, busy: 0.4 } : cell));
    const between = compare(runOf(four(0)), runOf(idle, later));
    expect(one(between, 'hello/single', 'throughput')).toMatchObject({
      verdict: 'invalid',
      ratio: null,
      reason: 'in head it is unclear what limited it',
      hint: expect.stringContaining('--preset thorough'),
    });
    expect(one(between, 'hello/single', 'cpu-per-request').verdict).toBe('equivalent');
    expect([exit(between), exit(between, true)]).toEqual([0, 3]);
  });

  test('nothing but invalid is exit code 3', () => {
    const idle = (from: number) => four(from).map((cell) => ({ ...cell, busy: 0.4 }));
    const between = compare(runOf(idle(0)), runOf(idle(2), later), { metrics: ['throughput'] });
    expect(exit(between)).toBe(3);
  });

  test('a cell that failed in one run, and cells of one run only', () => {
    const [first, ...rest] = four(2);
    const head = runOf([{ ...(first ?? fail()), perSec: [], cpuMs: [] }, ...rest.slice(1)], later);
    const broken = [0, 1, 2].map((attempt) => failedTrial({ id: 'hello/single' }, 0, 'timeout', attempt));
    const between = compare(runOf(four(0)), { ...head, trials: [...head.trials, ...broken] });
    expect(one(between, 'hello/single', 'throughput').reason).toBe('no valid figures in head (3 of its trials failed)');
    expect(between.onlyIn).toEqual({ base: ['hello/cluster'], head: [] });
  });
});

function fail(): never {
  throw new Error('missing');
}

describe('latency at a rate', () => {
  const cells = MODELS.map((model) => rateCellOf(model, 50));
  const at = (ms: number, requests = 600, slower = 1): Run => {
    const run = runOf(four(0), later);
    const trials = cells.flatMap((cell, i) => openTrials(cell, around(ms * (i === 1 ? slower : 1), i, 5), requests));
    return { ...run, additions: [additionOf(cells)], trials: [...run.trials, ...trials] };
  };

  test('percentiles of all trials together, judged over trials', () => {
    const between = compare(at(10), at(10, 600, 1.2));
    expect(one(between, 'hello/cluster@50', 'latency-p99')).toMatchObject({ verdict: 'worse' });
    expect(one(between, 'hello/cluster@50', 'latency-p99').ratio?.point).toBeCloseTo(1.2, 2);
    expect(one(between, 'hello/single@50', 'latency-p50').verdict).toBe('equivalent');
  });

  test('a trial with too few requests for p99 leaves it open', () => {
    const { ratio, verdict, reason, hint } = one(compare(at(10), at(10, 400)), 'hello/single@50', 'latency-p99');
    expect({ ratio, verdict }).toEqual({ ratio: null, verdict: 'inconclusive' });
    expect(reason).toBe('a trial has too few requests for p99');
    expect(hint).toBe('give a longer --duration');
  });
});

describe('measured together', () => {
  const ab = (side: 'base' | 'head') => ({ ab: { id: 'x', side, duet: false } });

  test('is paired by round, and needs no control', () => {
    const gusts = [1, 1.3, 0.8, 1.1, 0.9, 1.25, 0.85, 1];
    const windy = (from: number, by: number) =>
      four(from).map((cell) => ({ ...cell, cpuMs: cell.cpuMs.map((ms, round) => ms * by * (gusts[round] ?? 1)) }));
    const how = { pairing: 'rounds', looks: 'once', metrics: ['cpu-per-request'] } as const;
    const between = compare(runOf(windy(0, 1), ab('base')), runOf(windy(1, 1.08), ab('head')), how);
    expect(between).toMatchObject({ how: 'rounds', control: null, family: 4, notes: [] });
    expect(new Set(Object.values(verdicts(between)))).toEqual(new Set(['worse']));
    expect(between.sentence).not.toContain('control');
  });

  test('may be on two versions of Node', () => {
    const other = { ...ab('head'), environment: { ...environment, node: '24.0.0' } };
    const { differences } = compare(runOf(four(0), ab('base')), runOf(four(2), other), { pairing: 'rounds' });
    expect(differences).toEqual([{ what: 'Node', base: '22.12.0', head: '24.0.0', needsForce: false }]);
    expect(() => refuseUnlike(differences)).not.toThrow();
  });

  test('no CPU was idle: that is what a duet is, and no reason against its throughput', () => {
    const full = (run: Run): Run => ({
      ...run,
      trials: run.trials.map((trial) =>
        trial.outcome.status === 'ok'
          ? {
              ...trial,
              outcome: {
                status: 'ok',
                measurement: { ...trial.outcome.measurement, machine: { cpus: 2, idle: 0.01, steal: 0 } },
              },
            }
          : trial,
      ),
    });
    const [base, head] = [full(runOf(four(0), ab('base'))), full(runOf(four(2), ab('head')))];
    expect(one(compare(base, head, { pairing: 'rounds' }), 'hello/single', 'throughput').verdict).toBe('invalid');
    expect(one(compare(base, head, { pairing: 'duet' }), 'hello/single', 'throughput').verdict).toBe('equivalent');
  });
});

describe('work that each run sized for itself', () => {
  const plan = (iterations: number) => planOf({ iterations, calibration: { kernelCpuMs: 2, samples: 9, cpus: 4 } });

  test('figures are stated for the same work', () => {
    const head = scaled(four(2), 1.05);
    const between = compare(runOf(four(0), {}, [plan(1000)]), runOf(head, later, [plan(1050)]));
    expect(new Set(Object.values(verdicts(between)))).toEqual(new Set(['equivalent']));
    expect(between.notes).toEqual([
      'hello: calibration gave a request of head 5% more work than one of base; throughput and CPU time per request of head are stated for the work of base',
    ]);
    expect(between.differences).toEqual([]);
  });

  test('a large difference needs force', () => {
    const { differences } = compare(runOf(four(0), {}, [plan(1000)]), runOf(four(2), later, [plan(1300)]));
    expect(differences).toEqual([{ what: 'work of hello', base: '1000 units', head: '1300 units', needsForce: true }]);
  });
});
