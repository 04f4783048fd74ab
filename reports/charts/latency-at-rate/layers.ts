/** Layers of a chart of latency at common rates. Vertical places are pixels, because rows differ in height. */

import { DESCRIBED, DESCRIPTION } from '../../drawing/described.ts';
import type { Layer } from '../../drawing/frame.ts';
import type { LatencyAxis } from '../../drawing/latency-axis.ts';
import { HALO } from '../../drawing/layers.ts';
import { figuresOf, type Percentile, percentileWords, pointLook } from '../../drawing/percentiles.ts';
import type { RateGroup, RateRow } from '../../drawing/rate-rows.ts';
import { INK } from '../../drawing/theme.ts';
import { drawnInterval, whiskerLayers } from '../../drawing/whiskers.ts';
import { visible } from '../../words/escape.ts';
import { percentileFigure } from '../../words/rates.ts';
import { shorten } from '../../words/wrap.ts';

const FADED = 0.35;
/** What the narrowest plot has room for, in characters. */
const NOTE_LENGTH = 68;
const Y = { field: 'y', type: 'quantitative', scale: null, axis: null } as const;
const TEXT = { field: 'text', type: 'nominal' } as const;
const COLOUR = { field: 'colour', type: 'nominal', scale: null } as const;

/** A heading per group at the left edge of the image, with a line above all but the first. */
export function headingLayers(groups: readonly RateGroup[], left: number, right: number): Layer[] {
  const words = groups.map(({ y, heading }) => ({ y: y + 2, text: heading }));
  const look = { fontSize: 14, fontWeight: 'bold' };
  const lines = groups.slice(1).map(({ y }) => ({ y: y - 20 }));
  return [
    ...(lines.length === 0
      ? []
      : [
          {
            data: { values: lines },
            mark: { type: 'rule', color: INK.line, strokeWidth: 1 } as const,
            encoding: { x: { value: left }, x2: { value: right }, y: Y },
          },
        ]),
    textLayer(words, left, { ...look, color: INK.paper, ...HALO }),
    textLayer(words, left, { ...look, color: INK.strong }),
  ];
}

/** The names of the rows, left of the plot. */
export function labelLayer(rows: readonly RateRow[]): Layer {
  const values = rows.map(({ y, label }) => ({ y, text: label }));
  return textLayer(values, -10, { align: 'right', fontSize: 14, color: INK.strong });
}

/** Figures of a percentile right of the plot. */
export function figureLayer(rows: readonly RateRow[], { key }: Percentile, right: number, strong: boolean): Layer {
  const values = rows.map(({ y, latency }) => ({ y, text: percentileFigure(latency === null ? null : latency[key]) }));
  const look = strong ? { fontWeight: 'bold', color: INK.strong } : { color: INK.normal };
  return textLayer(values, right, { align: 'right', fontSize: 14, ...look });
}

/** Why a row has no figures, in its place; or why they are not to be ranked, below them. */
export function noteLayers(rows: readonly RateRow[]): Layer[] {
  const values = rows.flatMap(({ y, latency, note }) =>
    note === null ? [] : [{ y: latency === null ? y : y + 19, text: shorten(visible(note), NOTE_LENGTH) }],
  );
  if (values.length === 0) return [];
  return [
    textLayer(values, 2, { color: INK.paper, ...HALO }),
    textLayer(values, 2, { color: INK.strong, fontStyle: 'italic' }),
  ];
}

function textLayer(values: readonly { y: number; text: string }[], x: number, look: object): Layer {
  return {
    data: { values: [...values] },
    mark: { type: 'text', ...look },
    encoding: { x: { value: x }, y: Y, text: TEXT },
  };
}

/** From the lowest to the highest percentile. */
export function spanLayer(x: LatencyAxis, rows: readonly RateRow[], shown: readonly Percentile[]): Layer {
  const values = rows.flatMap(({ y, colour, latency }) => {
    const figures = latency === null ? null : figuresOf(latency);
    const all = figures === null ? [] : shown.map(({ of }) => of(figures)).filter((ms) => ms !== null);
    return all.length === 0 ? [] : [{ y, colour, low: Math.min(...all), high: Math.max(...all) }];
  });
  return {
    data: { values },
    mark: { type: 'rule', strokeWidth: 4, opacity: 0.3 },
    encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y: Y, color: COLOUR },
  };
}

/** The intervals of p99. */
export function p99Layers(x: LatencyAxis, rows: readonly RateRow[]): Layer[] {
  return whiskerLayers(
    x,
    Y,
    rows.flatMap(({ y, latency }) => {
      const interval = drawnInterval(latency?.p99 ?? null);
      return interval === null ? [] : [{ y, ...interval }];
    }),
  );
}

/** The marks of one percentile; fainter where the row is not to be ranked, and with an arrow where the truth may be more. */
export function pointLayers(x: LatencyAxis, rows: readonly RateRow[], percentile: Percentile): Layer[] {
  const values = rows.flatMap(({ y, label, colour, latency, isRanked }) => {
    const point = latency === null ? null : latency[percentile.key];
    const opacity = isRanked ? 1 : FADED;
    if (point === null) return [];
    const description = visible(`${label}: ${percentileWords(point, percentile.name)}`);
    return [{ y, ms: point.ms, colour, opacity, atLeast: point.atLeast, description }];
  });
  const { fillIsPaper, ...mark } = pointLook(percentile);
  const opacity = { field: 'opacity', type: 'quantitative', scale: null } as const;
  const beyond = values.filter(({ atLeast }) => atLeast);
  const points: Layer = {
    data: { values },
    mark: { ...mark, size: 95, ...DESCRIBED },
    encoding: {
      ...DESCRIPTION,
      x: { ...x, field: 'ms' },
      y: Y,
      stroke: COLOUR,
      fill: fillIsPaper ? { value: INK.paper } : COLOUR,
      strokeOpacity: opacity,
      fillOpacity: fillIsPaper ? { value: 1 } : opacity,
    },
  };
  if (beyond.length === 0) return [points];
  const arrows: Layer = {
    data: { values: beyond },
    mark: { type: 'text', text: '→', dx: 9, fontSize: 15, fontWeight: 'bold' },
    encoding: { x: { ...x, field: 'ms' }, y: Y, color: COLOUR },
  };
  return [points, arrows];
}
