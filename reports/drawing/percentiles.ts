/** Percentiles of latency as dots, told apart by shape and filling and not by colour. */

import type { Percentile as Measured, Percentiles } from '../../harness/judge/schema/capacity.ts';
import { visible } from '../words/escape.ts';
import { intervalText, MISSING } from '../words/figures.ts';
import { percentileFigure, percentileText, settledInterval, unsettledNote } from '../words/rates.ts';
import { type Layer, type Place, points, rules, texts } from './marks.ts';
import type { Column, TextRow } from './row-texts.ts';
import { INK } from './theme.ts';
import { drawnInterval, ON_DOTS, whiskerLayers } from './whiskers.ts';

/** A percentile and the mark that stands for it. */
export interface Percentile {
  readonly key: 'p50' | 'p90' | 'p99' | 'p999';
  readonly name: string;
  readonly shape: 'circle' | 'diamond';
  readonly filled: boolean;
}

const PERCENTILES: readonly Percentile[] = [
  { key: 'p50', name: 'p50', shape: 'circle', filled: true },
  { key: 'p90', name: 'p90', shape: 'circle', filled: false },
  { key: 'p99', name: 'p99', shape: 'diamond', filled: true },
  { key: 'p999', name: 'p99.9', shape: 'diamond', filled: false },
];

/** The percentiles that at least one of these has. */
export function percentilesOf(latencies: readonly Percentiles[]): Percentile[] {
  return PERCENTILES.filter(({ key }) => latencies.some((latency) => latency[key] !== null));
}

/** `p50 24.6 (24.1–25.2) ms, p99 …`: those that are known. */
export function percentilesText(latency: Percentiles, shown: readonly Percentile[]): string {
  return shown
    .flatMap(({ key, name }) => {
      const percentile = latency[key];
      return percentile === null ? [] : [`${name} ${percentileText(percentile)} ms`];
    })
    .join(', ');
}

/** What the mark of a percentile says when it is asked: `p99 24.1 ms (23.2–26.9)`. */
export function percentileWords(percentile: Measured, name: string): string {
  const interval = settledInterval(percentile);
  const ends = interval === null || interval === 'unsettled' ? '' : ` (${intervalText(interval.low, interval.high)})`;
  return `${name} ${percentileFigure(percentile)} ms${ends}`;
}

/** Everything that has to fit on an axis of latency, in milliseconds. */
export function latencyValues(latencies: readonly Percentiles[], shown: readonly Percentile[]): number[] {
  return latencies.flatMap((latency) => {
    const interval = drawnInterval(latency.p99);
    const ends = interval === null ? [] : [interval.low, interval.high];
    return [...shown.flatMap(({ key }) => latency[key]?.ms ?? []), ...ends];
  });
}

/** What must be known to read the dots of these. */
export function percentileNotes(latencies: readonly Percentiles[], shown: readonly Percentile[]): string[] {
  const all = latencies.flatMap((latency) => shown.map(({ key }) => latency[key]));
  return [
    ...(all.some((one) => one?.atLeast === true)
      ? ['≥ and arrow: it lies among requests without a reply, so the truth is this or more.']
      : []),
    ...(all.includes(null) ? [`${MISSING}: too few requests for this percentile.`] : []),
    ...unsettledNote(latencies.map(({ p99 }) => p99)),
  ];
}

export interface PercentileRow extends TextRow {
  readonly colour: string;
  /** null where nothing was measured. */
  readonly latency: Percentiles | null;
  /** Whether the figures say something steady about the server. */
  readonly isRanked: boolean;
}

/** Of marks that are not ranked. */
const FADED = 0.35;
const SIZE = { circle: 110, diamond: 130 } as const;

/** Per row a line from the lowest to the highest percentile, the interval of p99, and a mark per percentile. */
export function percentileLayers(place: Place, rows: readonly PercentileRow[], shown: readonly Percentile[]): Layer[] {
  const measured = rows.flatMap(({ latency, colour, isRanked, ...key }) =>
    latency === null ? [] : [{ latency, colour, isRanked, key }],
  );
  const spans = measured.flatMap(({ latency, colour, key }) => {
    const all = shown.flatMap((one) => latency[one.key]?.ms ?? []);
    return all.length === 0 ? [] : [{ ...key, x: Math.min(...all), x2: Math.max(...all), colour }];
  });
  const whiskers = measured.flatMap(({ latency, key }) => {
    const interval = drawnInterval(latency.p99);
    return interval === null ? [] : [{ ...key, ...interval }];
  });
  return [
    ...rules(place, spans, { strokeWidth: 4, opacity: 0.3 }),
    ...whiskerLayers(place, whiskers, ON_DOTS),
    ...shown.toReversed().flatMap(({ key: name, ...percentile }) => {
      const own = measured.flatMap(({ latency, ...row }) => {
        const point = latency[name];
        return point === null ? [] : [{ ...row, point }];
      });
      const dots = own.map(({ key, colour, isRanked, point }) => ({
        ...{ ...key, x: point.ms, stroke: colour, fill: percentile.filled ? colour : INK.paper },
        strokeOpacity: isRanked ? 1 : FADED,
        fillOpacity: isRanked || !percentile.filled ? 1 : FADED,
        description: visible(`${key.label}: ${percentileWords(point, percentile.name)}`),
      }));
      const beyond = own.filter(({ point }) => point.atLeast);
      const arrows = beyond.map(({ key, colour, point }) => ({ ...key, x: point.ms, colour, text: '→' }));
      return [
        ...points(place, dots, { shape: percentile.shape, size: SIZE[percentile.shape], strokeWidth: 2 }),
        ...texts(place, arrows, { dx: 9, fontSize: 15, fontWeight: 'bold' }),
      ];
    }),
  ];
}

/** A column of figures per percentile, with its mark in the heading. */
export function percentileColumns<R>(
  shown: readonly Percentile[],
  strong: Percentile['key'],
  latencyOf: (row: R) => Percentiles | null,
): Column<R>[] {
  return shown.map(({ key, name, shape, filled }) => ({
    title: name,
    strong: key === strong,
    symbol: { shape, strokeWidth: 2, stroke: INK.normal, fill: filled ? INK.normal : INK.paper },
    value: (row) => percentileFigure(latencyOf(row)?.[key] ?? null),
  }));
}
