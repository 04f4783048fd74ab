import { expect, test } from 'vitest';
import type { Effort, RunTraces } from '../../harness/judge/traces/traces.ts';
import { latencySummary } from '../fixtures/latency-summary.ts';
import { effortOf, tracesFor } from '../fixtures/traces.ts';
import { scenario } from '../fixtures/variants.ts';
import { EFFORT_NOTES, effortTable } from './efforts.ts';
import type { Value } from './table.ts';

const hello = scenario('hello');

function tracesWith(...efforts: readonly Effort[]): RunTraces {
  return { ...tracesFor(), efforts };
}

/** The figures of the first row by heading. */
function firstRow(...efforts: readonly Effort[]): Record<string, Value> {
  const table = effortTable(hello, tracesWith(...efforts));
  const [row] = table?.rows ?? [];
  if (table === null || row?.kind !== 'measured') throw new Error('no row');
  const heads = table.columns.slice(1).map(({ head }) => head.join(' ').trim());
  return Object.fromEntries(heads.map((head, i) => [head, row.values[i] ?? '']));
}

test('CPU time by kind, waiting, and what sent the load', () => {
  expect(firstRow(effortOf('hello/single', 64, 0.06))).toEqual({
    'user CPU µs': '40.0',
    'system CPU µs': '20.0',
    'queued for CPU %': '8.2',
    'waiting in handlers': '0',
    generators: '1',
    connections: '64',
    requests: '5,400',
    'generator busy %': '43.1',
    'CPUs idle %': '7.4',
    'harness CPU %': '0.6',
  });
});

test('CPU time is in milliseconds as soon as one figure reaches them', () => {
  const cells = [effortOf('hello/single', 64, 0.06), effortOf('hello/cluster', 64, 3)];
  expect(firstRow(...cells)).toMatchObject({ 'user CPU ms': '0.0400' });
});

test('services have a column where there are any, and what the system does not tell is a dash', () => {
  const known = { ...effortOf('hello/cluster', 64, 0.06), services: 0.52 };
  const untold = { ...effortOf('hello/single', 64, 0.06), queued: null, idle: null };
  expect(firstRow(untold, known)).toMatchObject({
    'queued for CPU %': '–',
    'CPUs idle %': '–',
    'service busy %': '–',
  });
});

test('cells of given rates come last and tell their rate', () => {
  const [mixed] = latencySummary.scenarios;
  if (mixed === undefined) throw new Error('no scenario');
  const table = effortTable(mixed, tracesFor(mixed));
  const offered = table?.rows.map((row) => (row.kind === 'measured' ? row.values[0] : '')) ?? [];
  expect(table?.columns[1]?.head).toEqual(['offered', '/s']);
  expect(offered[0]).toBe('full load');
  expect(offered.at(-1)).toMatch(/^[\d.]+$/u);
});

test('there is none where the trials are not at hand, or none of them is of the scenario', () => {
  expect(effortTable(hello, undefined)).toBeNull();
  expect(effortTable(hello, tracesWith(effortOf('cpu/single', 64, 1)))).toBeNull();
});

test('every column has a note', () => {
  const notes = EFFORT_NOTES.join('\n').toLowerCase();
  for (const { head } of effortTable(hello, tracesFor(hello))?.columns.slice(1) ?? []) {
    const [word = ''] = head.filter((line) => line !== '');
    expect(notes).toContain(word.toLowerCase());
  }
});
