/** Intervals of percentiles of latency, as far as they can be drawn. */
import type { Percentile } from '../../harness/judge/percentile-schema.ts';
import { INK } from '../charts/theme.ts';
import { settledInterval } from '../rates.ts';
import type { Layer } from './frame.ts';
import type { LatencyAxis } from './latency-axis.ts';
import type { RowAxis } from './layers.ts';

interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A whisker, with the member that says in which row it is. */
type Whisker = Interval & ({ readonly label: string } | { readonly y: number });

/** The vertical place of a row, by its name or in pixels. */
type Vertical =
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

/** Dark whiskers, with a light edge so that they show on the marks of any colour. */
export function whiskerLayers(x: LatencyAxis, y: Vertical, whiskers: readonly Whisker[]): Layer[] {
  if (whiskers.length === 0) return [];
  const rule = (color: string, strokeWidth: number): Layer => ({
    mark: { type: 'rule', color, strokeWidth },
    encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
  });
  const cap = (field: string, color: string, size: number, thickness: number): Layer => ({
    mark: { type: 'tick', orient: 'vertical', color, opacity: 1, size, thickness },
    encoding: { x: { ...x, field }, y },
  });
  const ends = ['low', 'high'] as const;
  const edge = [rule(INK.paper, 4.4), ...ends.map((end) => cap(end, INK.paper, 15, 4))];
  const inner = [rule(INK.strong, 1.6), ...ends.map((end) => cap(end, INK.strong, 12, 1.6))];
  return [{ data: { values: [...whiskers] }, layer: [...edge, ...inner] }];
}
