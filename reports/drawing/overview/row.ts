/** How the words and the bar of a cell share the height of its row. In pixels. */
import { textWidth } from '../text-width.ts';
import type { Look } from './fit.ts';
import type { GridCell } from './grid.ts';
import { SMALL } from './names.ts';
import { rightEnd } from './wording.ts';
import { figureText, SMALLEST_FIGURE, type Wording } from './words.ts';

const LARGEST_FIGURE = 56;
const THICKEST_BAR = 96;
const THINNEST_BAR = 6;
const ABOVE_BAR = 4;
/** Of the height of a row. */
const LARGEST_SHARE = 0.28;
/** A row is easier to read when its bar is thick, so a figure becomes smaller, down to this, to have the remark beside it. */
const LEAST_BESIDE = 21;
const SMALLEST: Look = { size: SMALLEST_FIGURE, face: 'bold' };
/** Of the height of a row, above its words and below its bar together; low rows have room around each model. */
const FREE = 0.18;
const FREE_OF_LOW = 0.1;

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

/** Of a cell, in pixels. */
interface Room {
  readonly width: number;
  readonly height: number;
  /** Whether there is only one line of words. */
  readonly isLow: boolean;
}

/** The same for every cell of an image. */
export function inRow(cells: readonly GridCell[], wording: Wording, { width, height, isLow }: Room): InRow {
  const size = Math.max(SMALLEST_FIGURE, Math.min(LARGEST_FIGURE, Math.floor(height * LARGEST_SHARE)));
  const beside = largest(size, Math.min(size, LEAST_BESIDE), (look) =>
    cells.every((cell) => rightEnd(cell, wording, look) <= width),
  );
  const widest = Math.max(...cells.map((cell) => textWidth(figureText(cell, wording), 1, 'bold')));
  // A remark that is too long for a low row reaches into the gap behind its column; below the figure there is no room at all.
  const isBeside = beside !== null || isLow;
  const look = beside ?? largest(size, SMALLEST_FIGURE, (one) => widest * one.size <= width) ?? SMALLEST;
  const figureHeight = look.size * 1.12;
  const remarkHeight = isBeside ? 0 : SMALL.size * 1.15;
  const words = figureHeight + remarkHeight + ABOVE_BAR;
  const barHeight = Math.max(THINNEST_BAR, Math.min(THICKEST_BAR, height * (1 - (isLow ? FREE_OF_LOW : FREE)) - words));
  const top = (height - words - barHeight) / 2;
  const figure = top + figureHeight / 2;
  return {
    ...{ look, isBeside, figure, barHeight, bar: top + words, middle: height / 2 },
    remark: isBeside ? figure : top + figureHeight + remarkHeight / 2,
  };
}

/** The largest size that will do, or null. */
function largest(from: number, to: number, willDo: (look: Look) => boolean): Look | null {
  for (let size = from; size >= to; size--) {
    const look: Look = { size, face: 'bold' };
    if (willDo(look)) return look;
  }
  return null;
}
