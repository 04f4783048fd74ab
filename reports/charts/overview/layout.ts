/** The one layout of the image: where everything goes, in pixels from its upper left corner. */

import { MARGIN } from '../../drawing/frame.ts';
import type { OverviewInput } from '../../drawing/input.ts';
import { cut, fits, type Look, linesOf, textWidth } from '../../drawing/text-width.ts';
import { visible } from '../../words/escape.ts';
import { given, range } from '../../words/figures.ts';
import type { Spread } from '../../words/spread.ts';
import { answers } from './answer.ts';
import {
  type Grid,
  type GridCell,
  type GridColumn,
  type GridRow,
  groupsOf,
  hasLowRows,
  type RowGroup,
} from './grid.ts';
import { CAPTION, NOTE, SUBTITLE, type Texts, textsOf, WIDTH } from './texts.ts';
import { figureText, remark, type Wording } from './words.ts';

export const LABEL: Look = { size: 19, face: 'bold' };
export const SMALL: Look = { size: 18, face: 'regular' };
/** Line to line, as a multiple of the size. */
export const LEADING = 1.3;
export const TITLE_LEADING = 1.2;

export interface Layout {
  readonly texts: Texts;
  readonly titleTop: number;
  readonly subtitleTop: number;
  readonly unansweredTop: number;
  readonly notesTop: number;
  readonly captionTop: number;
  readonly columns: readonly PlacedColumn[];
  /** Of the titles of the columns, whose last lines end here. */
  readonly head: Look;
  readonly headBottom: number;
  readonly names: Names;
  /** Top of each row. */
  readonly rowTops: readonly number[];
  readonly rowHeight: number;
  /** Between, above and below the models. */
  readonly separators: readonly number[];
  readonly wording: Wording;
  readonly inRow: InRow;
}

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

/** The grid between what stands above it and the foot, in an image so many pixels high. */
export function layoutOf(input: OverviewInput, grid: Grid, spread: Spread, height: number): Layout {
  const names = namesOf(grid.rows);
  const { columns, head, width } = columnsOf(grid, names);
  const wording = wordingOf(grid, width);
  const texts = textsOf(input, grid, spread, wording);
  const heightOf = (lines: readonly string[], { size }: Look, leading = LEADING) => lines.length * size * leading;
  const subtitleTop = TITLE_TOP + heightOf(texts.title, texts.titleLook, TITLE_LEADING) + BELOW_TITLE;
  const headTop = subtitleTop + heightOf(texts.subtitle, SUBTITLE) + ABOVE_GRID;
  const headBottom = headTop + Math.max(...columns.map(({ title }) => title.length)) * head.size * LEADING;
  const answerHeight = columns.some(({ answer }) => answer !== null) ? SMALL.size * LEADING : 0;
  const top = headBottom + answerHeight + BELOW_HEAD;
  const captionTop = height - BELOW_IMAGE - heightOf(texts.caption, CAPTION);
  const notesTop = captionTop - (texts.notes.length === 0 ? 0 : heightOf(texts.notes, NOTE) + BELOW_NOTES);
  const unansweredTop = notesTop - (texts.unanswered.length === 0 ? 0 : heightOf(texts.unanswered, NOTE) + BELOW_NOTES);
  const { groups, runs } = names;
  const padding = runs.length > 0 ? GROUP_PADDING : 0;
  const rowHeight = (unansweredTop - ABOVE_FOOT - top - 2 * padding * groups.length) / grid.rows.length;
  const groupTop = (turn: number, first: number) => top + first * rowHeight + 2 * padding * turn;
  const rowTops = groups.flatMap(({ first, count }, turn) =>
    Array.from({ length: count }, (_, i) => groupTop(turn, first + i) + padding),
  );
  const cells = grid.columns.flatMap((column) => column.cells);
  return {
    ...{ texts, titleTop: TITLE_TOP, subtitleTop, unansweredTop, notesTop, captionTop },
    ...{ columns, head, headBottom, names, rowTops, rowHeight },
    separators: [...groups.map(({ first }, turn) => groupTop(turn, first)), groupTop(groups.length, grid.rows.length)],
    wording,
    inRow: inRowOf(cells, wording, { width, height: rowHeight, isLow: hasLowRows(grid) }),
  };
}

const WIDEST_MODEL = 220;
/** There is less room for both. */
const WIDEST_BESIDE_RUNS = 170;
const WIDEST_RUN = 120;
const RUN_GAP = 18;

/** What the rows are called: a model once, and beside it the runs that it has a row of. */
interface Names {
  /** The model, and below it its settings where it has any. */
  readonly groups: readonly (RowGroup & { readonly lines: readonly string[] })[];
  /** One for each row; none where there is only one run. */
  readonly runs: readonly string[];
  readonly runsLeft: number;
  readonly right: number;
}

function namesOf(rows: readonly GridRow[]): Names {
  const runs = shortened(rows.flatMap(({ run }) => (run === null ? [] : [visible(run)])));
  const widest = runs.length === 0 ? WIDEST_MODEL : WIDEST_BESIDE_RUNS;
  const groups = groupsOf(rows).map((group) => {
    const [model = '', ...settings] = group.setting.split(' · ');
    const lines = settings.length === 0 ? [model] : [model, settings.join(' · ')];
    return { ...group, lines: lines.map((line) => cut(visible(line), widest, LABEL)) };
  });
  const lines = groups.flatMap((group) => group.lines);
  const modelsRight = MARGIN + widestOf(lines, LABEL);
  const runsLeft = modelsRight + RUN_GAP;
  return { groups, runs, runsLeft, right: runs.length === 0 ? modelsRight : runsLeft + widestOf(runs, SMALL) };
}

/** Their beginnings, or their ends where only these tell them apart. */
function shortened(runs: readonly string[]): string[] {
  const begins = runs.map((run) => cut(run, WIDEST_RUN, SMALL));
  if (new Set(begins).size === new Set(runs).size) return begins;
  return runs.map((run) => reversed(cut(reversed(run), WIDEST_RUN, SMALL)));
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

function widestOf(texts: readonly string[], { size, face }: Look): number {
  return Math.ceil(Math.max(...texts.map((text) => textWidth(text, size, face))));
}

const LABEL_GAP = 22;
/** Between the title of a column and its physical limit. */
const LIMIT_GAP = 14;
const WIDEST_GAP = 30;
/** With more columns their headings are set smaller. */
const FEW_COLUMNS = 5;

/** One column: `left` is zero, `right` the end of the axis. */
export interface PlacedColumn {
  readonly left: number;
  readonly right: number;
  readonly title: readonly string[];
  readonly answer: string | null;
  /** Above the mark of the physical limit; null where there is none, or no room. */
  readonly limit: { readonly right: number; readonly text: string } | null;
}

/** Side by side, right of the names of the rows. `isAnswered` says that the answers are given elsewhere in the image. */
function columnsOf(grid: Grid, names: Names) {
  const start = names.right + LABEL_GAP;
  const { length } = grid.columns;
  const room = WIDTH - MARGIN - start;
  const gap = Math.min(WIDEST_GAP, (room / length) * 0.12);
  const width = (room - gap * (length - 1)) / length;
  const head: Look = { size: length > FEW_COLUMNS ? SMALL.size : 20, face: 'bold' };
  const columns = grid.columns.map((column, i): PlacedColumn => {
    const left = start + i * (width + gap);
    const title = linesOf(column.title, width, 2, head);
    const answer = answers(column.scenario).find((text) => fits(text, width, SMALL));
    const limit = limitLabel(column, title, head, width);
    return {
      ...{ left, right: left + width, title, answer: answer ?? null },
      limit: limit === null ? null : { ...limit, right: left + limit.right },
    };
  });
  return { columns, width, head };
}

/** On the line of the title, where both fit. */
function limitLabel({ cells, end }: GridColumn, title: readonly string[], head: Look, width: number) {
  const limits = [...new Set(cells.flatMap(({ limit }) => limit ?? []))];
  if (limits.length === 0) return null;
  const [low, high] = [Math.min(...limits), Math.max(...limits)];
  const text = low === high ? `limit ${given(low)}/s` : `limit ${range(low, high)}/s`;
  const right = (width * high) / end;
  const taken = textWidth(title.at(-1) ?? '', head.size, head.face) + LIMIT_GAP;
  return taken + textWidth(text, SMALL.size) <= right ? { right, text } : null;
}

/** Of the figures: a card is often shown at half its size. */
const SMALLEST: Look = { size: 18, face: 'bold' };
/** From the most telling to the shortest. */
const SIDE_BY_SIDE: readonly Wording[] = [
  { inWords: true, hasImplied: true, hasUnit: true },
  { inWords: true, hasImplied: true, hasUnit: false },
  { inWords: true, hasImplied: false, hasUnit: true },
  { inWords: true, hasImplied: false, hasUnit: false },
  { inWords: false, hasImplied: false, hasUnit: true },
];
const SHORTEST: Wording = { inWords: false, hasImplied: false, hasUnit: false };

/** Which words there is room for: the same in every cell of an image. */
function wordingOf(grid: Grid, width: number): Wording {
  const cells = grid.columns.flatMap((column) => column.cells);
  if (hasLowRows(grid)) {
    const isRoom = (wording: Wording) => cells.every((cell) => rightEnd(cell, wording, SMALLEST) <= width);
    return SIDE_BY_SIDE.find(isRoom) ?? SHORTEST;
  }
  const inWords = cells.every((cell) => fits(remark(cell, { inWords: true, hasImplied: true }), width, SMALL));
  const hasUnit = cells.every((cell) => fits(figureText(cell, { hasUnit: true }), width, SMALLEST));
  return { inWords, hasImplied: inWords, hasUnit };
}

/** Where a remark begins that stands beside its figure, from the left edge of its column. */
export function remarkLeft(cell: GridCell, wording: Wording, { size, face }: Look): number {
  return textWidth(figureText(cell, wording), size, face) + size / 2;
}

/** Where it ends. */
function rightEnd(cell: GridCell, wording: Wording, look: Look): number {
  return remarkLeft(cell, wording, look) + textWidth(remark(cell, wording), SMALL.size);
}

const LARGEST_FIGURE = 56;
const THICKEST_BAR = 96;
const THINNEST_BAR = 6;
const ABOVE_BAR = 4;
/** Of the height of a row. */
const LARGEST_SHARE = 0.28;
/** A row is easier to read when its bar is thick, so a figure becomes smaller, down to this, to have the remark beside it. */
const LEAST_BESIDE = 21;
/** Of the height of a row, above its words and below its bar together; low rows have room around each model. */
const FREE = 0.18;
const FREE_OF_LOW = 0.1;

/** How the words and the bar of a cell share the height of its row: middles of the words, and the top of the bar. */
export interface InRow {
  readonly look: Look;
  /** Whether the remark stands right of the figure, and not below it. */
  readonly isBeside: boolean;
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
function inRowOf(cells: readonly GridCell[], wording: Wording, { width, height, isLow }: Room): InRow {
  const size = Math.max(SMALLEST.size, Math.min(LARGEST_FIGURE, Math.floor(height * LARGEST_SHARE)));
  const beside = largest(size, Math.min(size, LEAST_BESIDE), (look) =>
    cells.every((cell) => rightEnd(cell, wording, look) <= width),
  );
  const widest = Math.max(...cells.map((cell) => textWidth(figureText(cell, wording), 1, 'bold')));
  // A remark that is too long for a low row reaches into the gap behind its column; below the figure there is no room at all.
  const isBeside = beside !== null || isLow;
  const look = beside ?? largest(size, SMALLEST.size, (one) => widest * one.size <= width) ?? SMALLEST;
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
