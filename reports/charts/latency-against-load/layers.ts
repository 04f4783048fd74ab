/** The lines of a chart of latency against load, in the pixels of its panel. */

import { logRange, type Scale, scaleOf } from '../../drawing/axes.ts';
import { lineNameLayers } from '../../drawing/line-names.ts';
import { IN_PIXELS, type Layer, points, rules } from '../../drawing/marks.ts';
import { across, type Panel, upwards } from '../../drawing/panels.ts';
import { percentileWords } from '../../drawing/percentiles.ts';
import { INK } from '../../drawing/theme.ts';
import { visible } from '../../words/escape.ts';
import { rateText } from '../../words/rates.ts';
import type { LoadLine } from './lines.ts';

/** Requests per second from left to right, milliseconds upwards. */
export interface LoadAxes {
  readonly x: Scale;
  readonly y: Scale;
  readonly lowestMs: number;
}

/** The label above the limit of an SLO lies within the plot. */
const LIMIT_ROOM = 1.2;
/** Above the plot, for the marks of capacities. */
const CAPACITY_TOP = -8;

/** Axes that hold all points with their intervals, the capacities and the limit of the SLO. */
export function loadAxes(lines: readonly LoadLine[], limitMs: number | null): LoadAxes {
  const all = lines.flatMap((line) => line.points);
  const rates = [...all.map(({ rate }) => rate), ...lines.flatMap(({ capacity }) => capacity?.requestsPerSec ?? [])];
  const latencies = all.flatMap(({ p99: { ms, low, high } }) => [ms, low ?? ms, high ?? ms]);
  const range = logRange([...latencies.filter((ms) => ms > 0), ...(limitMs === null ? [] : [limitMs * LIMIT_ROOM])]);
  const x = scaleOf({ kind: 'linear', end: Math.max(...rates) * 1.03 }, 12);
  return { x, y: scaleOf(range, 5), lowestMs: range.start };
}

export function lineLayers(axes: LoadAxes, panel: Panel, lines: readonly LoadLine[], hasNames: boolean): Layer[] {
  const x = (rate: number): number => across(panel, axes.x.at(rate));
  const y = (ms: number): number => upwards(panel, axes.y.at(ms));
  const segments = lines.flatMap(({ colour, points: all }) =>
    all.slice(1).map((to, i) => {
      const from = all[i] ?? to;
      const ends = { x: x(from.rate), x2: x(to.rate), y: y(from.p99.ms), y2: y(to.p99.ms) };
      return { isSolid: to.keptUp && from.keptUp, datum: { ...ends, colour } };
    }),
  );
  const segmentsOf = (isSolid: boolean) => segments.filter((one) => one.isSolid === isSolid).map(({ datum }) => datum);
  const intervals = lines.flatMap(({ colour, points: all }) =>
    all.flatMap(({ rate, p99: { low, high } }) =>
      low === null || high === null
        ? []
        : [{ x: x(rate), x2: x(rate), y: y(Math.max(low, axes.lowestMs)), y2: y(high), colour }],
    ),
  );
  const marks = lines.flatMap(({ label, colour, shape, points: all }) =>
    all.map(({ rate, p99, keptUp, isComparable }) => ({
      ...{ x: x(rate), y: y(p99.ms), stroke: colour, fill: keptUp && isComparable ? colour : INK.paper },
      shape: isComparable ? shape : 'cross',
      description: visible(
        `${label}: ${percentileWords(p99, 'p99')} at ${rateText(rate)}${keptUp ? '' : ', fell behind'}`,
      ),
    })),
  );
  const lost = lines.flatMap(({ colour, points: all }) =>
    all.filter(({ p99 }) => p99.atLeast).map(({ rate, p99 }) => ({ x: x(rate), y: y(p99.ms) - 13, colour })),
  );
  const names = lines.flatMap(({ label, colour, points: all }) => {
    const last = all.at(-1);
    return last === undefined ? [] : [{ text: label, colour, x: x(last.rate), y: y(last.p99.ms) }];
  });
  return [
    ...rules(IN_PIXELS, intervals, { strokeWidth: 1.4, opacity: 0.7 }),
    ...rules(IN_PIXELS, segmentsOf(true), { strokeWidth: 2.2 }),
    ...rules(IN_PIXELS, segmentsOf(false), { strokeWidth: 2.2, strokeDash: [4, 3] }),
    ...points(IN_PIXELS, marks, { size: 64, strokeWidth: 2 }),
    ...points(IN_PIXELS, lost, { shape: 'triangle-up', size: 46, filled: true }),
    ...(hasNames ? lineNameLayers(panel, names) : []),
  ];
}

/** A triangle above the plot and a dashed line down from it at what each model serves at full load. */
export function capacityLayers(axes: LoadAxes, panel: Panel, lines: readonly LoadLine[]): Layer[] {
  const marks = lines.flatMap(({ colour, capacity }) => {
    if (capacity === null) return [];
    const x = across(panel, axes.x.at(capacity.requestsPerSec));
    return [{ x, y: CAPACITY_TOP, colour, fill: capacity.isRanked ? colour : INK.paper }];
  });
  return [
    ...rules(
      IN_PIXELS,
      marks.map(({ x, y, colour }) => ({ x, x2: x, y, y2: panel.height, colour })),
      { strokeWidth: 1.2, strokeDash: [2, 4], opacity: 0.8 },
    ),
    ...points(
      IN_PIXELS,
      marks.map(({ x, y, colour, fill }) => ({ x, y, stroke: colour, fill })),
      { shape: 'triangle-down', size: 70 },
    ),
  ];
}
