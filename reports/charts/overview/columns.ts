/** Columns side by side, right of the names of the rows. In pixels from the left edge of the image. */

import { MARGIN } from '../../drawing/layout.ts';
import { fits, type Look, linesOf, textWidth } from '../../drawing/text-width.ts';
import { given, range } from '../../words/figures.ts';
import { answers } from './answer.ts';
import type { Grid, GridColumn } from './grid.ts';
import { type Names, namesOf, SMALL } from './names.ts';

export const WIDTH = 1200;

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

export interface PlacedColumns {
  readonly columns: readonly PlacedColumn[];
  /** Of each. */
  readonly width: number;
  readonly head: Look;
  readonly names: Names;
}

/** `isAnswered` says that the answers are given elsewhere in the image. */
export function columnsOf(grid: Grid, isAnswered: boolean): PlacedColumns {
  const names = namesOf(grid.rows);
  const start = names.right + LABEL_GAP;
  const { length } = grid.columns;
  const room = WIDTH - MARGIN - start;
  const gap = Math.min(WIDEST_GAP, (room / length) * 0.12);
  const width = (room - gap * (length - 1)) / length;
  const head: Look = { size: length > FEW_COLUMNS ? SMALL.size : 20, face: 'bold' };
  const columns = grid.columns.map((column, i): PlacedColumn => {
    const left = start + i * (width + gap);
    const title = linesOf(column.title, width, 2, head);
    const answer = isAnswered ? undefined : answers(column).find((text) => fits(text, width, SMALL));
    const limit = limitLabel(column, title, head, width);
    return {
      ...{ left, right: left + width, title, answer: answer ?? null },
      limit: limit === null ? null : { ...limit, right: left + limit.right },
    };
  });
  return { columns, width, head, names };
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
