import { expect, test } from 'vitest';
import { cell, estimated, MIB } from '../fixtures/build.ts';
import { resultWith, scenario, scenarioOf } from '../fixtures/variants.ts';
import { failureCounts, resultTable } from './results.ts';

function heads(source: Parameters<typeof resultTable>[0]): string[] {
  return resultTable(source).columns.map(({ head }) => head.join(' ').trim());
}

test('a column that nothing is known for is left out', () => {
  expect(heads(scenario('cpu'))).toContain('% of limit');
  expect(heads(scenario('hello'))).not.toContain('% of limit');
});

test('throughput has its interval, and with fewer than three trials its range', () => {
  const measured = resultTable(scenario('io')).rows[1];
  expect(heads(scenario('io')).slice(1, 3)).toEqual(['requests/s', '95% interval low–high']);
  expect(measured?.kind === 'measured' && measured.values.slice(0, 3)).toEqual(['3,068', '3,047–3,089', '≈16,500']);
  const two = cell('a', 'single', resultWith({ requestsPerSec: estimated([196, 195, 197], 2) }));
  expect(heads(scenarioOf(two)).slice(1, 3)).toEqual(['requests/s', 'spread min–max']);
  expect(JSON.stringify(resultTable(scenarioOf(two)).rows)).toContain('"196","195–197"');
});

test('how far each is behind the best stands beside its figure', () => {
  const cpu = scenario('cpu');
  expect(heads(cpu).slice(1, 4)).toEqual(['requests/s', 'behind the best', '95% interval low–high']);
  const values = resultTable(cpu).rows.map((row) => (row.kind === 'measured' ? row.values[1] : null));
  expect(values).toEqual(['47–52%', '≤ 1.3%', '≤ 1.1%', '≤ 0.6%']);
  // Where one that was held back served the most, there is no such column.
  expect(heads(scenario('hello'))).not.toContain('behind the best');
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
  const reason = 'given up after 3 failed trials: 2 requests had no reply within 10 s';
  expect(row).toMatchObject({ kind: 'failed', reason });
});

test('implied capacity stands beside what was measured, and is told apart', () => {
  const { columns, rows } = resultTable(scenario('hello'));
  const at = columns.findIndex(({ head }) => head[0] === 'implied');
  expect(columns[at]).toEqual({ head: ['implied', 'requests/s'], align: 'right', meaning: 'derived' });
  expect(columns.filter(({ meaning }) => meaning === 'derived')).toHaveLength(1);
  const values = rows.map((row) => (row.kind === 'measured' ? row.values[at - 1] : null));
  expect(values).toEqual(['≈40,600', '≈134,000', '≈15,300', '≈23,900']);
});

test('memory is the highest', () => {
  const { memory } = resultWith({});
  const peakBytes = { ...memory.peakBytes, point: 321 * MIB };
  const cells = [cell('a', 'cluster', resultWith({ memory: { ...memory, peakBytes } }))];
  expect(JSON.stringify(resultTable(scenarioOf(...cells)).rows)).toContain('"321"');
});

test('shares that no trial has are a dash, and never 0%', () => {
  const cells = [
    cell('a', 'single', resultWith({ workerShares: [0] })),
    cell('b', 'cluster', resultWith({ workerShares: [0.8, 0.2] })),
  ];
  const [single, cluster] = resultTable(scenarioOf(...cells)).rows.map((row) => JSON.stringify(row));
  expect(single).toContain('"–"');
  expect(single).not.toContain('"0"');
  expect(cluster).toContain('"80/20"');
  expect(heads(scenarioOf(cell('a', 'single', resultWith({ workerShares: [0] }))))).not.toContain('% by worker');
});

test('shares by worker are shown when one is more than a tenth off the even share', () => {
  const shown = (...workerShares: number[]) =>
    heads(scenarioOf(cell('a', 'cluster', resultWith({ workerShares })))).includes('% by worker');
  expect([shown(0.56, 0.44), shown(0.54, 0.46), shown(1), shown(0.3, 0.25, 0.25, 0.2)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

test('failures are counted by cell and reason', () => {
  const failure = (cell: string, message: string, attempt = 0) => ({
    cell,
    round: 0,
    attempt,
    reason: { kind: 'timeout' as const, message },
  });
  expect(
    failureCounts([failure('a', 'late'), failure('b', 'late'), failure('a', 'gone', 1), failure('a', 'late')]),
  ).toEqual(['a: 2 failed trials (late)', 'b: 1 failed trial (late)', 'a: 1 failed trial, including 1 retry (gone)']);
  expect(failureCounts([0, 1, 2].map((attempt) => failure('a', 'late', attempt)))).toEqual([
    'a: 3 failed trials, including 2 retries (late)',
  ]);
});
