/** Draws the grid. Everything is placed in pixels: each column has an axis of its own. */

import { DESCRIBED, DESCRIPTION } from '../../drawing/described.ts';
import type { Layer } from '../../drawing/frame.ts';
import { MARGIN } from '../../drawing/layout.ts';
import { INK } from '../../drawing/theme.ts';
import { arrowheads, goesOn, type Vertical } from '../../drawing/whiskers.ts';
import { endsOf, type Spread } from '../../words/spread.ts';
import { WIDTH } from './columns.ts';
import type { DrawnCell, Grid, GridCell, GridColumn } from './grid.ts';
import { type Line, rects, rules, texts } from './marks.ts';
import { LABEL, SMALL } from './names.ts';
import { type InRow, LEADING, type Place } from './place.ts';
import { describe, figureText, remark, remarkLeft, type Wording } from './words.ts';

/** Headings, names, bars and their words. */
export function gridLayers(grid: Grid, place: Place, spread: Spread, wording: Wording): Layer[] {
  const spots = grid.columns.flatMap((column, i): Spot[] => {
    const placed = place.columns[i];
    if (placed === undefined) return [];
    const { left, right } = placed;
    return column.cells.map((cell) => ({ column, cell, left, right, top: place.rowTops[cell.row] ?? 0 }));
  });
  return [
    ...separatorLayers(place),
    ...headingLayers(place),
    ...nameLayers(place),
    ...barLayers(spots, place.inRow, spread),
    ...figureLayers(spots, place.inRow, wording, spread),
    ...remarkLayers(spots, place.inRow, wording),
  ];
}

/** Lines above, between and below the models. */
export function separatorLayers({ separators }: Place): Layer[] {
  const lines = separators.map((y) => ({ x: MARGIN, x2: WIDTH - MARGIN, y, y2: y }));
  return rules(lines, { color: INK.grid, strokeWidth: 1.5 });
}

/** Scenarios, their physical limits, and the answers. */
export function headingLayers({ columns, head, headTop, headLines }: Place): Layer[] {
  const line = head.size * LEADING;
  const bottom = headTop + headLines * line;
  const titles = columns.flatMap(({ left, title }) =>
    title.map((text, i) => ({ x: left, y: bottom - (title.length - i - 0.5) * line, text })),
  );
  const limits = columns.flatMap(({ limit }) =>
    limit === null ? [] : [{ x: limit.right, y: bottom - line / 2, text: limit.text }],
  );
  const y = bottom + (SMALL.size * LEADING) / 2;
  const below = columns.flatMap(({ left, answer }) => (answer === null ? [] : [{ x: left, y, text: answer }]));
  return [
    ...texts(titles, { fontSize: head.size, fontWeight: 'bold', color: INK.strong }),
    ...texts(limits, { fontSize: SMALL.size, align: 'right', color: INK.quiet }),
    ...texts(below, { fontSize: SMALL.size, color: INK.normal }),
  ];
}

/** Models in their colours, which is the only legend there is, and the runs of each. */
export function nameLayers({ names: { groups, runs, runsLeft }, rowTops, rowHeight }: Place): Layer[] {
  const line = LABEL.size * 1.2;
  const all = groups.flatMap(({ colour, first, count, lines }) => {
    const middle = (rowTops[first] ?? 0) + (count / 2) * rowHeight;
    return lines.map((text, i) => ({ x: MARGIN, y: middle + (i - (lines.length - 1) / 2) * line, text, colour, i }));
  });
  const models = all.filter(({ i }) => i === 0);
  const settings = all.filter(({ i }) => i > 0);
  return [
    ...texts(
      models.map(({ i: _, ...label }) => label),
      { fontSize: LABEL.size, fontWeight: 'bold' },
    ),
    ...texts(
      settings.map(({ x, y, text }) => ({ x, y, text })),
      { fontSize: SMALL.size, color: INK.normal },
    ),
    ...texts(
      runs.map((text, row) => ({ x: runsLeft, y: (rowTops[row] ?? 0) + rowHeight / 2, text })),
      { fontSize: SMALL.size, color: INK.normal },
    ),
  ];
}

/** What has no bar is described by its word. */
export function figureLayers(spots: readonly Spot[], inRow: InRow, wording: Wording, spread: Spread): Layer[] {
  const of = (kind: GridCell['kind']) => spots.filter(({ cell }) => cell.kind === kind);
  const words = ({ cell, left, top }: Spot) => ({ x: left, y: top + inRow.figure, text: figureText(cell, wording) });
  const size = { fontSize: inRow.look.size };
  const failed = of('failed').map((spot) => ({
    ...words(spot),
    y: spot.top + inRow.middle,
    description: describe(spot.column, spot.cell, spread),
  }));
  const failedLook = { fontSize: SMALL.size, fontStyle: 'italic', color: INK.quiet, ...DESCRIBED };
  return [
    ...texts(of('ranked').map(words), { ...size, fontWeight: 'bold', color: INK.strong }),
    ...texts(of('not-ranked').map(words), { ...size, color: INK.quiet }),
    ...texts(failed, failedLook, DESCRIPTION),
  ];
}

/** Verdicts in strong ink, all else in quiet. */
export function remarkLayers(spots: readonly Spot[], inRow: InRow, wording: Wording): Layer[] {
  const remarks = spots.flatMap(({ cell, left, top }) => {
    const text = remark(cell, wording);
    const x = left + (inRow.isBeside ? remarkLeft(cell, wording, inRow.look) : 0);
    const isVerdict = cell.kind === 'ranked' && !cell.isBaseline;
    return text === '' ? [] : [{ isVerdict, words: { x, y: top + inRow.remark, text } }];
  });
  const [verdicts, others] = [true, false].map((one) =>
    remarks.filter(({ isVerdict }) => isVerdict === one).map(({ words }) => words),
  );
  return [
    ...texts(verdicts ?? [], { fontSize: SMALL.size, color: INK.strong }),
    ...texts(others ?? [], { fontSize: SMALL.size, color: INK.quiet }),
  ];
}

/** A cell in its place. */
export interface Spot<C extends GridCell = GridCell> {
  readonly column: GridColumn;
  readonly cell: C;
  /** Zero, and the end of the axis. */
  readonly left: number;
  readonly right: number;
  /** Of the row. */
  readonly top: number;
}

/** Of the first run, the second and so on: the later ones are lighter, with an edge. */
const RUN_OPACITY = [1, 0.45, 0.2, 0.08] as const;
const EDGE = { stroke: { field: 'colour', type: 'nominal', scale: null } } as const;
const FADED = { fillOpacity: 0.18, stroke: INK.quiet, strokeWidth: 1.5, strokeDash: [4, 3] } as const;
const X = { type: 'quantitative', scale: null, axis: null } as const;
const Y: Vertical = { ...X, field: 'y' };
/** Of zero and of the limit, above and below the bar. */
const OVERHANG = 4;

export function barLayers(spots: readonly Spot[], inRow: InRow, spread: Spread): Layer[] {
  const drawn = spots.flatMap((spot): Spot<DrawnCell>[] => {
    const { cell } = spot;
    return cell.kind === 'failed' ? [] : [{ ...spot, cell }];
  });
  const bars = (own: readonly Spot<DrawnCell>[], look: object, more: object = {}) => {
    const values = own.map((spot) => bar(spot, inRow, spread));
    return rects(values, { ...DESCRIBED, ...look }, { ...DESCRIPTION, ...more });
  };
  const ranked = RUN_OPACITY.flatMap((fillOpacity, turn) => {
    const own = drawn.filter(({ cell }) => cell.kind === 'ranked' && cell.turn === turn);
    return turn === 0 ? bars(own, {}) : bars(own, { fillOpacity, strokeWidth: 1.5 }, EDGE);
  });
  const zeros = drawn.map(({ left, top }) => upright(left, top + inRow.bar, inRow.barHeight, OVERHANG));
  return [
    ...ranked,
    ...bars(
      drawn.filter(({ cell }) => cell.kind === 'not-ranked'),
      FADED,
    ),
    ...rules(zeros, { color: INK.line, strokeWidth: 2 }),
    ...limitMarks(drawn, inRow),
    ...whiskers(drawn, inRow),
  ];
}

function bar({ column, cell, left, right, top }: Spot<DrawnCell>, inRow: InRow, spread: Spread) {
  const { point } = cell.result.requestsPerSec;
  const y = top + inRow.bar;
  const ends = { x: left, x2: xOf(point, { column, left, right }), y, y2: y + inRow.barHeight };
  return { ...ends, requestsPerSec: point, colour: cell.colour, description: describe(column, cell, spread) };
}

/** Beside the bars only, so that no figure is crossed out. */
function limitMarks(drawn: readonly Spot<DrawnCell>[], { bar, barHeight }: InRow): Layer[] {
  const marks = drawn.flatMap(({ column, cell: { limit }, left, right, top }) =>
    limit === null ? [] : [upright(xOf(limit, { column, left, right }), top + bar, barHeight, OVERHANG)],
  );
  return rules(marks, { color: INK.strong, strokeWidth: 2, strokeDash: [4, 3] });
}

/** Whether the interval of a cell has an arrowhead at the end of the axis. */
export function isCut({ result: { requestsPerSec } }: DrawnCell, { end }: GridColumn): boolean {
  return requestsPerSec.trials > 1 && goesOn(endsOf(requestsPerSec), end);
}

function whiskers(drawn: readonly Spot<DrawnCell>[], { bar, barHeight }: InRow): Layer[] {
  const half = Math.min(8, Math.max(4, barHeight * 0.3));
  const lines = drawn.flatMap(({ column, cell, left, right, top }): Line[] => {
    const { requestsPerSec } = cell.result;
    if (requestsPerSec.trials < 2) return [];
    const { low, high } = endsOf(requestsPerSec);
    const [x, x2] = [low, high].map((value) => xOf(Math.min(value, column.end), { column, left, right }));
    if (x === undefined || x2 === undefined) return [];
    const y = top + bar + barHeight / 2;
    const cap = (at: number) => upright(at, y, 0, half);
    // The end of a line would blunt the arrowhead.
    return isCut(cell, column)
      ? [{ x, x2: Math.max(x, x2 - half), y, y2: y }, cap(x)]
      : [{ x, x2, y, y2: y }, cap(x), cap(x2)];
  });
  const cut = drawn.filter(({ cell, column }) => isCut(cell, column));
  const ends = cut.map(({ right, top }) => ({ x: right, y: top + bar + barHeight / 2 }));
  const heads = (color: string, edge: number) =>
    arrowheads({ x: X, y: Y, field: 'x' }, ends, { color, height: 2 * half, edge });
  // A light edge around the dark whisker keeps it visible on a bar of any colour.
  return [
    ...rules(lines, { color: INK.paper, strokeWidth: 5, strokeCap: 'square' }),
    ...heads(INK.paper, 1.5),
    ...rules(lines, { color: INK.strong, strokeWidth: 2, strokeCap: 'square' }),
    ...heads(INK.strong, 0),
  ];
}

function xOf(requestsPerSec: number, { column, left, right }: Pick<Spot, 'column' | 'left' | 'right'>): number {
  return left + ((right - left) * requestsPerSec) / column.end;
}

function upright(x: number, top: number, height: number, overhang: number): Line {
  return { x, x2: x, y: top - overhang, y2: top + height + overhang };
}
