/** Percentiles of latency as dots, told apart by shape and filling and not by colour. */

import type { Percentile as Measured, Percentiles } from '../../harness/judge/schema/capacity.ts';
import { list } from '../../harness/judge/words.ts';
import { visible } from '../words/escape.ts';
import { intervalText, MISSING } from '../words/figures.ts';
import { percentileFigure, settledInterval, unsettledNote } from '../words/rates.ts';
import { latencyAxis } from './axes.ts';
import { isPlain } from './canvas.ts';
import type { Said } from './frame.ts';
import type { Drawing } from './input.ts';
import { type Layer, type Place, points, rules, texts, ticks } from './marks.ts';
import { rowChart } from './row-chart.ts';
import type { Column, DirectLabel, TextRow } from './row-texts.ts';
import { INK } from './theme.ts';
import { drawnInterval } from './whiskers.ts';

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
function percentilesOf(latencies: readonly Percentiles[]): Percentile[] {
  return PERCENTILES.filter(({ key }) => latencies.some((latency) => latency[key] !== null));
}

/** `p50 24.6 ms, p99 142 ms`: those of the two that are known. */
export function percentilesText({ p50, p99 }: Percentiles): string {
  const told = [
    ['p50', p50],
    ['p99', p99],
  ] as const;
  return told.flatMap(([name, one]) => (one === null ? [] : [`${name} ${percentileFigure(one)} ms`])).join(', ');
}

/** What the mark of a percentile says when it is asked: `p99 24.1 ms (23.2–26.9)`. */
export function percentileWords(percentile: Measured, name: string): string {
  const interval = settledInterval(percentile);
  const ends = interval === null || interval === 'unsettled' ? '' : ` (${intervalText(interval.low, interval.high)})`;
  return `${name} ${percentileFigure(percentile)} ms${ends}`;
}

/** Everything that has to fit on an axis of latency, in milliseconds. */
function latencyValues(latencies: readonly Percentiles[], shown: readonly Percentile[]): number[] {
  return latencies.flatMap((latency) => {
    const interval = drawnInterval(latency.p99);
    const ends = interval === null ? [] : [interval.low, interval.high];
    return [...shown.flatMap(({ key }) => latency[key]?.ms ?? []), ...ends];
  });
}

/** What must be known to read the dots of these. */
function percentileNotes(latencies: readonly Percentiles[], shown: readonly Percentile[]): string[] {
  const all = latencies.flatMap((latency) => shown.map(({ key }) => latency[key]));
  const hasIntervals = latencies.some(({ p99 }) => drawnInterval(p99) !== null);
  return [
    ...(hasIntervals ? ['Bracket above a p99: the 95% interval of that p99 over trials.'] : []),
    ...(all.some((one) => one?.atLeast === true)
      ? ['≥ and arrow: it lies among requests without a reply, so the truth is this or more.']
      : []),
    ...(all.includes(null) ? [`${MISSING}: too few requests for this percentile.`] : []),
    ...unsettledNote(latencies.map(({ p99 }) => p99)).map((note) => note.replace('U', 'Pale p99, u')),
  ];
}

export interface PercentileRow extends TextRow {
  readonly colour: string;
  /** null where nothing was measured. */
  readonly latency: Percentiles | null;
  /** Why there are no figures, why they are not to be ranked, or what they leave out; null for an ordinary row. */
  readonly note: string | null;
  /** Whether the figures say something steady about the server. */
  readonly isRanked: boolean;
}

interface PercentileChart extends Omit<Said, 'measure' | 'kind' | 'figures'> {
  /** Of which requests, with the unit: `latency in ms at full load`. */
  readonly measured: string;
  readonly rows: readonly PercentileRow[];
  /** What rows are sorted by, and what is set in bold. */
  readonly strong: 'p50' | 'p99';
}

/** In pixels: the height of a row, and from its middle to the words below its marks; with a figure between these two. */
const ROW = { height: 60, below: 20 } as const;
const PLAIN_ROW = { height: 84, below: 38 } as const;

/** A row per model with its percentiles as dots; a plain one has p50 and p99 only, with their figures. */
export function percentileChart({ rows: all, measured, strong, ...said }: PercentileChart): Drawing {
  const isBare = isPlain(said.input.canvas);
  const rows = all.toSorted((a, b) => rankOf(a, strong) - rankOf(b, strong));
  const latencies = rows.flatMap(({ latency }) => latency ?? []);
  const shown = percentilesOf(latencies).filter(({ key }) => !isBare || key === 'p50' || key === 'p99');
  if (shown.length === 0) return { kind: 'omitted', reason: 'too few requests for any percentile' };
  const row = isBare && rows.some(({ latency, note }) => latency !== null && note !== null) ? PLAIN_ROW : ROW;
  const x = latencyAxis(latencyValues(latencies, shown));
  const told = rows.map(({ label, latency, note }) => {
    if (latency === null) return `${label} ${note ?? ''}`.trim();
    return `${label} ${percentilesText(latency)}${note === null ? '' : ` (${note})`}`;
  });
  return rowChart({
    ...said,
    measure: `${measured}${isBare ? `, ${lookText(shown)}` : ''}, less is better`,
    kind: 'Dot plot',
    figures: told.join('; '),
    notes: [...said.notes, ...percentileNotes(latencies, shown)],
    rows,
    rowHeight: row.height,
    columns: percentileColumns(shown, strong),
    words: rows.flatMap(({ label, latency, note }) =>
      note === null ? [] : [{ label, words: note, dy: latency === null ? null : row.below }],
    ),
    labels: rows.flatMap(directLabels),
    x: () => x,
    marks: ({ place }) => percentileLayers(place, rows, shown),
  });
}

/** Ranked ones by their percentile, then those that are not to be ranked, then those without figures. */
function rankOf({ latency, isRanked }: PercentileRow, strong: PercentileChart['strong']): number {
  if (latency === null) return Number.MAX_VALUE;
  const ms = latency[strong]?.ms ?? latency.p50?.ms ?? NO_FIGURE;
  return isRanked ? ms : ms + NO_FIGURE;
}

/** More than any latency, in milliseconds. */
const NO_FIGURE = 1e12;

/** `p50 as a dot and p99 as a diamond`. */
function lookText(shown: readonly Percentile[]): string {
  return list(shown.map(({ name, shape }) => `${name} as a ${shape === 'circle' ? 'dot' : 'diamond'}`));
}

function directLabels({ label, latency }: PercentileRow): DirectLabel[] {
  const { p50 = null, p99 = null } = latency ?? {};
  const below = p50 === null ? [] : [{ label, at: p50.ms, text: percentileFigure(p50), side: 'below' as const }];
  const right = p99 === null ? [] : [{ label, at: p99.ms, text: percentileFigure(p99), side: 'right' as const }];
  return [...below, ...right];
}

/** Of marks that are not ranked, or of which the trials say nothing. */
const FADED = 0.35;
const SIZE = { circle: 110, diamond: 130 } as const;
/** The interval of p99 hangs above its mark, in the colour of its model, so that it is not read as that of the row. In pixels. */
const BRACKET = { above: 15, cap: 8, line: 1.6, stem: 8 } as const;

type WithFigures = Pick<PercentileRow, 'colour' | 'isRanked'> & {
  readonly latency: Percentiles;
  readonly key: TextRow;
};

/** Per row a line from the lowest to the highest percentile, the interval of p99, and a mark per percentile. */
function percentileLayers(place: Place, rows: readonly PercentileRow[], shown: readonly Percentile[]): Layer[] {
  const measured = rows.flatMap(({ latency, colour, isRanked, label }): WithFigures[] =>
    latency === null ? [] : [{ latency, colour, isRanked, key: { label } }],
  );
  const spans = measured.flatMap(({ latency, colour, key }) => {
    const all = shown.flatMap((one) => latency[one.key]?.ms ?? []);
    return all.length === 0 ? [] : [{ ...key, x: Math.min(...all), x2: Math.max(...all), colour }];
  });
  return [
    ...rules(place, spans, { strokeWidth: 4, opacity: 0.3 }),
    ...bracketLayers(place, measured),
    ...shown.toReversed().flatMap((percentile) => dotLayers(place, measured, percentile)),
  ];
}

function bracketLayers(place: Place, measured: readonly WithFigures[]): Layer[] {
  const known = measured.flatMap(({ latency: { p99 }, colour, isRanked, key }) => {
    const interval = drawnInterval(p99);
    if (interval === null || p99 === null) return [];
    return [{ look: { ...key, colour, strokeOpacity: isRanked ? 1 : FADED }, at: p99.ms, ...interval }];
  });
  const { above, cap, line, stem } = BRACKET;
  const upright = (x: (one: (typeof known)[number]) => number, size: number, yOffset: number) =>
    ticks(
      place,
      known.map((one) => ({ ...one.look, x: x(one) })),
      { size, thickness: line, yOffset },
    );
  return [
    ...rules(
      place,
      known.map(({ look, low, high }) => ({ ...look, x: low, x2: high })),
      { strokeWidth: line, yOffset: -above },
    ),
    ...upright(({ low }) => low, cap, -above),
    ...upright(({ high }) => high, cap, -above),
    ...upright(({ at }) => at, stem, stem / 2 - above),
  ];
}

function dotLayers(place: Place, measured: readonly WithFigures[], { key: name, ...percentile }: Percentile): Layer[] {
  const own = measured.flatMap(({ latency, ...row }) => {
    const point = latency[name];
    return point === null ? [] : [{ ...row, point }];
  });
  const dots = own.map(({ key, colour, isRanked, point }) => {
    const isSure = isRanked && (name !== 'p99' || settledInterval(point) !== 'unsettled');
    return {
      ...{ ...key, x: point.ms, stroke: colour, fill: percentile.filled ? colour : INK.paper },
      strokeOpacity: isSure ? 1 : FADED,
      fillOpacity: isSure || !percentile.filled ? 1 : FADED,
      description: visible(`${key.label}: ${percentileWords(point, percentile.name)}`),
    };
  });
  const beyond = own.filter(({ point }) => point.atLeast);
  const arrows = beyond.map(({ key, colour, point }) => ({ ...key, x: point.ms, colour, text: '→' }));
  return [
    ...points(place, dots, { shape: percentile.shape, size: SIZE[percentile.shape], strokeWidth: 2 }),
    ...texts(place, arrows, { dx: 9, fontSize: 15, fontWeight: 'bold' }),
  ];
}

/** A column of figures per percentile, with its mark in the heading. */
function percentileColumns(shown: readonly Percentile[], strong: PercentileChart['strong']): Column<PercentileRow>[] {
  return shown.map(({ key, name, shape, filled }) => ({
    title: name,
    strong: key === strong,
    symbol: { shape, strokeWidth: 2, stroke: INK.normal, fill: filled ? INK.normal : INK.paper },
    value: ({ latency }) => percentileFigure(latency?.[key] ?? null),
  }));
}
