/** Where everything of the image goes, in pixels from its upper left corner. */
import { MARGIN } from '../layout.ts';
import { type PlacedColumns, SMALL } from './columns.ts';
import type { Grid } from './grid.ts';
import { type InRow, inRow } from './row.ts';
import { CAPTION, NOTE, SUBTITLE, type Texts } from './texts.ts';
import type { Wording } from './words.ts';

/** Line to line, as a multiple of the size. */
export const LEADING = 1.3;
export const TITLE_LEADING = 1.2;

/** Capitals stand lower than the top of their line. */
const TITLE_TOP = MARGIN - 6;
const BELOW_TITLE = 6;
const ABOVE_GRID = 18;
const BELOW_HEAD = 10;
const ABOVE_FOOT = 12;
const BELOW_NOTES = 8;
const BELOW_IMAGE = 20;

export interface Place extends PlacedColumns {
  readonly titleTop: number;
  readonly subtitleTop: number;
  readonly headTop: number;
  /** Lines of the longest heading. */
  readonly headLines: number;
  readonly rowsTop: number;
  readonly rowHeight: number;
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
  const rowHeight = (notesTop - ABOVE_FOOT - top) / grid.rows.length;
  const cells = grid.columns.flatMap((column) => column.cells);
  return {
    ...placed,
    ...{ titleTop: TITLE_TOP, subtitleTop, headTop, headLines, rowHeight, notesTop, captionTop },
    rowsTop: top,
    inRow: inRow(cells, wording, width, rowHeight),
  };
}
