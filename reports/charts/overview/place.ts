/** Where everything of the image goes, in pixels from its upper left corner. */
import { MARGIN } from '../../drawing/layout.ts';
import { type Look, textWidth } from '../../drawing/text-width.ts';
import type { PlacedColumns } from './columns.ts';
import { type Grid, type GridCell, hasLowRows } from './grid.ts';
import { SMALL } from './names.ts';
import { groupsOf } from './rows.ts';
import { CAPTION, NOTE, SUBTITLE, type Texts } from './texts.ts';
import { figureText, rightEnd, SMALLEST_FIGURE, type Wording } from './words.ts';

/** Line to line, as a multiple of the size. */
export const LEADING = 1.3;
export const TITLE_LEADING = 1.2;

/** Capitals stand lower than the top of their line. */
const TITLE_TOP = MARGIN - 6;
const BELOW_TITLE = 6;
const ABOVE_GRID = 18;
const BELOW_HEAD = 10;
/** Above and below the rows of a model that has several. */
const GROUP_PADDING = 3.5;
const ABOVE_FOOT = 12;
const BELOW_NOTES = 8;
const BELOW_IMAGE = 20;

export interface Place extends PlacedColumns {
  readonly titleTop: number;
  readonly subtitleTop: number;
  readonly headTop: number;
  /** Lines of the longest heading. */
  readonly headLines: number;
  /** Top of each row. */
  readonly rowTops: readonly number[];
  readonly rowHeight: number;
  /** Between, above and below the models. */
  readonly separators: readonly number[];
  readonly inRow: InRow;
  readonly notesTop: number;
  readonly captionTop: number;
}

/** Lays out the grid between what stands above it and the foot. */
export function placeOf(grid: Grid, placed: PlacedColumns, texts: Texts, wording: Wording, height: number): Place {
  const { columns, head, width } = placed;
  const subtitleTop = TITLE_TOP + texts.title.length * texts.titleLook.size * TITLE_LEADING + BELOW_TITLE;
  const headTop = subtitleTop + texts.subtitle.length * SUBTITLE.size * LEADING + ABOVE_GRID;
  const headLines = Math.max(...columns.map(({ title }) => title.length));
  const answerHeight = columns.some(({ answer }) => answer !== null) ? SMALL.size * LEADING : 0;
  const top = headTop + headLines * head.size * LEADING + answerHeight + BELOW_HEAD;
  const captionTop = height - BELOW_IMAGE - texts.caption.length * CAPTION.size * LEADING;
  const notesHeight = texts.notes.length === 0 ? 0 : texts.notes.length * NOTE.size * LEADING + BELOW_NOTES;
  const notesTop = captionTop - notesHeight;
  const groups = groupsOf(grid.rows);
  const padding = placed.names.runs.length > 0 ? GROUP_PADDING : 0;
  const rowHeight = (notesTop - ABOVE_FOOT - top - 2 * padding * groups.length) / grid.rows.length;
  const groupTop = (turn: number, first: number) => top + first * rowHeight + 2 * padding * turn;
  const rowTops = groups.flatMap(({ first, count }, turn) =>
    Array.from({ length: count }, (_, i) => groupTop(turn, first + i) + padding),
  );
  const separators = [
    ...groups.map(({ first }, turn) => groupTop(turn, first)),
    groupTop(groups.length, grid.rows.length),
  ];
  const cells = grid.columns.flatMap((column) => column.cells);
  return {
    ...placed,
    ...{ titleTop: TITLE_TOP, subtitleTop, headTop, headLines, rowTops, rowHeight, separators, notesTop, captionTop },
    inRow: inRow(cells, wording, { width, height: rowHeight, isLow: hasLowRows(grid) }),
  };
}

/** How the words and the bar of a cell share the height of its row. In pixels. */

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
