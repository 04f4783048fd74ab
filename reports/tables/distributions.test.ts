import { expect, test } from 'vitest';
import type { Curve } from '../../harness/judge/traces/curves.ts';
import { latencySummary } from '../fixtures/latency-summary.ts';
import { tracesFor } from '../fixtures/traces.ts';
import { scenario } from '../fixtures/variants.ts';
import { distributionTable } from './distributions.ts';

const hello = scenario('hello');

function rowsOf(...curves: readonly Curve[]) {
  const table = distributionTable(hello, { timelines: [], latencies: [], curves });
  return (table?.rows ?? []).map((row) => (row.kind === 'measured' ? row.values : []));
}

test('a line per cell, with the figures of its distribution', () => {
  const table = distributionTable(hello, tracesFor(hello));
  expect(table?.rows.map(({ name }) => name)).toEqual(['single', 'cluster', 'fork-pool', 'worker-threads']);
  for (const row of table?.rows ?? []) {
    if (row.kind === 'measured') expect(row.values).toHaveLength((table?.columns.length ?? 0) - 1);
  }
});

test('a percentile that the requests do not support is missing, and one among those without a reply is told as such', () => {
  const curve: Curve = {
    ...{ cell: 'hello/single', requestClass: null, trials: 3, requests: 100, unfinished: 2 },
    ...{ minMs: 1, meanMs: 2.5, standardDeviationMs: 0.5, maxMs: 1000 },
    points: [
      { share: 1 - 0.5, ms: 2, atLeast: false },
      { share: 1 - 0.05, ms: 1000, atLeast: true },
    ],
  };
  expect(rowsOf(curve)).toEqual([
    ['100', '1.00', '2.50', '0.500', '2.00', '–', '–', '≥1,000', '–', '–', '–', '≥1,000'],
  ]);
});

test('cells of given rates name their rate, and classes stand below them', () => {
  const [mixed] = latencySummary.scenarios;
  if (mixed === undefined) throw new Error('no scenario');
  const names = distributionTable(mixed, tracesFor(mixed))?.rows.map(({ name }) => name) ?? [];
  expect(names.some((name) => / at [\d.]+ requests\/s$/u.test(name))).toBe(true);
  expect(names).toContain('light');
});

test('there is none where the trials are not at hand', () => {
  expect(distributionTable(hello, undefined)).toBeNull();
  expect(distributionTable(hello, tracesFor(scenario('cpu')))).toBeNull();
});
