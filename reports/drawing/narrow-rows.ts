/** Rows of a narrow image: label and figures stand above the marks instead of beside them. */

import { visible } from '../words/escape.ts';
import { wrap } from '../words/wrap.ts';
import { haloed, IN_PIXELS, type Layer, PIXELS, points, texts } from './marks.ts';
import type { Column } from './row-texts.ts';
import { cut, textWidth } from './text-width.ts';
import { INK } from './theme.ts';

const LABEL_SIZE = 14;
const LABEL_LINE = 20;
const FIGURE_SIZE = 12;
const FIGURE_LINE = 15;
/** Between the figures and the marks. */
const GAP = 2;
const LEGEND_SIZE = 12;
const LEGEND_Y = -12;
/** From a symbol to its name, and from that to the next symbol. */
const SYMBOL_GAP = 10;
const BETWEEN = 18;

/** What stands above the marks of the rows, all of one height. */
export interface RowHeads {
  /** In pixels. */
  readonly height: number;
  /** `dy`: from the middle of a row to the upper edge of its head. */
  readonly layers: (y: object, dy: number) => Layer[];
}

/** The label with the first strong figure of a row, and below it the others with their names, within so many pixels. */
export function rowHeads<R extends { readonly label: string }>(
  columns: readonly Column<R>[],
  rows: readonly R[],
  width: number,
): RowHeads {
  const main = columns.find(({ strong }) => strong === true);
  const rest = columns.filter((column) => column !== main);
  const figures = rows.map((row) => {
    const parts = rest.map(({ title, value }) => unbroken(`${title} ${value(row)}`));
    return {
      row,
      lines: wrap(visible(parts.join('\u00a0· ')), width, (part) => textWidth(part, FIGURE_SIZE)),
    };
  });
  const most = Math.max(0, ...figures.map(({ lines }) => lines.filter((line) => line !== '').length));
  return {
    height: LABEL_LINE + most * FIGURE_LINE + GAP,
    layers: (y, dy) => [
      ...labelLayers({ x: PIXELS, y }, rows, main, { width, dy: dy + LABEL_LINE / 2 }),
      ...Array.from({ length: most }, (_, i) => {
        const data = figures.flatMap(({ row, lines }) => {
          const text = lines[i] ?? '';
          return text === '' ? [] : [{ x: 0, label: row.label, text }];
        });
        const look = { fontSize: FIGURE_SIZE, color: INK.normal, dy: dy + LABEL_LINE + (i + 0.5) * FIGURE_LINE };
        return haloed({ x: PIXELS, y }, data, look);
      }).flat(),
      ...legendLayers(columns),
    ],
  };
}

/** A name stays with its figure. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

function labelLayers<R extends { readonly label: string }>(
  place: { readonly x: object; readonly y: object },
  rows: readonly R[],
  main: Column<R> | undefined,
  { width, dy }: { readonly width: number; readonly dy: number },
): Layer[] {
  const figureOf = (row: R): string => (main === undefined ? '' : main.value(row));
  const nameOf = (row: R): string => (figureOf(row) === '' ? '' : `${main?.title ?? ''} `);
  const widthOf = (row: R): number => textWidth(figureOf(row), LABEL_SIZE, 'bold');
  const names = rows.map((row) => ({ x: width - widthOf(row), label: row.label, text: nameOf(row) }));
  const labels = rows.map((row) => {
    const room = width - widthOf(row) - textWidth(nameOf(row), FIGURE_SIZE) - SYMBOL_GAP;
    return { x: 0, label: row.label, text: cut(row.label, room, { size: LABEL_SIZE, face: 'bold' }) };
  });
  const strong = { fontSize: LABEL_SIZE, fontWeight: 'bold', color: INK.strong, dy };
  return [
    ...haloed(place, labels, strong),
    ...haloed(
      place,
      names.filter(({ text }) => text !== ''),
      { align: 'right', fontSize: FIGURE_SIZE, color: INK.quiet, dx: -4, dy },
    ),
    ...haloed(
      place,
      rows.map((row) => ({ x: width, label: row.label, text: figureOf(row) })),
      { ...strong, align: 'right' },
    ),
  ];
}

/** The marks that columns have in their titles, in a line above the plot. */
function legendLayers<R>(columns: readonly Column<R>[]): Layer[] {
  let left = 6;
  return columns.flatMap(({ title, symbol }) => {
    if (symbol === undefined) return [];
    const x = left;
    left += SYMBOL_GAP + textWidth(title, LEGEND_SIZE) + BETWEEN;
    return [
      ...points(IN_PIXELS, [{ x, y: LEGEND_Y }], { size: 70, ...symbol }),
      ...texts(IN_PIXELS, [{ x: x + SYMBOL_GAP, y: LEGEND_Y, text: title }], {
        fontSize: LEGEND_SIZE,
        color: INK.quiet,
      }),
    ];
  });
}
