import { describe, expect, test } from 'vitest';
import { cellOf, complete, failedTrial, manifestOf, okTrial, planOf } from '../fixtures/run.ts';
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
  trials: [okTrial(single, 0), failedTrial(cluster, 0), okTrial(cpu, 0), okTrial(cluster, 1)],
  end: complete,
};

test.each<[string, Run]>([
  ['a whole run', run],
  ['a run that was killed', { ...run, end: null }],
  ['a run without a trial', { ...run, trials: [] }],
  ['a run in which everything failed', { ...run, trials: [failedTrial(single, 0), failedTrial(cluster, 0)] }],
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
