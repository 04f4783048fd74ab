/** Rows of a change as tables, for markdown and the page. */
import type { Column, ResultTable, TableRow, Value } from '../tables/table.ts';
import { barText, type ChangeRow, type Described, type SlowerRow } from './rows.ts';

const LEFT = (head: string): Column => ({ head: ['', head], align: 'left' });
const RIGHT = (head: string): Column => ({ head: ['', head], align: 'right' });

/** The cell is named where there are several. `drawn`: with intervals of characters, where no image can be shown. */
export function changeTable(
  rows: readonly ChangeRow[],
  { isMany, hasControl }: Described,
  drawn: boolean,
): ResultTable {
  const name = (head: string): Column => ({ head: ['', head], align: 'left', meaning: 'name' });
  return {
    columns: [
      ...(isMany ? [name('cell'), LEFT('metric')] : [name('metric')]),
      RIGHT('base'),
      RIGHT('head against base'),
      ...(hasControl ? [RIGHT('against the control')] : []),
      LEFT('95% sure'),
      ...(drawn ? [LEFT('better │ worse')] : []),
    ],
    rows: rows.map((row): TableRow => {
      const what = `${row.mark} ${row.what}`;
      const values: Value[] = [
        ...(isMany ? [what] : []),
        row.base,
        row.change,
        ...(hasControl ? [row.relative] : []),
        sureValue(row),
        ...(drawn ? [row.span === null ? '' : { text: barText(row.span), isDrawing: true }] : []),
      ];
      return { kind: 'measured', name: isMany ? row.name : what, values, mark: null };
    }),
  };
}

function sureValue({ sure, standing, isBetter }: ChangeRow): Value {
  if (standing === 'broken' || standing === 'fail') return { text: sure, look: 'bad' };
  return isBetter ? { text: sure, look: 'decided' } : sure;
}

/** Functions that got slower; null without any. */
export function slowerTable(rows: readonly SlowerRow[], { isMany }: Pick<Described, 'isMany'>): ResultTable | null {
  if (rows.length === 0) return null;
  return {
    columns: [
      { head: ['', 'function that got slower'], align: 'left', meaning: 'name' },
      LEFT('where'),
      ...(isMany ? [LEFT('cell')] : []),
      RIGHT('CPU time per request'),
    ],
    rows: rows.map(({ name, where, cell, time }) => ({
      kind: 'measured',
      name,
      values: [where, ...(isMany ? [cell] : []), time],
      mark: null,
    })),
  };
}
