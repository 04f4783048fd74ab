import { describe, expect, test } from 'vitest';
import {
  failedFaultTrial,
  faultCellOf,
  faultOf,
  faultRecordOf,
  type FaultStory,
  faultPlanOf,
  faultTrialOf,
  plausibleFaultTrial,
} from '../../fixtures/faults.ts';
import { additionOf, cellOf, complete, manifestOf, planOf } from '../../fixtures/run.ts';
import { FAULT_KINDS, type Fault } from '../../store/fault-schema.ts';
import type { Cell, FaultTrial, Run } from '../../store/schema.ts';
import { overallAnswer } from '../answer/decision.ts';
import { faultSummarySchema, type FaultSummary } from '../schema/faults.ts';
import { summarise } from '../summary.ts';

const MODELS = ['single', 'cluster', 'fork-pool', 'worker-threads'] as const;
const RATE = 600;

function runOf(cells: readonly Cell[], faulted: readonly FaultTrial[]): Run {
  const faults = cells.flatMap(({ load }) => (load.kind === 'fault' ? [load.fault] : []));
  return {
    manifest: manifestOf({
      scenarios: [planOf()],
      cells: MODELS.map((model) => cellOf(model)),
      faults: faultPlanOf(faults),
    }),
    additions: [additionOf(cells, { why: { kind: 'faults', basis: null } })],
    trials: [],
    faulted,
    end: complete,
  };
}

function toldOf(cells: readonly Cell[], faulted: readonly FaultTrial[]): readonly FaultSummary[] {
  const { scenarios } = summarise(runOf(cells, faulted));
  const [scenario] = scenarios;
  for (const one of scenario?.faults ?? []) faultSummarySchema.parse(one);
  return scenario?.faults ?? [];
}

/** Five trials of each model. */
function told(fault: Fault, stories: Readonly<Record<string, Partial<FaultStory>>>, rounds = 5): FaultSummary {
  const cells = Object.keys(stories).map((model) => faultCellOf(model, fault, { requestsPerSec: RATE }));
  const trials = cells.flatMap((cell, i) =>
    Array.from({ length: rounds }, (_, round) => {
      const story = { requestsPerSec: RATE, beforeMs: 2000, eachMs: 4000, times: fault.times, seed: 10 * round + i };
      return faultTrialOf(cell, round, faultRecordOf({ ...story, arrivals: 'poisson', ...stories[cell.model] }).record);
    }),
  );
  const [summary] = toldOf(cells, trials);
  if (summary === undefined) throw new Error('there is no fault');
  return summary;
}

const gone: Partial<FaultStory> = {
  lost: { forMs: Number.POSITIVE_INFINITY, as: { kind: 'refused', status: null } },
  isUp: false,
  end: 'it was ended by SIGKILL',
};

describe('a killed worker', () => {
  const summary = told(faultOf('kill'), {
    single: gone,
    cluster: { lost: { forMs: 20, every: 3 } },
    'fork-pool': {},
    'worker-threads': gone,
  });

  test('is told in a sentence', () => {
    expect(summary.sentence).toMatch(
      /^A killed worker costs cluster 4(\.\d)? requests \([\d.]+ to [\d.]+\) of 600\/s and \d+ ms; fork-pool loses none \(at most 0\.6\); (single and worker-threads|worker-threads and single) are gone until somebody starts them\.$/u,
    );
  });

  test('the best first, and nothing is lost that was not due', () => {
    expect(summary.models.map(({ model, verdict }) => [model, verdict]).slice(0, 2)).toEqual([
      ['fork-pool', 'best'],
      ['cluster', 'worse'],
    ]);
    for (const { figures } of summary.models) {
      expect(figures?.lost.high).toBeLessThanOrEqual(1.2 * RATE * 4);
      expect(figures?.recoveryMs?.high ?? 0).toBeLessThanOrEqual(4000);
    }
    expect(summary.models.at(-1)?.figures).toMatchObject({ recoveryMs: null, recovered: 0, down: 5 });
    expect(summary.models.at(-1)?.figures?.seen.map(({ kind }) => kind)).toEqual(['refused']);
  });
});

test('what a crash takes with it are other requests', () => {
  const { sentence } = told(faultOf('crash'), {
    cluster: { lost: { forMs: 20 }, poison: 'reset' },
    'fork-pool': { poison: 'reset' },
  });
  expect(sentence).toMatch(
    /^An uncaught exception costs cluster 1\d other requests .* fork-pool loses no other request \(at most 0\.6\)\./u,
  );
});

test('replies that are late, where none is lost', () => {
  const { sentence, models } = told(faultOf('block'), {
    cluster: { held: { forMs: 1000, every: 2 } },
    'fork-pool': {},
  });
  expect(sentence).toMatch(
    /^With 1 s of a blocked event loop, fork-pool and cluster lose no other request \(at most 0\.6\); late are [23]\d\d with cluster \(2\d\d to 3\d\d, for (990 ms|1 s)\)\.$/u,
  );
  expect(models.map(({ model, verdict }) => [model, verdict])).toEqual([
    ['fork-pool', 'best'],
    ['cluster', 'worse'],
  ]);
});

test('an order by chance is not a finding', () => {
  const half = { lost: { forMs: 20, every: 3 } } as const;
  const { sentence, models } = told(faultOf('kill'), { cluster: half, 'fork-pool': half });
  expect(models.map(({ verdict }) => verdict)).toEqual(['best', 'level']);
  expect(sentence).toMatch(/ (cluster|fork-pool) is not shown to lose more than (cluster|fork-pool)\.$/u);
});

test('with fewer than three trials nothing is called worse, and no interval is believed', () => {
  const { sentence, models } = told(
    faultOf('kill'),
    { single: gone, cluster: { lost: { forMs: 20 } }, 'fork-pool': {} },
    2,
  );
  expect(models.map(({ verdict }) => verdict)).not.toContain('worse');
  expect(sentence).toMatch(
    /^A killed worker costs cluster 1\d requests in 2 trials of 600\/s and 20 ms; fork-pool loses none; single is gone until somebody starts it\.$/u,
  );
});

test('what was lost before the fault is subtracted, and told', () => {
  const fault = faultOf('kill');
  const cell = faultCellOf('cluster', fault, { requestsPerSec: RATE });
  const trials = Array.from({ length: 5 }, (_, round) =>
    faultTrialOf(
      cell,
      round,
      faultRecordOf({ requestsPerSec: RATE, beforeMs: 2000, eachMs: 4000, seed: round, lostAnyway: { every: 20 } })
        .record,
    ),
  );
  const { scenarios, warnings } = summarise(runOf([cell], trials));
  const figures = scenarios[0]?.faults?.[0]?.models[0]?.figures;
  expect(figures?.lost.point).toBeLessThan(5);
  expect(figures?.lost.high).toBeGreaterThan(5);
  expect(warnings.find(({ code }) => code === 'lost-before')?.message).toMatch(
    /: 285 of 5,695 \(hello\/cluster!kill\); the same share/u,
  );
});

test('a model without figures has a reason, and a warning', () => {
  const fault = faultOf('oom');
  const why = { kind: 'server', message: 'a command that is not Node.js cannot take it' } as const;
  const cells = [
    faultCellOf('single', fault, {}, { unable: why }),
    faultCellOf('cluster', fault),
    faultCellOf('fork-pool', fault),
  ];
  const [, , pool] = cells;
  const trials = [
    ...[0, 1, 2].map((round) => plausibleFaultTrial(cells[1] ?? faultCellOf('cluster', fault), round)),
    ...[0, 1, 2].map((attempt) => failedFaultTrial(pool ?? { id: '' }, 0, 'not-ready', attempt)),
  ];
  const run = runOf(cells, trials);
  const { scenarios, warnings, failures } = summarise(run);
  const models = scenarios[0]?.faults?.[0]?.models ?? [];
  expect(models.map(({ model, unable, verdict }) => [model, unable, verdict])).toEqual([
    ['cluster', null, 'best'],
    ['single', why.message, null],
    ['fork-pool', 'it kept failing: the server did not become ready', null],
  ]);
  expect(warnings.filter(({ code }) => code === 'unable').map(({ message }) => message)).toEqual([
    `hello: single has no figures for oom: ${why.message}`,
    'hello: fork-pool has no figures for oom: it kept failing: the server did not become ready',
  ]);
  expect(failures).toHaveLength(3);
});

test('a late generator and too few trials are warned of', () => {
  const cell = faultCellOf('cluster', faultOf('kill'));
  const record = { ...faultRecordOf({ requestsPerSec: 500, beforeMs: 2000, eachMs: 4000 }).record, sendDelayMs: 80 };
  const { warnings } = summarise(runOf([cell], [faultTrialOf(cell, 0, record)]));
  const codes = warnings.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(['few-samples', 'late-generator']));
});

describe.each(FAULT_KINDS)('%s, as models plausibly do', (kind) => {
  const cells = MODELS.flatMap((model) => [
    faultCellOf(model, faultOf(kind)),
    faultCellOf(model, faultOf(kind), { restarts: false }),
  ]);
  const trials = cells.flatMap((cell) => [0, 1, 2].map((round) => plausibleFaultTrial(cell, round)));
  const [summary] = toldOf(cells, trials);

  test('every model has figures, and one is the best', () => {
    expect(summary?.models.map(({ figures }) => figures === null)).not.toContain(true);
    expect(summary?.models.filter(({ verdict }) => verdict === 'best')).toHaveLength(1);
    expect(summary?.sentence).toContain('without restart');
  });
});

describe('the first sentence of a run', () => {
  test('of one fault is its own', () => {
    const cells = MODELS.map((model) => faultCellOf(model, faultOf('kill')));
    const trials = cells.flatMap((cell) => [0, 1, 2].map((round) => plausibleFaultTrial(cell, round)));
    const summary = summarise(runOf(cells, trials));
    expect(overallAnswer(summary)).toContain(summary.scenarios[0]?.faults?.[0]?.sentence);
  });

  test('of several who loses least, and who is gone', () => {
    const faults = [faultOf('kill'), faultOf('crash'), faultOf('block')];
    const cells = MODELS.flatMap((model) => faults.map((fault) => faultCellOf(model, fault)));
    const trials = cells.flatMap((cell) => [0, 1, 2, 3, 4].map((round) => plausibleFaultTrial(cell, round)));
    expect(overallAnswer(summarise(runOf(cells, trials)))).toMatch(
      /No model is shown to lose less to (any|2) of 3 faults than .*; single is gone after a killed worker and an uncaught exception\.$/u,
    );
  });
});
