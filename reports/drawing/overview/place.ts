/** Where everything of the image goes, in pixels from its upper left corner. */
import { MARGIN } from '../layout.ts';
import type { PlacedColumns } from './columns.ts';
import { CAPTION } from './conditions.ts';
import { type Grid, hasLowRows } from './grid.ts';
import { SMALL } from './names.ts';
import { type InRow, inRow } from './row.ts';
import { groupsOf } from './rows.ts';
import { NOTE, SUBTITLE, type Texts } from './texts.ts';
import type { Wording } from './words.ts';

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
