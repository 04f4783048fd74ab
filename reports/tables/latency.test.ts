import { expect, test } from 'vitest';
import { mixed } from '../fixtures/mixed.ts';
import { rateCell, rateResult } from '../fixtures/rate-build.ts';
import { sweep } from '../fixtures/sweep.ts';
import { latencyTable, OFFERED_NOTES, offeredTable, servingTable } from './latency.ts';
import { sloTable } from './slo.ts';
import type { ResultTable } from './table.ts';

const figures = { offered: 80, latency: [1, 2, 3, 4, 5] as const };

function heads({ columns }: ResultTable): string[] {
  return columns.map(({ head }) => head.join(' ').trim());
}

function table(...changes: readonly object[]): ResultTable {
  const cells = changes.map((change) => ({
    ...rateCell('mixed', 'single', figures, { ...rateResult(figures), ...change }),
  }));
  return latencyTable(mixed, cells);
}

test('a line per model, and one per class below it', () => {
  const { rows } = latencyTable(mixed, (mixed.latency?.cells ?? []).slice(0, 1));
  expect(rows.map(({ name }) => name)).toEqual(['single', 'single, light', 'single, heavy']);
});

test('columns that would say nothing are left out', () => {
  expect(heads(table({}))).toEqual(
    'model|served /s|p50 ms|p90 ms|p99 ms|p99.9 ms|service p99 ms|send delay p99 ms|requests|limited by'.split('|'),
  );
  const busy = { unfinished: 2, errors: 1, connections: { most: 9, waited: 4 } };
  expect(heads(table({}, busy))).toEqual(expect.arrayContaining(['unfinished', 'errors', 'waited for a connection']));
});

test('an ordinary label, and one that must be marked', () => {
  const { rows } = table({}, { keptUp: false }, { limitedBy: { by: 'machine', evidence: '' } });
  expect(rows.map((row) => (row.kind === 'measured' ? [row.values.at(-1), row.mark] : []))).toEqual([
    ['offered rate', null],
    ['offered rate', 'fell behind'],
    ['machine', 'not ranked'],
  ]);
});

test('every rate, and a rate that failed', () => {
  const cells = [rateCell('mixed', 'single', figures, rateResult(figures)), rateCell('mixed', 'single', figures, null)];
  const { columns, rows } = offeredTable(mixed, cells);
  expect(columns[1]?.head).toEqual(['offered', '/s']);
  expect(rows).toMatchObject([
    { kind: 'measured', name: 'single' },
    { kind: 'failed', reason: 'at 80 requests/s: failed (5 of 5 trials)' },
  ]);
});

test('what became of the requests at every rate, zeros included', () => {
  const result = { ...rateResult(figures), unfinished: 7, connections: { most: 91, waited: 12 } };
  const cells = [rateCell('mixed', 'single', figures, result), rateCell('mixed', 'single', figures, null)];
  const { columns, rows } = servingTable(mixed, cells);
  const [first, second] = rows;
  if (first?.kind !== 'measured') throw new Error('no row');
  const told = heads({ columns, rows }).slice(1);
  expect(Object.fromEntries(told.map((head, i) => [head, first.values[i]]))).toEqual({
    'offered /s': '80',
    errors: '0',
    unfinished: '7',
    'connections at most': '91',
    'waited for a connection': '12',
    'backlog at start': '3',
    'backlog at end': '4',
    'workers busy %': '61.0',
    evidence: 'evidence for offered-rate',
  });
  expect(second).toMatchObject({ kind: 'failed' });
  for (const word of ['errors', 'connections at most', 'waited for a connection', 'backlog']) {
    expect(OFFERED_NOTES.join(' ')).toContain(word);
  }
});

test('the front has a column only where a model has one', () => {
  const withFront = { ...rateResult(figures), utilisation: { front: 0.123, workers: 0.5 } };
  const told = servingTable(mixed, [rateCell('mixed', 'cluster', figures, withFront)]);
  expect(heads(told)).toContain('front busy %');
  expect(JSON.stringify(told.rows)).toContain('12.3');
});

test('each outcome of an SLO', () => {
  const slo = sweep.latency?.slo ?? null;
  if (slo === null) throw new Error('the fixture has no SLO');
  const { rows } = sloTable(sweep, slo, null);
  expect(rows.map((row) => (row.kind === 'measured' ? [row.name, ...row.values] : []))).toEqual([
    ['single', '77', '74–80', '80.4', '9', 'p99 131 ms instead of 100 ms'],
    ['cluster', '143', '131–149', '150', '9', 'p99 112 ms instead of 100 ms'],
    ['fork-pool', '≥176', '–', '–', '9', expect.stringContaining('met at the highest rate tried: ')],
    ['worker-threads', '≥79', '–', '–', '0', expect.stringContaining('undetermined: ')],
    ['cluster · per request', '–', '–', '18.6', '9', expect.stringContaining('none: broken at 18.6/s')],
  ]);
});

test('the cells of the fixture are named like those of full load', () => {
  const names = offeredTable(mixed, mixed.latency?.cells ?? []).rows.map(({ name }) => name);
  expect(new Set(names)).toEqual(
    new Set(['single', 'cluster', 'fork-pool', 'worker-threads', 'cluster · per request']),
  );
});
