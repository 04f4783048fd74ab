import { expect, test } from 'vitest';
import { cell } from '../fixtures/build.ts';
import { resultWith, scenario, scenarioOf, untold } from '../fixtures/variants.ts';
import { COST_NOTES, costTable } from './costs.ts';
import type { Value } from './table.ts';

type Source = Parameters<typeof costTable>[0];

/** The figures of one row by heading. */
function rowOf(source: Source, name: string): Record<string, Value> {
  const table = costTable(source);
  const row = table?.rows.find((candidate) => candidate.name === name);
  if (table === null || row?.kind !== 'measured') throw new Error(`no row ${name}`);
  const heads = table.columns.slice(1).map(({ head }) => head.join(' '));
  return Object.fromEntries(heads.map((head, i) => [head, row.values[i] ?? '']));
}

test('every cost of a model', () => {
  expect(rowOf(scenario('hello'), 'cluster')).toEqual({
    'start-up ms': '177',
    'idle PSS MiB': '82.6',
    'peak PSS MiB': '118',
    'front CPU µs': '0.400',
    'workers CPU µs': '27.0',
    'helpers CPU µs': '3.00',
    'generators CPU µs': '16.0',
    'front busy %': '1.2',
    'workers busy %': '61.2',
    'front delay ms': '1.10',
    'workers delay ms': '11.4',
    'voluntary switches': '1.84',
    'involuntary switches': '0.0213',
    'GC %': '1.2',
    'fairness index': '0.985',
    'implied bound by': 'CPUs',
  });
});

test('CPU time has one unit within a table, milliseconds as soon as one figure reaches them', () => {
  expect(rowOf(scenario('cpu'), 'single')).toMatchObject({ 'workers CPU ms': '9.09', 'generators CPU ms': '0.0160' });
});

test('services have a column only where a scenario has some', () => {
  expect(rowOf(scenario('io'), 'single')).toMatchObject({ 'services CPU µs': '72.3' });
  expect(rowOf(scenario('hello'), 'single')).not.toHaveProperty('services CPU µs');
});

test('the front has columns only where a model has one, and there a dash for those without', () => {
  expect(rowOf(scenario('hello'), 'single')).toMatchObject({ 'front CPU µs': '–', 'front busy %': '–' });
  const alone = scenarioOf(cell('x', 'single', resultWith({})));
  expect(Object.keys(rowOf(alone, 'single')).filter((head) => head.startsWith('front'))).toEqual([]);
});

test('what the system does not tell is a dash, with a note that says so', () => {
  const row = rowOf(scenarioOf(cell('x', 'single', untold(resultWith({})))), 'single');
  expect(row).toMatchObject({
    'workers CPU µs': '–',
    'helpers CPU µs': '–',
    'workers delay ms': '–',
    'voluntary switches': '–',
    'involuntary switches': '–',
    'idle RSS MiB': '63.0',
  });
  expect(COST_NOTES.at(-1)).toBe('–: does not apply, or the operating system does not report it.');
});

test('proportional and resident memory never share a column', () => {
  const source = scenarioOf(cell('x', 'single', resultWith({})), cell('x', 'cluster', untold(resultWith({}))));
  expect(rowOf(source, 'single')).toMatchObject({ 'peak PSS MiB': '90.0', 'peak RSS MiB': '–' });
  expect(rowOf(source, 'cluster')).toMatchObject({ 'peak PSS MiB': '–', 'peak RSS MiB': '90.0' });
});

test('what was not measured has no cost', () => {
  expect(costTable(scenario('io'))?.rows.map(({ name }) => name)).toEqual(['single', 'cluster', 'worker-threads']);
  expect(costTable(scenarioOf(cell('x', 'single', null)))).toBeNull();
});

test('every column has a note', () => {
  const notes = COST_NOTES.join('\n').toLowerCase();
  const terms = ['start-up', 'idle', 'peak', 'cpu', 'busy', 'delay', 'switches', 'gc', 'fairness', 'bound by'];
  for (const term of terms) expect(notes).toMatch(new RegExp(`\\b${term}\\b`, 'u'));
  for (const { head } of costTable(scenario('io'))?.columns.slice(1) ?? []) {
    const words = head.join(' ').toLowerCase();
    expect(
      terms.filter((term) => words.includes(term)),
      words,
    ).not.toEqual([]);
  }
});
