import { expect, test } from 'vitest';
import type { Column, ResultTable } from '../tables/table.ts';
import { inParts } from './table.ts';

function tableWith(units: readonly string[]): ResultTable {
  const name: Column = { head: ['', 'model'], align: 'left' };
  const columns = units.map((unit, i): Column => ({ head: [`${i}`, unit], align: 'right' }));
  return {
    columns: [name, ...columns],
    rows: [
      { kind: 'measured', name: 'single', mark: null, values: units.map((_, i) => `${i}`) },
      { kind: 'failed', name: 'cluster', reason: 'failed' },
    ],
  };
}

test('a table that fits stays whole', () => {
  const table = tableWith(['ms', 'ms', '%']);
  expect(inParts(table)).toEqual([table]);
});

test('a wide table is parted between units, and each part names its rows', () => {
  const units = ['ms', 'ms', 'MiB', 'MiB', 'CPU', 'CPU', 'CPU', 'CPU', 'CPU', '%', '%', '%'];
  const parts = inParts(tableWith(units));
  expect(parts.map(({ columns }) => columns.map(({ head }) => head[1]))).toEqual([
    ['model', ...units.slice(0, 4)],
    ['model', ...units.slice(4)],
  ]);
  expect(parts.map(({ rows: [row] }) => row)).toMatchObject([
    { name: 'single', values: ['0', '1', '2', '3'] },
    { name: 'single', values: ['4', '5', '6', '7', '8', '9', '10', '11'] },
  ]);
  expect(parts.map(({ rows: [, row] }) => row)).toMatchObject([{ reason: 'failed' }, { reason: 'failed' }]);
});
