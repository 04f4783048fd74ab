/** Texts of rows: columns of figures right of the plot, and words within it. */

import { visible } from '../words/escape.ts';
import { GUTTER } from './frame.ts';
import { haloed, IN_PIXELS, type Layer, PIXELS, type Place, points, texts } from './marks.ts';
import { type Look, linesOf, textWidth } from './text-width.ts';
import { INK } from './theme.ts';

/** A row that texts stand in. */
export interface TextRow {
  readonly label: string;
  /** Its middle in pixels, where the rows are not those of a row axis. */
  readonly y?: number;
}

export interface Column<R> {
  readonly title: string;
  readonly value: (row: R) => string;
  readonly strong?: boolean;
  /** The look of the marks that its figures are of, shown before the title: the legend of the chart. */
  readonly symbol?: object;
}

const FIGURE_SIZE = 14;
const HEAD_SIZE = 12;
const HEAD_Y = -12;
/** From the title to the middle of the symbol before it, and to the left end of that. */
const SYMBOL_GAP = 11;
const SYMBOL_ROOM = 17;
const BETWEEN = 18;

/** Pixels that all columns take together. */
export function columnsWidth<R>(columns: readonly Column<R>[], rows: readonly R[]): number {
  const widths = columns.map((column) => widthOf(column, rows));
  return widths.reduce((sum, width) => sum + width, 0) + BETWEEN * Math.max(0, columns.length - 1);
}

/** Figures beside the plot, each column as wide as its widest text: no bar, whisker or line can run through them. */
export function columnLayers<R extends TextRow>(
  y: object,
  columns: readonly Column<R>[],
  rows: readonly R[],
  plotWidth: number,
): Layer[] {
  let left = plotWidth + GUTTER;
  return columns.flatMap((column) => {
    const { title, value, strong = false, symbol } = column;
    const x = left + widthOf(column, rows);
    left = x + BETWEEN;
    const look = strong ? { fontWeight: 'bold', color: INK.strong } : { fontWeight: 'normal', color: INK.normal };
    const figures = rows.map((row) => ({ x, ...keyOf(row), text: value(row) }));
    const head = { align: 'right', fontSize: HEAD_SIZE, color: INK.quiet };
    const before = x - textWidth(title, HEAD_SIZE) - SYMBOL_GAP;
    return [
      ...texts({ x: PIXELS, y }, figures, { align: 'right', fontSize: FIGURE_SIZE, ...look }),
      ...texts(IN_PIXELS, [{ x, y: HEAD_Y, text: title }], head),
      ...(symbol === undefined ? [] : points(IN_PIXELS, [{ x: before, y: HEAD_Y }], { size: 70, ...symbol })),
    ];
  });
}

function widthOf<R>({ title, value, strong = false, symbol }: Column<R>, rows: readonly R[]): number {
  const widths = rows.map((row) => textWidth(value(row), FIGURE_SIZE, strong ? 'bold' : 'regular'));
  return Math.ceil(Math.max((symbol === undefined ? 0 : SYMBOL_ROOM) + textWidth(title, HEAD_SIZE), ...widths));
}

function keyOf({ label, y }: TextRow): TextRow {
  return y === undefined ? { label } : { label, y };
}

/** A figure beside its mark, in place of one in a column. */
export interface DirectLabel extends TextRow {
  /** On the horizontal axis. */
  readonly at: number;
  readonly text: string;
  readonly side: 'right' | 'below';
}

const DIRECT: Look = { size: 16, face: 'bold' };
/** From the mark to its figure, in pixels. */
const DIRECT_GAP = 9;
const BELOW_MARK = 20;

/** Room right of the plot for the figures of marks that end there. */
export function directWidth(labels: readonly DirectLabel[]): number {
  return Math.ceil(Math.max(0, ...labels.map(({ text }) => textWidth(text, DIRECT.size, DIRECT.face))));
}

/** Readable over lines. */
export function directLayers(place: Place, labels: readonly DirectLabel[]): Layer[] {
  const layer = (side: DirectLabel['side'], look: object) => {
    const own = labels.filter((one) => one.side === side);
    const data = own.map(({ at, text, ...row }) => ({ x: at, ...keyOf(row), text }));
    return haloed(place, data, { fontSize: DIRECT.size, fontWeight: DIRECT.face, color: INK.strong, ...look });
  };
  return [...layer('right', { dx: DIRECT_GAP }), ...layer('below', { align: 'center', dy: BELOW_MARK })];
}

/** Words within the plot: in the place of the marks of a row, or above or below these. */
export interface RowWords extends TextRow {
  readonly words: string;
  /** From the middle of the row to that of the first line, in pixels; null where the words take the place of marks. */
  readonly dy: number | null;
}

const WORDS_SIZE = 13;
const LINE = 15;
/** From the left of the plot, in pixels. */
const LEFT = 2;
const MOST_LINES = 2;

/** As many words as the plot has room for, in so many lines at most. */
export function wordLayers(y: object, rows: readonly RowWords[], plotWidth: number, mostLines = MOST_LINES): Layer[] {
  const placed = rows.map(({ words, dy, ...row }) => {
    const lines = fitted(words, plotWidth - 2 * LEFT, dy === null ? MOST_LINES : mostLines);
    // The text of several lines starts at its first.
    const at = dy ?? ((1 - lines.length) * LINE) / 2;
    return { dy: at, datum: { x: LEFT, ...keyOf(row), text: lines.join('\n') } };
  });
  const look = { fontSize: WORDS_SIZE, fontStyle: 'italic', color: INK.strong, lineBreak: '\n', lineHeight: LINE };
  return [...new Set(placed.map(({ dy }) => dy))].flatMap((dy) => {
    const data = placed.filter((one) => one.dy === dy).map(({ datum }) => datum);
    return haloed({ x: PIXELS, y }, data, { ...look, dy });
  });
}

function fitted(words: string, width: number, most: number): string[] {
  return linesOf(visible(words), width, most, { size: WORDS_SIZE, face: 'italic' });
}
