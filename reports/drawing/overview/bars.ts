/** Bars from zero, with their whiskers and the physical limit. */
import { INK } from '../../charts/theme.ts';
import { endsOf, type Spread } from '../../spread.ts';
import { DESCRIBED, DESCRIPTION } from '../described.ts';
import type { Layer } from '../frame.ts';
import { arrowheads, goesOn, type Vertical } from '../whiskers.ts';
import type { DrawnCell, GridCell, GridColumn } from './grid.ts';
import { type Line, rects, rules } from './marks.ts';
import type { InRow } from './row.ts';
import { describe } from './words.ts';

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
