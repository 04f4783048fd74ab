/** Intervals, as far as they can be drawn. */
import type { Percentile } from '../../harness/judge/schema/capacity.ts';
import { settledInterval } from '../words/rates.ts';
import { type Layer, type Place, points, rules, ticks } from './marks.ts';
import type { TextRow } from './row-texts.ts';
import { INK } from './theme.ts';

interface Interval {
  readonly low: number;
  readonly high: number;
}

/** One in a row. */
export interface Whisker extends TextRow, Interval {}

/** Null where there is no interval, or one so wide that it says nothing. */
export function drawnInterval(percentile: Percentile | null): Interval | null {
  const interval = settledInterval(percentile);
  return interval === 'unsettled' ? null : interval;
}

/** Thickness of the lines and length of the caps, in pixels; `edge` is that of the light edge around them. */
export interface WhiskerLook {
  readonly line: number;
  readonly cap: number;
  readonly edge: { readonly line: number; readonly cap: number; readonly capLine: number };
}

/** On bars. */
export const ON_BARS: WhiskerLook = { line: 1.8, cap: 14, edge: { line: 5, cap: 17, capLine: 4.6 } };

/** Whether an interval ends beyond its axis: it has an arrowhead there and no cap. */
export function goesOn({ high }: Pick<Interval, 'high'>, end: number): boolean {
  return high > end;
}

/** What an arrowhead means; none where none of these has one. */
export function arrowheadNotes(isAny: boolean): string[] {
  return isAny ? ['Arrowhead: the interval goes on beyond this axis.'] : [];
}

/** Its point is at the origin: it says where the axis ends. */
const ARROWHEAD = 'M0,0L-1.7,-1L-1.7,1Z';

/** From `low` to `high` with a cap at each end; what is beyond the `end` of the axis is cut off, with an arrowhead there. */
export function whiskerLayers(
  place: Place,
  whiskers: readonly Whisker[],
  { line, cap, edge }: WhiskerLook,
  end = Number.POSITIVE_INFINITY,
): Layer[] {
  const shown = whiskers.map(({ low, high, ...row }) => ({ row, low: Math.min(low, end), high }));
  const lines = shown.map(({ row, low, high }) => ({ ...row, x: low, x2: Math.min(high, end) }));
  const lows = shown.map(({ row, low }) => ({ ...row, x: low }));
  const highs = shown.flatMap(({ row, high }) => (goesOn({ high }, end) ? [] : [{ ...row, x: high }]));
  const heads = shown.flatMap(({ row, high }) => (goesOn({ high }, end) ? [{ ...row, x: end }] : []));
  // A path is scaled by half the root of its size.
  const arrowhead = { shape: ARROWHEAD, size: cap ** 2, filled: true };
  const outline = { stroke: INK.paper, strokeWidth: edge.line - line, strokeJoin: 'round' };
  const caps = (color: string, size: number, thickness: number): Layer[] =>
    [lows, highs].flatMap((ends) => ticks(place, ends, { color, size, thickness }));
  return [
    // A light edge around the dark whisker keeps it visible on marks of any colour.
    ...rules(place, lines, { color: INK.paper, strokeWidth: edge.line }),
    ...caps(INK.paper, edge.cap, edge.capLine),
    ...points(place, heads, { ...arrowhead, fill: INK.paper, ...outline }),
    ...rules(place, lines, { color: INK.strong, strokeWidth: line }),
    ...caps(INK.strong, cap, line),
    ...points(place, heads, { ...arrowhead, fill: INK.strong }),
  ];
}
