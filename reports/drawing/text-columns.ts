/** Columns of figures right of a plot, each as wide as its widest text. */
import type { Layer } from './frame.ts';
import { columnLayers, type RowAxis } from './layers.ts';
import { GUTTER } from './layout.ts';
import { textWidth } from './text-width.ts';

export interface TextColumn<R> {
  readonly title: string;
  readonly value: (row: R) => string;
  readonly strong?: boolean;
  /** Room for a mark left of the title, in pixels. */
  readonly mark?: number;
}

const SIZE = 14;
const HEAD_SIZE = 12;
const BETWEEN = 18;

/** Pixels that all columns take together. */
export function columnsWidth<R>(columns: readonly TextColumn<R>[], rows: readonly R[]): number {
  const widths = columns.map((column) => widthOf(column, rows));
  return widths.reduce((sum, width) => sum + width, 0) + BETWEEN * Math.max(0, columns.length - 1);
}

/** Right edge of each column, in pixels from the left of the plot. */
export function columnRights<R>(columns: readonly TextColumn<R>[], rows: readonly R[], plotWidth: number): number[] {
  let left = plotWidth + GUTTER;
  return columns.map((column) => {
    const right = left + widthOf(column, rows);
    left = right + BETWEEN;
    return right;
  });
}

export function textColumnLayers<R extends { readonly label: string }>(
  y: RowAxis,
  columns: readonly TextColumn<R>[],
  rows: readonly R[],
  plotWidth: number,
): Layer[] {
  const rights = columnRights(columns, rows, plotWidth);
  return columns.flatMap(({ title, value, strong = false }, i) =>
    columnLayers(y, rows, { title, right: rights[i] ?? plotWidth, strong, value }),
  );
}

function widthOf<R>({ title, value, strong = false, mark = 0 }: TextColumn<R>, rows: readonly R[]): number {
  const face = strong ? 'bold' : 'regular';
  const widths = rows.map((row) => textWidth(value(row), SIZE, face));
  return Math.ceil(Math.max(mark + textWidth(title, HEAD_SIZE), ...widths));
}
