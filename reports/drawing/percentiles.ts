import type { Percentile as Measured, Percentiles } from '../../harness/judge/schema/capacity.ts';
import { intervalText } from '../words/figures.ts';
import { percentileFigure, settledInterval } from '../words/rates.ts';
import type { Layer } from './frame.ts';
import { HEAD_SIZE, headLayer } from './layers.ts';
import { textWidth } from './text-width.ts';
import { INK } from './theme.ts';

/** A percentile and the mark that stands for it, told apart by shape and filling and not by colour. */
export interface Percentile {
  readonly key: keyof PercentileFigures;
  readonly name: string;
  readonly shape: 'circle' | 'diamond';
  readonly filled: boolean;
  readonly of: (latency: PercentileFigures) => number | null;
}

/** In milliseconds; null where the sample cannot support one. */
export type PercentileFigures = Readonly<Record<'p50' | 'p90' | 'p99' | 'p999', number | null>>;

const PERCENTILES: readonly Percentile[] = [
  { key: 'p50', name: 'p50', shape: 'circle', filled: true, of: ({ p50 }) => p50 },
  { key: 'p90', name: 'p90', shape: 'circle', filled: false, of: ({ p90 }) => p90 },
  { key: 'p99', name: 'p99', shape: 'diamond', filled: true, of: ({ p99 }) => p99 },
  { key: 'p999', name: 'p99.9', shape: 'diamond', filled: false, of: ({ p999 }) => p999 },
];

/** The percentiles without their intervals. */
export function figuresOf({ p50, p90, p99, p999 }: Percentiles): PercentileFigures {
  return { p50: p50?.ms ?? null, p90: p90?.ms ?? null, p99: p99?.ms ?? null, p999: p999?.ms ?? null };
}

/** The percentiles that at least one of these has. */
export function percentilesOf(latencies: readonly PercentileFigures[]): Percentile[] {
  return PERCENTILES.filter(({ of }) => latencies.some((latency) => of(latency) !== null));
}

/** How the mark of a percentile looks, in the given colour. */
export function pointLook({ shape, filled }: Percentile) {
  const size = shape === 'circle' ? 110 : 130;
  return { type: 'point', shape, size, strokeWidth: 2, opacity: 1, fillIsPaper: !filled } as const;
}

/** The name of the percentile above its column of figures, with its mark: the legend of the chart. */
export function percentileHead(percentile: Percentile, right: number): Layer[] {
  const { fillIsPaper, ...mark } = pointLook(percentile);
  const symbol: Layer = {
    data: { values: [{}] },
    mark: { ...mark, size: 70, fill: fillIsPaper ? INK.paper : INK.normal, stroke: INK.normal },
    encoding: { x: { value: right - textWidth(percentile.name, HEAD_SIZE) - 10 }, y: { value: -12 } },
  };
  return [headLayer(percentile.name, right), symbol];
}

/** What the mark of a percentile says when it is asked: `p99 24.1 ms (23.2–26.9)`. */
export function percentileWords(percentile: Measured | null, name: string): string {
  if (percentile === null) return name;
  const interval = settledInterval(percentile);
  const ends = interval === null || interval === 'unsettled' ? '' : ` (${intervalText(interval.low, interval.high)})`;
  return `${name} ${percentileFigure(percentile)} ms${ends}`;
}
