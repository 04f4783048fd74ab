/** How the words and the bar of a cell share the height of its row. In pixels. */
import { textWidth } from '../text-width.ts';
import { SMALL } from './columns.ts';
import type { Look } from './fit.ts';
import type { GridCell } from './grid.ts';
import { figureText, remark, SMALLEST_FIGURE, type Wording } from './words.ts';

const LARGEST_FIGURE = 56;
const THICKEST_BAR = 96;
const THINNEST_BAR = 6;
const ABOVE_BAR = 4;
/** Of the height of a row. */
const LARGEST_SHARE = 0.28;
/** A row is easier to read when its bar is thick, so a figure becomes smaller, down to this, to have the remark beside it. */
const LEAST_BESIDE = 21;
const SMALLEST: Look = { size: SMALLEST_FIGURE, face: 'bold' };
/** Of the height of a row, above its words and below its bar together. */
const FREE = 0.18;

export interface InRow {
  readonly look: Look;
  /** Whether the remark stands right of the figure, and not below it. */
  readonly isBeside: boolean;
  /** Middles of the words, and the top of the bar, from the top of the row. */
  readonly figure: number;
  readonly remark: number;
  readonly bar: number;
  readonly barHeight: number;
  /** For a word that stands alone. */
  readonly middle: number;
}

/** The same for every cell of an image. */
export function inRow(cells: readonly GridCell[], wording: Wording, width: number, rowHeight: number): InRow {
  const size = Math.max(SMALLEST_FIGURE, Math.min(LARGEST_FIGURE, Math.floor(rowHeight * LARGEST_SHARE)));
  const beside = largest(size, Math.min(size, LEAST_BESIDE), (look) =>
    cells.every((cell) => rightEnd(cell, wording, look) <= width),
  );
  const widest = Math.max(...cells.map((cell) => textWidth(figureText(cell, wording), 1, 'bold')));
  const isBeside = beside !== null;
  const look = beside ?? largest(size, SMALLEST_FIGURE, (one) => widest * one.size <= width) ?? SMALLEST;
  const figureHeight = look.size * 1.12;
  const remarkHeight = isBeside ? 0 : SMALL.size * 1.15;
  const words = figureHeight + remarkHeight + ABOVE_BAR;
  const barHeight = Math.max(THINNEST_BAR, Math.min(THICKEST_BAR, rowHeight * (1 - FREE) - words));
  const top = (rowHeight - words - barHeight) / 2;
  const figure = top + figureHeight / 2;
  return {
    ...{ look, isBeside, figure, barHeight, bar: top + words, middle: rowHeight / 2 },
    remark: isBeside ? figure : top + figureHeight + remarkHeight / 2,
  };
}

/** Where a remark begins that stands beside its figure. */
export function remarkLeft(cell: GridCell, wording: Wording, { size, face }: Look): number {
  return textWidth(figureText(cell, wording), size, face) + size / 2;
}

function rightEnd(cell: GridCell, wording: Wording, look: Look): number {
  return remarkLeft(cell, wording, look) + textWidth(remark(cell, wording), SMALL.size);
}

/** The largest size that will do, or null. */
function largest(from: number, to: number, willDo: (look: Look) => boolean): Look | null {
  for (let size = from; size >= to; size--) {
    const look: Look = { size, face: 'bold' };
    if (willDo(look)) return look;
  }
  return null;
}
