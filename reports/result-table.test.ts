import { expect, test } from 'vitest';
import { cell } from './fixtures/build.ts';
import { resultWith, scenario, scenarioOf } from './fixtures/variants.ts';
import { failureCounts, resultTable } from './result-table.ts';

function heads(source: Parameters<typeof resultTable>[0]): string[] {
  return resultTable(source).columns.map(({ head }) => head.join(' ').trim());
}

test('a column that nothing is known for is left out', () => {
  expect(heads(scenario('cpu'))).toContain('% of limit');
  expect(heads(scenario('hello'))).not.toContain('% of limit');
});

test('trials are listed where some of a cell failed', () => {
  const cells = [{ ...cell('a', 'cluster', resultWith({})), trialsOk: 3, trialsFailed: 2 }];
  expect(heads(scenarioOf(...cells))).toContain('valid trials');
  expect(JSON.stringify(resultTable(scenarioOf(...cells)).rows)).toContain('3 of 5');
});

test('proportional and resident memory have columns of their own', () => {
  const { memory } = resultWith({});
  const cells = [
    cell('a', 'cluster', resultWith({})),
    cell('a', 'single', resultWith({ memory: { ...memory, kind: 'rss' } })),
  ];
  expect(heads(scenarioOf(...cells))).toEqual(expect.arrayContaining(['PSS MiB', 'RSS MiB']));
});

test('up to four shares are listed, and of more the extremes', () => {
  const shares = (workerShares: number[]) =>
    JSON.stringify(resultTable(scenarioOf(cell('a', 'cluster', resultWith({ workerShares })))).rows);
  expect(shares([0.3, 0.3, 0.2, 0.2])).toContain('"30/30/20/20"');
  expect(shares([0.3, 0.2, 0.2, 0.2, 0.1])).toContain('"10–30"');
});

test('a cell without a valid trial is a row with its reason', () => {
  const row = resultTable(scenario('io')).rows.find(({ name }) => name === 'fork-pool');
  expect(row).toMatchObject({ kind: 'failed', reason: 'failed (5 of 5 trials)' });
});

test('failures are counted by cell and reason', () => {
  const failure = (cell: string, message: string) => ({
    cell,
    round: 0,
    reason: { kind: 'timeout' as const, message },
  });
  expect(
    failureCounts([failure('a', 'late'), failure('b', 'late'), failure('a', 'gone'), failure('a', 'late')]),
  ).toEqual(['a: 2 failed trials (late)', 'b: 1 failed trial (late)', 'a: 1 failed trial (gone)']);
});
