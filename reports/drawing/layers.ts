/** Layers that more than one chart uses. */

import { visible } from '../words/escape.ts';
import { shorten } from '../words/wrap.ts';
import type { Layer } from './frame.ts';
import { type Row, rowNote } from './rows.ts';
import { INK } from './theme.ts';

/** The same text in the colour of the paper lies below, so that a line behind the words does not cross them out. */
export const HALO = { stroke: INK.paper, strokeWidth: 5, strokeJoin: 'round' } as const;

/** What fits into the narrowest plot; a reason that is longer is in the table. */
const NOTE_LENGTH = 60;

/** The vertical axis: one band per row. Every layer must use the same object, or Vega-Lite merges them. */
export function rowAxis(rows: readonly Pick<Row, 'label'>[]) {
  return {
    field: 'label',
    type: 'nominal',
    // Said, because Vega-Lite would put points into rows of another kind where there is no bar or line beside them.
    scale: { type: 'band', domain: rows.map(({ label }) => label), padding: 0 },
    axis: { title: null, labelFontSize: 15, labelColor: INK.strong },
  } as const;
}

export type RowAxis = ReturnType<typeof rowAxis>;

export interface Column<R = Row> {
  readonly title: string;
  /** Right edge of the text, in pixels from the left of the plot. */
  readonly right: number;
  readonly value: (row: R) => string;
  readonly strong?: boolean;
}

/** Figures beside the plot, where no bar, whisker or line can run through them. */
export function columnLayers<R extends Pick<Row, 'label'>>(y: RowAxis, rows: readonly R[], column: Column<R>): Layer[] {
  const weight = column.strong === true ? 'bold' : 'normal';
  const colour = column.strong === true ? INK.strong : INK.normal;
  return [
    {
      data: { values: rows.map((row) => ({ label: row.label, text: column.value(row) })) },
      mark: { type: 'text', align: 'right', fontSize: 14, fontWeight: weight, color: colour },
      encoding: { x: { value: column.right }, y, text: { field: 'text', type: 'nominal' } },
    },
    headLayer(column.title, column.right),
  ];
}

/** Of headings above columns, in pixels. */
export const HEAD_SIZE = 12;

/** A heading above the plot, set flush right. */
export function headLayer(text: string, right: number): Layer {
  return {
    data: { values: [{}] },
    mark: { type: 'text', text, align: 'right', fontSize: HEAD_SIZE, color: INK.quiet },
    encoding: { x: { value: right }, y: { value: -12 } },
  };
}

/** The reason why a row has no figures, in its place; or why they may not be ranked, below them. */
export function noteLayers(y: RowAxis, rows: readonly Row[], below: number): Layer[] {
  const failed = rows.filter(({ cell }) => cell.result === null);
  const marked = rows.filter((row) => row.cell.result !== null && rowNote(row) !== null);
  return [...rowText(y, failed, 0, rowNote), ...rowText(y, marked, below, rowNote)];
}

/** What limited the rows that `noteLayers` says nothing about, below their figures. */
export function labelLayers(y: RowAxis, rows: readonly Row[], below: number): Layer[] {
  const ordinary = rows.filter((row) => row.cell.result !== null && rowNote(row) === null);
  return rowText(y, ordinary, below, ({ cell: { result } }) => `limited by the ${result?.limitedBy.by ?? ''}`);
}

/** Words in the plot, at the start of their row. `length` is how many characters the plot has room for. */
export function rowText<R extends Pick<Row, 'label'>>(
  y: RowAxis,
  rows: readonly R[],
  dy: number,
  textOf: (row: R) => string | null,
  length = NOTE_LENGTH,
): Layer[] {
  if (rows.length === 0) return [];
  const data = {
    values: rows.map((row) => ({ label: row.label, text: shorten(visible(textOf(row) ?? ''), length) })),
  };
  const encoding = { x: { value: 2 }, y, text: { field: 'text', type: 'nominal' } } as const;
  return [
    { data, mark: { type: 'text', dy, color: INK.paper, ...HALO }, encoding },
    { data, mark: { type: 'text', dy, color: INK.strong, fontStyle: 'italic' }, encoding },
  ];
}
