import { describe, expect, test } from 'vitest';
import {
  cellOf,
  complete,
  failedTrial,
  generatorOf,
  isolated,
  manifestOf,
  measurementOf,
  okTrial,
  planOf,
} from '../fixtures/run.ts';
import type { Run } from '../store/schema.ts';
import { summarise } from './summary.ts';
import { summarySchema } from './summary-schema.ts';

const [single, cluster] = [cellOf('single'), cellOf('cluster')];
const cpu = cellOf('single', { scenario: 'cpu:ms=2' });
const run: Run = {
  manifest: manifestOf({
    scenarios: [planOf(), planOf({ id: 'cpu:ms=2', name: 'cpu', parameters: { ms: 2 } })],
    cells: [single, cluster, cpu],
  }),
  additions: [],
  trials: [okTrial(single, 0), failedTrial(cluster, 0), okTrial(cpu, 0), okTrial(cluster, 1)],
  end: complete,
};

test.each<[string, Run]>([
  ['a whole run', run],
  ['a run that was killed', { ...run, end: null }],
  ['a run without a trial', { ...run, trials: [] }],
  ['a run in which everything failed', { ...run, trials: [failedTrial(single, 0), failedTrial(cluster, 0)] }],
  ['a run with a cell given up', { ...run, trials: [0, 1, 2].map((n) => failedTrial(single, 0, 'server', n)) }],
  ['a run with CPUs of their own for generators', { ...run, manifest: { ...run.manifest, placement: isolated } }],
])('%s: the summary is valid, also when read from JSON', (_, given) => {
  const summary = summarise(given);
  expect(summarySchema.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
});

test('the same run gives the same summary', () => {
  expect(summarise(structuredClone(run))).toEqual(summarise(run));
});

test('each scenario has the cells and trials that are its own', () => {
  const counted = summarise(run).scenarios.map(({ id, cells }) => [
    id,
    cells.map((cell) => [cell.id, cell.trialsOk, cell.trialsFailed]),
  ]);
  expect(counted).toEqual([
    [
      'hello',
      [
        ['hello/single', 1, 0],
        ['hello/cluster', 1, 1],
      ],
    ],
    ['cpu:ms=2', [['cpu:ms=2/single', 1, 0]]],
  ]);
});

test('every failed trial is listed with its reason', () => {
  expect(summarise(run).failures).toEqual([
    {
      cell: 'hello/cluster',
      round: 0,
      attempt: 0,
      reason: { kind: 'timeout', message: 'a request had no reply within 10 s' },
    },
  ]);
});

describe('a run is complete', () => {
  test.each<[string, boolean, Run['end']]>([
    ['when it ended so', true, complete],
    ['not when it was interrupted', false, { ...complete, reason: 'interrupted' }],
    ['not when it was stopped', false, { ...complete, reason: 'stopped' }],
    ['not when it was killed', false, null],
  ])('%s', (_, expected, end) => {
    expect(summarise({ ...run, end }).complete).toBe(expected);
  });
});

test('where and how the load was generated goes with the summary', () => {
  const { placement, environment } = summarise({ ...run, manifest: { ...run.manifest, placement: isolated } });
  expect({ placement, environment }).toEqual({ placement: isolated, environment: run.manifest.environment });
});

describe('steal', () => {
  const trial = (round: number, steal: number | null) =>
    okTrial(single, round, measurementOf({ machine: steal === null ? null : { cpus: 4, idle: 0.4, steal } }));

  test('is a median and the worst, over the trials that tell', () => {
    const trials = [trial(0, 0.01), trial(1, 0.09), trial(2, null), trial(3, 0.02), failedTrial(cluster, 0)];
    expect(summarise({ ...run, trials }).steal).toEqual({ median: 0.02, max: 0.09 });
  });

  test('is unknown where no trial tells', () => {
    expect(summarise({ ...run, trials: [trial(0, null)] }).steal).toBeNull();
  });
});

describe('comparisons', () => {
  const trials = [0, 1, 2].flatMap((round) => [
    okTrial(single, round),
    okTrial(cluster, round, measurementOf({ generators: generatorOf(990, 0.99) })),
    okTrial(cpu, round),
  ]);

  test('are within a scenario, with the hint for this machine', () => {
    const [hello, computing] = summarise({ ...run, trials }).scenarios;
    expect(hello?.comparisons).toEqual([
      expect.objectContaining({
        candidate: 'hello/cluster',
        baseline: 'hello/single',
        metric: 'throughput',
        verdict: 'invalid',
        hint: 'give --generators 2',
      }),
      expect.objectContaining({ candidate: 'hello/cluster', baseline: 'hello/single', metric: 'implied-capacity' }),
    ]);
    expect(computing?.comparisons).toEqual([]);
  });
});
