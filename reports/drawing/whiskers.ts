/** Intervals, as far as they can be drawn. */
import type { Percentile } from '../../harness/judge/schema/capacity.ts';
import { settledInterval } from '../words/rates.ts';
import type { Layer } from './frame.ts';
import type { LatencyAxis } from './latency-axis.ts';
import type { RowAxis } from './layers.ts';
import { INK } from './theme.ts';

interface Interval {
  readonly low: number;
  readonly high: number;
}

/** One in the row with this name. */
export type RowWhisker = Interval & { readonly label: string };

/** One with the member that says in which row it is. */
type Whisker = RowWhisker | (Interval & { readonly y: number });

/** The vertical place of a row, by its name or in pixels. */
export type Vertical =
  | RowAxis
  | { readonly field: 'y'; readonly type: 'quantitative'; readonly scale: null; readonly axis: null };

/** Null where there is no interval, or one so wide that it says nothing. */
export function drawnInterval(percentile: Percentile | null): Interval | null {
  const interval = settledInterval(percentile);
  return interval === 'unsettled' ? null : interval;
}

/** What is drawn of an interval has to fit on the axis. */
export function intervalEnds(percentile: Percentile | null): number[] {
  const interval = drawnInterval(percentile);
  return interval === null ? [] : [interval.low, interval.high];
}

/** Thickness of the lines and length of the caps, in pixels; `edge` is that of the light edge around them. */
interface WhiskerLook {
  readonly line: number;
  readonly cap: number;
  readonly edge: { readonly line: number; readonly cap: number; readonly capLine: number };
}

/** On dots and thin lines. */
const FINE: WhiskerLook = { line: 1.6, cap: 12, edge: { line: 4.4, cap: 15, capLine: 4 } };
/** On bars. */
const BOLD: WhiskerLook = { line: 1.8, cap: 14, edge: { line: 5, cap: 17, capLine: 4.6 } };

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

/** Each points right and ends at its `field`; `height`, and the `edge` around it, in pixels. */
export function arrowheads<X extends object>(
  { x, y, field }: { readonly x: X; readonly y: Vertical; readonly field: string },
  values: readonly object[],
  { color, height, edge }: { readonly color: string; readonly height: number; readonly edge: number },
): Layer[] {
  if (values.length === 0) return [];
  const outline = edge === 0 ? {} : { stroke: color, strokeWidth: 2 * edge, strokeJoin: 'round' as const };
  return [
    {
      data: { values: [...values] },
      // A path is scaled by half the root of its size.
      mark: { type: 'point', shape: ARROWHEAD, size: height ** 2, filled: true, fill: color, opacity: 1, ...outline },
      encoding: { x: { ...x, field }, y },
    },
  ];
}

/** A whisker per row of the data, from `low` to `high`, with a cap wherever one of the fields in `caps` is. */
function layersOf<X extends object>(
  x: X,
  y: Vertical,
  values: readonly Whisker[],
  { line, cap, edge }: WhiskerLook,
  caps: readonly string[],
  cut: readonly Whisker[] = [],
): Layer[] {
  if (values.length === 0) return [];
  const rule = (color: string, strokeWidth: number): Layer => ({
    mark: { type: 'rule', color, strokeWidth },
    encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
  });
  const tick = (field: string, color: string, size: number, thickness: number): Layer => ({
    mark: { type: 'tick', orient: 'vertical', color, opacity: 1, size, thickness },
    encoding: { x: { ...x, field }, y },
  });
  const heads = (color: string, around: number): Layer[] =>
    arrowheads({ x, y, field: 'high' }, cut, { color, height: cap, edge: around });
  // A light edge around the dark whisker keeps it visible on marks of any colour.
  const light = [rule(INK.paper, edge.line), ...caps.map((end) => tick(end, INK.paper, edge.cap, edge.capLine))];
  const dark = [rule(INK.strong, line), ...caps.map((end) => tick(end, INK.strong, cap, line))];
  const layer = [...light, ...heads(INK.paper, (edge.line - line) / 2), ...dark, ...heads(INK.strong, 0)];
  return [{ data: { values: [...values] }, layer }];
}

/** On dots. */
export function whiskerLayers(x: LatencyAxis, y: Vertical, whiskers: readonly Whisker[]): Layer[] {
  return layersOf(x, y, whiskers, FINE, ['low', 'high']);
}

/** On bars that start at zero. */
export function barWhiskers<X extends object>(x: X, y: RowAxis, whiskers: readonly RowWhisker[]): Layer[] {
  return layersOf(x, y, whiskers, BOLD, ['low', 'high']);
}

/** On bars, cut off at the end of the axis: one that goes on has an arrowhead there. */
export function cutWhiskers<X extends object>(x: X, y: RowAxis, whiskers: readonly RowWhisker[], end: number): Layer[] {
  const values = whiskers.map(({ label, low, high }) => ({
    label,
    low: Math.min(low, end),
    high: Math.min(high, end),
    cap: goesOn({ high }, end) ? null : high,
  }));
  const cut = values.filter(({ cap }) => cap === null).map(({ label, low, high }) => ({ label, low, high }));
  return layersOf(x, y, values, BOLD, ['low', 'cap'], cut);
}
