/** Two runs, from what each trial measured to the verdicts. */
import { describe, expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import {
  additionOf,
  cellOf,
  environment,
  failedTrial,
  isolated,
  planOf,
  rateCellOf,
  shared,
} from '../../fixtures/run.ts';
import type { Failure, Placement, Run, ScenarioPlan, Trial } from '../../store/schema.ts';
import { around, asked, type CellFigures, openTrials, runOf } from '../fixtures/two-runs.ts';
import { type Change, type ChangeComparison, changeSchema } from '../schema/change.ts';
import { compareRuns, type HowToCompare } from './compare.ts';
import { refuseUnlike } from './differences.ts';
import { changeExitCode } from './gate.ts';

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

function compare(base: Run, head: Run, how: Partial<HowToCompare> = {}): Change {
  const change = compareRuns(base, head, { ...asked, ...how });
  expect(changeSchema.parse(change)).toEqual(change);
  return change;
}

function verdicts({ cells }: Change): Record<string, string> {
  return Object.fromEntries(cells.map(({ id, verdict }) => [id, verdict]));
}

function one(change: Change, id: string, metric: ChangeComparison['metric']): ChangeComparison {
  const found = change.cells.find((cell) => cell.id === id)?.comparisons.find((each) => each.metric === metric);
  if (found === undefined) throw new Error(`no ${metric} of ${id}`);
  return found;
}

const exit = (change: Change, strict = false): number => changeExitCode(change, { strict });

describe('two moments', () => {
  test('nothing changed: all are equivalent', () => {
    const change = compare(runOf(four(0)), runOf(four(2), later));
    expect(new Set(Object.values(verdicts(change)))).toEqual(new Set(['equivalent']));
    expect(change).toMatchObject({ how: 'apart', family: 16, notes: [], differences: [], control: { kind: 'others' } });
    expect([exit(change), exit(change, true)]).toEqual([0, 0]);
  });

  test('one cell takes more: it is worse, and its change does not rub off on the others', () => {
    const change = compare(runOf(four(0)), runOf(four(2, { cluster: 1.1 }), later));
    expect(verdicts(change)).toEqual({
      'hello/single': 'equivalent',
      'hello/cluster': 'worse',
      'hello/fork-pool': 'equivalent',
      'hello/worker-threads': 'equivalent',
    });
    expect(change.line).toMatch(
      /^✗ worse: hello\/cluster −9\.1% \(.+\) throughput, \+10\.0% \(.+\) CPU against the control$/,
    );
    expect(exit(change)).toBe(1);
  });

  test('one cell takes less: it is better, and that fails nothing', () => {
    const change = compare(runOf(four(0)), runOf(four(2, { cluster: 0.9 }), later));
    expect(verdicts(change)['hello/cluster']).toBe('better');
    expect(exit(change, true)).toBe(0);
  });

  test('all take more, and there is no yardstick: that may be the machine, and does not pass', () => {
    const change = compare(runOf(four(0)), runOf(scaled(four(2), 1.1), later));
    expect(new Set(Object.values(verdicts(change)))).toEqual(new Set(['inconclusive']));
    expect(one(change, 'hello/cluster', 'cpu-per-request').reason).toBe(
      'it changed by +10.0%, but the control changed by +10.0%; fourways ab shows whether it is the code or the machine',
    );
    expect(change.line).toBe(
      '? cells became worse alike; measured before there was a yardstick: a change of all cells cannot be told from one of the machine; measure both again, or fourways ab',
    );
    expect([exit(change), exit(change, true)]).toEqual([3, 3]);
  });

  test('a slowdown that a faster machine hides is not called equivalent', () => {
    const change = compare(runOf(four(0)), runOf(scaled(four(2, { cluster: 1.1 }), 1 / 1.1), later));
    expect(verdicts(change)['hello/cluster']).toBe('inconclusive');
    expect(one(change, 'hello/cluster', 'cpu-per-request').reason).toContain('it stayed the same while the control');
  });

  test('without a control, absolute figures decide, and it says so', () => {
    const change = compare(runOf(four(0)), runOf(scaled(four(2), 1.1), later), { control: 'none' });
    expect(new Set(Object.values(verdicts(change)))).toEqual(new Set(['worse']));
    expect(change).toMatchObject({ control: null, unexplained: null });
    expect(exit(change)).toBe(1);
    expect(one(change, 'hello/single', 'throughput')).toMatchObject({ relative: null, verdict: 'worse' });
  });

  test('a single cell has no control: that it is worse may be the machine, and does not pass', () => {
    const one = (from: number, by = 1): Run => runOf(scaled(four(from).slice(0, 1), by), later);
    expect(compare(one(0), one(2))).toMatchObject({ control: null, family: 4, outcome: 'pass', unexplained: null });
    const change = compare(one(0), one(2, 1.1));
    expect(change.line).toMatch(
      /^\? the only cell became worse; measured before there was a yardstick: a change of it /,
    );
    expect([exit(change), exit(change, true)]).toEqual([3, 3]);
    expect(exit(compare(one(0), one(2, 1.1), { control: 'none' }))).toBe(1);
  });

  test('the ratio to the control is that of the cell ÷ that of the control', () => {
    const change = compare(runOf(four(0)), runOf(scaled(four(2, { cluster: 1.1 }), 1.2), later));
    const { ratio, relative } = one(change, 'hello/cluster', 'cpu-per-request');
    expect(ratio?.point).toBeCloseTo(1.32, 2);
    expect(relative?.point).toBeCloseTo(1.1, 2);
    expect(change.control?.moved[1]?.ratio?.point).toBeCloseTo(1.2, 2);
    expect(ratio?.level).toBeCloseTo(1 - ((4 / 8) * 0.05) / 4, 10);
  });

  test('rounds that disturb all cells alike do not widen the ratio to the control', () => {
    const gusts = [1, 1.3, 0.8, 1.1, 0.9, 1.25, 0.85, 1];
    const windy = four(2, { cluster: 1.1 }).map((cell) => ({
      ...cell,
      cpuMs: cell.cpuMs.map((ms, round) => ms * (gusts[round] ?? 1)),
    }));
    const { ratio, relative } = one(compare(runOf(four(0)), runOf(windy, later)), 'hello/cluster', 'cpu-per-request');
    const width = (of: ChangeComparison['ratio']): number => Math.log((of?.high ?? 0) / (of?.low ?? 1));
    expect(width(relative)).toBeLessThan(width(ratio) / 5);
  });

  test('with too few trials for the margin, it tells how many would do', () => {
    const wide = (by: number): readonly CellFigures[] =>
      four(0).map((cell) => ({ ...cell, cpuMs: [10, 10.6, 9.4, 10.3].map((ms) => ms * by) }));
    const open = one(compare(runOf(wide(1)), runOf(wide(1.1), later)), 'hello/single', 'cpu-per-request');
    expect(open.verdict).toBe('inconclusive');
    expect(open.roundsToSettle).toBeGreaterThan(4);
    expect(open.reason).toContain(`about ${open.roundsToSettle} trials of each side would settle it`);
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
    const change = compare(runOf(both(0, 1), {}, [file]), runOf(both(2, 1.1), later, [changed]));
    expect(change.control).toMatchObject({ kind: 'built-in', cells: MODELS.map((model) => `hello/${model}`) });
    expect(verdicts(change)).toMatchObject({
      'hello/single': 'control',
      'mine/single': 'worse',
      'mine/cluster': 'worse',
    });
    expect(change.family).toBe(16);
    expect(change.differences).toEqual([
      { what: 'file of mine', base: 'aaaaaaaaaaaa', head: 'bbbbbbbbbbbb', needsForce: false },
    ]);
  });

  test('a control that becomes slower by itself is no regression, and makes what stayed the same doubtful', () => {
    const slow = runOf([...scaled(four(2), 1.1), ...four(3, {}, 'mine')], later, [changed]);
    const change = compare(runOf(both(0, 1), {}, [file]), slow);
    expect(verdicts(change)).toMatchObject({ 'hello/single': 'control', 'mine/single': 'inconclusive' });
    expect(exit(change)).toBe(0);
  });

  test('named cells are the control', () => {
    const change = compare(runOf(four(0)), runOf(scaled(four(2), 1.1), later), { control: ['hello/single'] });
    expect(change.control).toMatchObject({ kind: 'named', cells: ['hello/single'] });
    expect(verdicts(change)).toMatchObject({ 'hello/single': 'control', 'hello/cluster': 'inconclusive' });
  });

  test('a name that is none, and all names, are mistakes', () => {
    const wrong = (control: readonly string[]) => () => compare(runOf(four(0)), runOf(four(2), later), { control });
    expect(wrong(['hello/clutser'])).toThrow(
      new UserError("--control hello/clutser: both runs have no such cell. Did you mean 'hello/cluster'?"),
    );
    expect(wrong(MODELS.map((model) => `hello/${model}`))).toThrow('leave at least one to be judged');
  });
});

/** The same trial, but for a server that was idle for most of it, and served half. */
function heldBack(trial: Trial): Trial {
  if (trial.outcome.status === 'failed') return trial;
  const { measurement } = trial.outcome;
  const server = {
    ...measurement.server,
    workers: (measurement.server.workers ?? []).map((one) => ({ ...one, utilisation: 0.4 })),
  };
  return {
    ...trial,
    outcome: { status: 'ok', measurement: { ...measurement, requestsPerSec: measurement.requestsPerSec / 2, server } },
  };
}

describe('what cannot be compared', () => {
  test('throughput that the server did not limit is invalid, with what to change; its cost is compared', () => {
    const idle = four(0).map((cell, i) => (i === 0 ? { ...cell, busy: 0.4 } : cell));
    const change = compare(runOf(four(0)), runOf(idle, later));
    expect(one(change, 'hello/single', 'throughput')).toMatchObject({
      verdict: 'invalid',
      ratio: null,
      reason: 'in head no bottleneck was found',
      hint: expect.stringContaining('--preset thorough'),
    });
    expect(one(change, 'hello/single', 'cpu-per-request').verdict).toBe('equivalent');
    expect([exit(change), exit(change, true)]).toEqual([0, 0]);
  });

  test('the odd trial that others limited does not count in throughput, and does in its cost', () => {
    const [single, ...others] = four(2);
    if (single === undefined) throw new RangeError('four cells');
    // Held back in one round: with little to do, and much less served.
    const run = runOf([single, ...others], later);
    const odd = run.trials.map((trial) =>
      trial.cell === single.cell.id && trial.round === 3 ? heldBack(trial) : trial,
    );
    const throughput = one(compare(runOf(four(0)), { ...run, trials: odd }), 'hello/single', 'throughput');
    expect(throughput).toMatchObject({ verdict: 'equivalent', ratio: { trials: 7 } });
  });

  test('nothing but invalid is exit code 3', () => {
    const idle = (from: number) => four(from).map((cell) => ({ ...cell, busy: 0.4 }));
    const change = compare(runOf(idle(0)), runOf(idle(2), later), { metrics: ['throughput'] });
    expect(exit(change)).toBe(3);
  });

  test('a cell that failed in one run, and cells of one run only', () => {
    const [first, ...rest] = four(2);
    const head = runOf([{ ...(first ?? fail()), perSec: [], cpuMs: [] }, ...rest.slice(1)], later);
    const broken = [0, 1, 2].map((attempt) => failedTrial({ id: 'hello/single' }, 0, 'timeout', attempt));
    const change = compare(runOf(four(0)), { ...head, trials: [...head.trials, ...broken] });
    expect(one(change, 'hello/single', 'throughput').reason).toBe(
      'works in base but not in head, where 3 of 3 trials failed',
    );
    expect(change.onlyIn).toEqual({ base: ['hello/cluster'], head: [] });
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
    const change = compare(at(10), at(10, 600, 1.5));
    expect(one(change, 'hello/cluster@50', 'latency-p99')).toMatchObject({ verdict: 'worse' });
    expect(one(change, 'hello/cluster@50', 'latency-p99').ratio?.point).toBeCloseTo(1.5, 2);
    expect(one(change, 'hello/single@50', 'latency-p50').verdict).toBe('equivalent');
  });

  test('a trial with too few requests for p99 leaves it open', () => {
    const { ratio, verdict, reason, hint } = one(compare(at(10), at(10, 400)), 'hello/single@50', 'latency-p99');
    expect({ ratio, verdict }).toEqual({ ratio: null, verdict: 'inconclusive' });
    expect(reason).toBe('a trial has too few requests for p99');
    expect(hint).toBe('give a longer --duration');
  });
});

const FULL = { cpus: 2, idle: 0.01, steal: 0 };

describe('measured together', () => {
  const ab = (side: 'base' | 'head') => ({ ab: { id: 'x', side, duet: false } });

  test('is paired by round, and needs no control', () => {
    const gusts = [1, 1.3, 0.8, 1.1, 0.9, 1.25, 0.85, 1];
    const windy = (from: number, by: number) =>
      four(from).map((cell) => ({ ...cell, cpuMs: cell.cpuMs.map((ms, round) => ms * by * (gusts[round] ?? 1)) }));
    const how = { pairing: 'rounds', looks: 'once', metrics: ['cpu-per-request'] } as const;
    const change = compare(runOf(windy(0, 1), ab('base')), runOf(windy(1, 1.08), ab('head')), how);
    expect(change).toMatchObject({ how: 'rounds', control: null, family: 4, notes: [] });
    expect(new Set(Object.values(verdicts(change)))).toEqual(new Set(['worse']));
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
                measurement: { ...trial.outcome.measurement, machine: FULL, serverCpus: FULL },
              },
            }
          : trial,
      ),
    });
    const throughput = (placement: Placement, pairing: 'rounds' | 'duet'): string => {
      const placed = (from: number) => four(from).map((one) => ({ ...one, cell: { ...one.cell, placement } }));
      const side = (name: 'base' | 'head', from: number) => full(runOf(placed(from), { ...ab(name), placement }));
      return one(compare(side('base', 0), side('head', 2), { pairing }), 'hello/single', 'throughput').verdict;
    };
    expect(throughput(isolated, 'rounds')).toBe('invalid');
    expect(throughput(isolated, 'duet')).toBe('equivalent');
    // Generators on the same CPUs may have taken any part of them.
    expect(throughput(shared, 'duet')).toBe('invalid');
  });
});

describe('work that each run sized for itself', () => {
  const plan = (iterations: number) => planOf({ iterations, calibration: { kernelCpuMs: 2, samples: 9, cpus: 4 } });

  test('figures are stated for the same work', () => {
    const head = scaled(four(2), 1.05);
    const change = compare(runOf(four(0), {}, [plan(1000)]), runOf(head, later, [plan(1050)]));
    expect(new Set(Object.values(verdicts(change)))).toEqual(new Set(['equivalent']));
    expect(change.notes).toEqual([
      'hello: calibration gave a request of head 5% more work than one of base; throughput and CPU time per request of head are scaled to the work of base',
    ]);
    expect(change.differences).toEqual([]);
  });

  test('a large difference needs force', () => {
    const { differences } = compare(runOf(four(0), {}, [plan(1000)]), runOf(four(2), later, [plan(1300)]));
    expect(differences).toEqual([{ what: 'work of hello', base: '1000 units', head: '1300 units', needsForce: true }]);
  });
});

describe('trials that failed', () => {
  const cell = cellOf('cluster');
  const failures = (round: number, ...kinds: readonly Failure['kind'][]): readonly Trial[] =>
    kinds.map((kind, attempt) => failedTrial(cell, round, kind, attempt));
  /** A duet of which `hello/single` is fine, and `hello/cluster` has so many valid rounds and these failures. */
  const duet = (valid: number, ofBase: readonly Trial[], ofHead: readonly Trial[]): Change => {
    const side = (name: 'base' | 'head', failed: readonly Trial[]): Run => {
      const run = runOf(four(0).slice(0, 2), { ab: { id: 'x', side: name, duet: true } });
      const trials = run.trials.filter((trial) => trial.cell !== cell.id || trial.round < valid);
      return { ...run, trials: [...trials, ...failed] };
    };
    return compare(side('base', ofBase), side('head', ofHead), { pairing: 'duet', control: 'none' });
  };
  const lost = ({ cells }: Change): readonly string[] => cells.filter((one) => one.lostInHead).map(({ id }) => id);
  const other = failures(0, 'other-side', 'other-side', 'other-side');
  const own = failures(0, 'timeout', 'timeout', 'timeout');

  test('a head that crashes takes the duet of base with it, and is to blame: 3', () => {
    const change = duet(0, other, own);
    expect(lost(change)).toEqual([cell.id]);
    expect(one(change, cell.id, 'throughput').reason).toBe('works in base but not in head, where 3 of 3 trials failed');
    expect(change.line).toBe('✗ hello/cluster works in base but not in head');
    expect(exit(change)).toBe(3);
  });

  test('so it is when rounds before were valid, and when base had failed once by itself', () => {
    const late = (kind: Failure['kind']) => failures(5, kind, kind, kind);
    const change = duet(5, [...failures(1, 'timeout'), ...late('other-side')], late('timeout'));
    expect(lost(change)).toEqual([cell.id]);
    expect(exit(change)).toBe(3);
  });

  test('a base that crashes is not the fault of head', () => {
    const change = duet(0, own, other);
    expect(lost(change)).toEqual([]);
    expect(one(change, cell.id, 'throughput').reason).toBe('no valid figures in base (3 of its trials failed)');
    expect(exit(change)).toBe(0);
    expect(
      lost(duet(5, failures(5, 'timeout', 'timeout', 'timeout'), failures(5, 'other-side', 'other-side'))),
    ).toEqual([]);
  });

  test('what the other side of an ab took from head is not the fault of head, whatever it is compared with', () => {
    const whole = runOf(four(2), later);
    const rest = whole.trials.filter((trial) => trial.cell !== cell.id);
    expect(lost(compare(runOf(four(0)), { ...whole, trials: [...rest, ...other] }))).toEqual([]);
    expect(lost(compare(runOf(four(0)), { ...whole, trials: [...rest, ...own] }))).toEqual([cell.id]);
  });

  test('when both crash, nobody knows', () => expect(lost(duet(0, own, own))).toEqual([]));

  test('a cell that was given up in head after valid rounds is lost', () => {
    const head = runOf(four(2), later);
    const trials = head.trials.filter((trial) => trial.cell !== cell.id || trial.round < 5);
    const gone = { ...head, trials: [...trials, ...failures(5, 'timeout', 'timeout', 'timeout')] };
    const change = compare(runOf(four(0)), gone);
    expect(lost(change)).toEqual([cell.id]);
    expect(exit(change)).toBe(3);
  });

  test('a control that is lost has a row that says so', () => {
    const head = runOf(four(2), later);
    const gone = { ...head, trials: head.trials.filter((trial) => trial.cell !== cell.id) };
    const change = compare(runOf(four(0)), gone, { control: [cell.id, 'hello/single'] });
    expect(one(change, cell.id, 'throughput')).toMatchObject({
      verdict: 'invalid',
      reason: 'measured in base but not in head',
    });
    expect(change.line).toBe('✗ hello/cluster works in base but not in head');
    expect(exit(change)).toBe(3);
  });

  test('failures of head alone are told, and break it; as many on both do not', () => {
    const flaky = failures(1, 'timeout', 'status');
    const change = duet(8, failures(1, 'other-side', 'other-side'), flaky);
    expect(change.cells[1]?.trials).toEqual({ base: { count: 8, failed: 0 }, head: { count: 10, failed: 2 } });
    expect(change.notes).toContain(
      'hello/cluster: 2 of 10 trials failed in head, 0 in base; the remaining trials are not a fair sample',
    );
    expect([exit(change), exit(change, true)]).toEqual([3, 3]);
    const same = duet(8, flaky, flaky);
    expect(same.notes.join()).not.toContain('fair');
    expect(exit(same, true)).toBe(0);
    expect(duet(8, flaky, []).notes).toContain(
      'hello/cluster: 2 of 10 trials failed in base, 0 in head; the remaining trials are not a fair sample',
    );
  });
});

describe('a control without the metric', () => {
  test('leaves the metric open, names the control, and tells what to measure', () => {
    const idle = (from: number, by = 1): readonly CellFigures[] =>
      scaled(four(from), by).map((cell, i) => (i === 0 ? { ...cell, busy: 0.4 } : cell));
    const change = compare(runOf(idle(0)), runOf(idle(2, 1.1), later), { control: ['hello/single'] });
    expect(one(change, 'hello/cluster', 'throughput')).toMatchObject({
      verdict: 'inconclusive',
      relative: null,
      reason:
        'no cell of the control (hello/single) has a throughput that shows what the machine did, so a change in the machine cannot be told from a change in the code',
      hint: 'measure a control that keeps the CPU busy, such as -s ./mine.js,cpu:ms=1',
    });
    expect(one(change, 'hello/cluster', 'throughput').ratio?.point).toBeCloseTo(1 / 1.1, 2);
    expect(one(change, 'hello/single', 'throughput').reason).toContain('does not show what the machine did');
    expect(exit(change)).toBe(0);
  });
});

test('cells that were settled after three rounds do not keep the others from being told apart', () => {
  const settledEarly = (from: number, slower: number): readonly CellFigures[] =>
    MODELS.map((model, i) => {
      const trials = i === 0 ? 18 : 3;
      const by = i === 0 ? slower : 1;
      return {
        cell: cellOf(model),
        perSec: around(100 / by, from + i, trials),
        cpuMs: around(10 * by, from + i + 3, trials),
      };
    });
  const change = compare(runOf(settledEarly(0, 1)), runOf(settledEarly(2, 1.04), later), { margin: 0.02 });
  const { relative, verdict } = one(change, 'hello/single', 'cpu-per-request');
  expect(relative?.point).toBeCloseTo(1.04, 2);
  expect(verdict).toBe('worse');
});

test('a ratio that happens to lie on the margin is not hopeless', () => {
  const wide = [10, 10.6, 9.4, 10.3, 9.7].map((ms) => ({ cell: cellOf('single'), ms }));
  const run = (by: number): Run =>
    runOf([{ cell: cellOf('single'), perSec: wide.map(() => 100), cpuMs: wide.map(({ ms }) => ms * by) }], later);
  const { reason, roundsToSettle } = one(compare(run(1), run(1.03)), 'hello/single', 'cpu-per-request');
  expect(roundsToSettle).toBeGreaterThan(5);
  expect(reason).toContain(`about ${roundsToSettle} trials of each side would settle it`);
});
