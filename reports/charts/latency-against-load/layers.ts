/** Layers of a chart of latency against load. */

import { DESCRIBED, DESCRIPTION } from '../../drawing/described.ts';
import { type Anchor, labelWidth, placeLabels } from '../../drawing/direct-labels.ts';
import type { Layer } from '../../drawing/frame.ts';
import { HALO } from '../../drawing/layers.ts';
import { placedNameLayers } from '../../drawing/line-names.ts';
import { percentileWords } from '../../drawing/percentiles.ts';
import { INK } from '../../drawing/theme.ts';
import { visible } from '../../words/escape.ts';
import { given } from '../../words/figures.ts';
import { rateText } from '../../words/rates.ts';
import type { LoadAxes } from './axes.ts';
import type { LoadLine } from './lines.ts';

const COLOUR = { field: 'colour', type: 'nominal', scale: null } as const;
const DASH = [4, 3];
/** Above the plot, for the marks of capacities. */
const CAPACITY_TOP = -8;
const TITLE_TOP = -30;

/** Dashed from the last point that the server kept up with. */
export function segmentLayers({ x, y }: LoadAxes, lines: readonly LoadLine[]): Layer[] {
  const segments = lines.flatMap(({ colour, points }) =>
    points.slice(1).map((to, i) => {
      const from = points[i] ?? to;
      return { colour, keptUp: to.keptUp && from.keptUp, x: from.rate, x2: to.rate, y: from.p99.ms, y2: to.p99.ms };
    }),
  );
  return [true, false].flatMap((keptUp) => {
    const values = segments.filter((segment) => segment.keptUp === keptUp);
    if (values.length === 0) return [];
    const look = keptUp ? {} : { strokeDash: DASH };
    const layer: Layer = {
      data: { values },
      mark: { type: 'rule', strokeWidth: 2.2, ...look },
      encoding: {
        x: { ...x, field: 'x' },
        x2: { field: 'x2' },
        y: { ...y, field: 'y' },
        y2: { field: 'y2' },
        color: COLOUR,
      },
    };
    return [layer];
  });
}

/** The intervals of the points, behind them. */
export function intervalLayers({ x, y, range }: LoadAxes, lines: readonly LoadLine[]): Layer[] {
  const values = lines.flatMap(({ colour, points }) =>
    points.flatMap(({ rate, p99: { low, high } }) =>
      low === null || high === null ? [] : [{ colour, rate, low: Math.max(low, range.start), high }],
    ),
  );
  if (values.length === 0) return [];
  return [
    {
      data: { values },
      mark: { type: 'rule', strokeWidth: 1.4, opacity: 0.7 },
      encoding: { x: { ...x, field: 'rate' }, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: COLOUR },
    },
  ];
}

/** Filled where the server kept up, hollow where it did not, a cross where the point is not to be ranked. */
export function pointLayers({ x, y }: LoadAxes, lines: readonly LoadLine[]): Layer[] {
  return lines.flatMap(({ label, colour, shape, points }) =>
    [true, false].flatMap((isFilled): Layer[] => {
      const shown = points.filter(({ keptUp, isComparable }) => (keptUp && isComparable) === isFilled);
      if (shown.length === 0) return [];
      const values = shown.map(({ rate, p99, isComparable, keptUp }) => ({
        rate,
        ms: p99.ms,
        description: visible(
          `${label}: ${percentileWords(p99, 'p99')} at ${rateText(rate)}${keptUp ? '' : ', fell behind'}`,
        ),
        shape: isComparable ? shape : 'cross',
      }));
      return [
        {
          data: { values },
          mark: {
            type: 'point',
            size: 64,
            stroke: colour,
            fill: isFilled ? colour : INK.paper,
            strokeWidth: 2,
            opacity: 1,
            ...DESCRIBED,
          },
          encoding: {
            ...DESCRIPTION,
            x: { ...x, field: 'rate' },
            y: { ...y, field: 'ms' },
            shape: { field: 'shape', type: 'nominal', scale: null },
          },
        },
      ];
    }),
  );
}

/** An arrowhead above the points that lie among requests without a reply: the truth is there or higher. */
export function atLeastLayers({ x, y }: LoadAxes, lines: readonly LoadLine[]): Layer[] {
  const values = lines.flatMap(({ colour, points }) =>
    points.filter(({ p99 }) => p99.atLeast).map(({ rate, p99 }) => ({ colour, rate, ms: p99.ms })),
  );
  if (values.length === 0) return [];
  return [
    {
      data: { values },
      mark: { type: 'point', shape: 'triangle-up', size: 46, filled: true, opacity: 1, yOffset: -13 },
      encoding: { x: { ...x, field: 'rate' }, y: { ...y, field: 'ms' }, color: COLOUR },
    },
  ];
}

/** A triangle above the plot and a dashed line down from it at what each model serves at full load. */
export function capacityLayers({ end }: LoadAxes, lines: readonly LoadLine[], plotWidth: number): Layer[] {
  return lines.flatMap(({ colour, capacity }): Layer[] => {
    if (capacity === null) return [];
    const at = { value: (capacity.requestsPerSec / end) * plotWidth };
    const fill = capacity.isRanked ? colour : INK.paper;
    return [
      {
        data: { values: [{}] },
        mark: { type: 'rule', color: colour, strokeWidth: 1.2, strokeDash: [2, 4], opacity: 0.8 },
        encoding: { x: at, y: { value: CAPACITY_TOP }, y2: { value: 'height' } },
      },
      {
        data: { values: [{}] },
        mark: { type: 'point', shape: 'triangle-down', size: 70, stroke: colour, fill, opacity: 1 },
        encoding: { x: at, y: { value: CAPACITY_TOP } },
      },
    ];
  });
}

/** A line at the limit of the SLO, with its figure. */
export function limitLayers({ y }: LoadAxes, limitMs: number): Layer[] {
  const data = { values: [{ ms: limitMs, text: `SLO: p99 within ${given(limitMs)} ms` }] };
  const text = { x: { value: 6 }, y: { ...y, field: 'ms' }, text: { field: 'text', type: 'nominal' } } as const;
  return [
    {
      data,
      mark: { type: 'rule', color: INK.strong, strokeWidth: 1.6, strokeDash: [6, 4] },
      encoding: { y: { ...y, field: 'ms' } },
    },
    { data, mark: { type: 'text', dy: -10, color: INK.paper, ...HALO }, encoding: text },
    { data, mark: { type: 'text', dy: -10, color: INK.strong, fontWeight: 'bold' }, encoding: text },
  ];
}

/** The name of each line beside its end, in its colour. */
export function nameLayers(
  { end, range }: LoadAxes,
  lines: readonly LoadLine[],
  width: number,
  height: number,
): Layer[] {
  const yOf = (ms: number) => height * (1 - Math.log(ms / range.start) / Math.log(range.end / range.start));
  const anchors = lines.flatMap(({ label, colour, points }): Anchor[] => {
    const last = points.at(-1);
    if (last === undefined) return [];
    return [{ text: label, colour, x: (last.rate / end) * width, y: yOf(last.p99.ms) }];
  });
  return placedNameLayers(placeLabels(anchors, width, height));
}

/** What the vertical axis shows, level above it: upright text would take more height than a long plot has. */
export function verticalTitle(what: string, left: number): Layer {
  return {
    data: { values: [{}] },
    mark: { type: 'text', text: `${what} in ms (logarithmic scale)`, color: INK.quiet },
    encoding: { x: { value: left }, y: { value: TITLE_TOP } },
  };
}

/** Room right of the plot for the names of lines that end there, in pixels. */
export function nameWidth(lines: readonly LoadLine[]): number {
  return Math.max(...lines.map(({ label }) => labelWidth(label))) + 8;
}
