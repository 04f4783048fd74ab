/** Layers of one fault over time: a row per model, throughput above and latency below. */
import { countText, timeText } from '../../../harness/judge/faults/words.ts';
import type { FaultSummary } from '../../../harness/judge/schema/faults.ts';
import { faultText } from '../../../harness/plan/faults.ts';
import type { Scale } from '../../drawing/axes.ts';
import {
  bands,
  boxes,
  curves,
  haloed,
  IN_PIXELS,
  type Layer,
  type Path,
  referenceName,
  rules,
  texts,
} from '../../drawing/marks.ts';
import { across, type Panel, upwards } from '../../drawing/panels.ts';
import { cut, fits, textWidth } from '../../drawing/text-width.ts';
import { DIVERGING, INK } from '../../drawing/theme.ts';
import { visible } from '../../words/escape.ts';
import { lostText, recoveryText } from '../../words/faults.ts';
import { figure } from '../../words/figures.ts';
import { shorten } from '../../words/wrap.ts';
import type { FaultPanel } from './panels.ts';

/** A row and where its two panels stand. */
export interface PlacedFault {
  readonly shown: FaultPanel;
  readonly throughput: Panel;
  readonly latency: Panel;
}

export interface FaultAxes {
  /** Seconds from the first fault. */
  readonly x: Scale;
  /** Requests per second. */
  readonly rate: Scale;
  /** Milliseconds. */
  readonly latency: Scale;
}

export const LOST = DIVERGING.less;
/** A single lost request must be seen. */
const LEAST_HEIGHT = 2.5;

/** An upright line at each fault, grey for as long as it lasts, and the name of the fault above the first row. */
export function faultLayers(
  { x }: Pick<FaultAxes, 'x'>,
  places: readonly PlacedFault[],
  { fault }: FaultSummary,
  plotWidth: number,
): Layer[] {
  const [first] = places;
  const drawn = places.flatMap(({ shown: { trace }, throughput, latency }) => {
    if (trace === null) return [];
    const ends = { y: throughput.top - 4, y2: latency.top + latency.height };
    return trace.faultsMs.map((ms) => {
      const overMs = fault.lastsMs ?? trace.overMs;
      const to = overMs === null ? null : across(throughput, Math.min(1, x.at((ms + overMs) / 1000)));
      return { ...ends, x: across(throughput, x.at(ms / 1000)), to };
    });
  });
  const lasting = drawn.flatMap(({ to, ...ends }) => (to === null ? [] : [{ ...ends, x2: to }]));
  const upright = drawn.map(({ to: _, ...ends }) => ends);
  const name =
    first === undefined
      ? []
      : referenceName(faultText(fault), { x: across(first.throughput, x.at(0)), y: -NAME_ABOVE, plotWidth });
  return [
    ...boxes(IN_PIXELS, lasting, { color: INK.quiet, opacity: 0.13 }),
    ...rules(IN_PIXELS, upright, { color: INK.strong, strokeWidth: 1.6 }),
    ...name,
  ];
}

const NAME_ABOVE = 38;

/** Good replies as an area with an edge, lost requests as bars before it, and a bar below where nobody had a good reply. */
export function throughputLayers(axes: FaultAxes, places: readonly PlacedFault[]): Layer[] {
  const { x, rate } = axes;
  const drawn = places.flatMap(({ shown, throughput: panel }) =>
    shown.trace === null ? [] : [{ ...shown, trace: shown.trace, panel }],
  );
  const height = (panel: Panel, perSec: number): number => upwards(panel, Math.min(1, rate.at(perSec)));
  const paths = drawn.map(({ trace, panel, label, colour, figures, model }) => {
    const steps = trace.answeredPerSec.map((perSec, i) => ({
      ...edgesOf(trace, i, panel, x),
      y: height(panel, perSec),
    }));
    const words = `${label}: ${figures === null ? '' : `${lostText(model, figures.lost)} requests lost by each fault`}`;
    return {
      ...{ x: steps.flatMap((one) => [one.x, one.x2]), y: steps.flatMap(({ y }) => [y, y]) },
      ...{ colour, opacity: 1, description: visible(words), base: panel.top + panel.height },
    };
  });
  const lost = drawn.flatMap(({ trace, panel }) => {
    const base = panel.top + panel.height;
    return runsWhere(trace.lostPerSec, (perSec) => perSec > 0).map(([first, last]) => {
      const steps = trace.lostPerSec.slice(first, last + 1).map((perSec, i) => ({
        ...edgesOf(trace, first + i, panel, x),
        y: Math.min(height(panel, perSec), base - LEAST_HEIGHT),
      }));
      const y = steps.flatMap((one) => [one.y, one.y]);
      return {
        ...{ x: steps.flatMap((one) => [one.x, one.x2]), y, y2: y.map(() => base) },
        ...{ colour: LOST, opacity: 0.9 },
      };
    });
  });
  const areas = paths.map(({ base, description: _, ...path }) => ({
    ...path,
    y2: path.y.map(() => base),
    opacity: 0.22,
  }));
  return [
    ...bands(areas),
    ...bands(lost),
    ...curves(
      paths.map(({ base: _, ...path }) => path),
      { strokeWidth: 1.6 },
    ),
    ...rules(
      IN_PIXELS,
      drawn.flatMap(({ trace, panel, figures }) => outagesOf(trace, figures?.outageMs.median ?? 0, panel, x)),
      { color: INK.strong, strokeWidth: 4 },
    ),
  ];
}

type Trace = NonNullable<FaultPanel['trace']>;

function edgesOf({ startMs, binMs }: Trace, bin: number, panel: Panel, x: Scale) {
  const from = startMs + bin * binMs;
  return { x: across(panel, x.at(from / 1000)), x2: across(panel, x.at((from + binMs) / 1000)) };
}

/** Runs of bins without a good reply after the first fault, where the summary has an outage too: at low rates some are empty by chance. */
function outagesOf(trace: Trace, outageMs: number, panel: Panel, x: Scale) {
  if (outageMs < trace.binMs) return [];
  const y = panel.top + panel.height + 1;
  return runsWhere(trace.answeredPerSec, (perSec, i) => perSec === 0 && trace.startMs + i * trace.binMs >= 0).map(
    ([from, to]) => ({ x: edgesOf(trace, from, panel, x).x, x2: edgesOf(trace, to, panel, x).x2, y, y2: y }),
  );
}

/** First and last of neighbours for which it is true. */
function runsWhere<T>(all: readonly T[], isTrue: (one: T, i: number) => boolean): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (const [i, one] of all.entries()) {
    const last = runs.at(-1);
    if (!isTrue(one, i)) continue;
    if (last !== undefined && last[1] === i - 1) last[1] = i;
    else runs.push([i, i]);
  }
  return runs;
}

/** The median as a line, and from there to p99 an area; nothing where no request was answered. */
export function latencyLayers({ x, latency }: FaultAxes, places: readonly PlacedFault[]): Layer[] {
  const drawn = places.flatMap(({ shown: { trace, colour, label }, latency: panel }) => {
    if (trace === null) return [];
    return runsWhere(trace.p50Ms, (ms) => ms !== null).map(([first, last]) => {
      const of = (all: readonly (number | null)[]): number[] =>
        all.slice(first, last + 1).flatMap((ms) => {
          const y = upwards(panel, latency.at(ms ?? 1));
          return [y, y];
        });
      const places = Array.from({ length: last - first + 1 }, (_, i) => edgesOf(trace, first + i, panel, x));
      const known = trace.p50Ms.slice(first, last + 1).filter((ms) => ms !== null);
      const [low, high] = [Math.min(...known), Math.max(...known)];
      return {
        x: places.flatMap((one) => [one.x, one.x2]),
        ...{ p50: of(trace.p50Ms), p99: of(trace.p99Ms), colour },
        description: visible(`${label}: p50 between ${figure(low)} and ${figure(high)} ms`),
      };
    });
  });
  const path = (y: 'p50' | 'p99', opacity: number): Path[] =>
    drawn.map((one) => ({ x: one.x, y: one[y], colour: one.colour, opacity }));
  return [
    ...bands(drawn.map(({ x: at, p50, p99, colour }) => ({ x: at, y: p50, y2: p99, colour, opacity: 0.22 }))),
    ...curves(path('p99', 0.75), { strokeWidth: 1 }),
    ...curves(
      path('p50', 1).map((one, i) => ({ ...one, description: drawn[i]?.description ?? '' })),
      { strokeWidth: 1.8 },
    ),
  ];
}

const HEADING = { size: 14, face: 'bold' } as const;
const FIGURE = { size: 13, face: 'regular' } as const;
const HEADING_GAP = 10;

/** The name of each model above its row, and what the fault cost it, or why there is nothing to see. */
export function headingLayers(fault: FaultSummary, places: readonly PlacedFault[]): Layer[] {
  return places.flatMap(({ shown, throughput: { left, top, width, height } }) => {
    const room = width - textWidth(shown.label, HEADING.size, 'bold') - HEADING_GAP;
    const all = figureTexts(fault, shown);
    const text = all.find((one) => fits(one, room, FIGURE)) ?? all.at(-1) ?? '';
    const name = cut(shown.label, width - textWidth(text, FIGURE.size) - HEADING_GAP, HEADING);
    const why = shown.reason === null ? [] : [shorten(visible(shown.reason), Math.floor(width / 7))];
    return [
      ...texts(IN_PIXELS, [{ x: left, y: top - 13, text: name }], {
        ...{ fontSize: HEADING.size, fontWeight: 'bold', color: shown.colour },
      }),
      ...(text === ''
        ? []
        : texts(IN_PIXELS, [{ x: left + width, y: top - 13, text }], { align: 'right', color: INK.strong })),
      ...haloed(
        IN_PIXELS,
        why.map((words) => ({ x: left + 8, y: top + height / 2, text: words })),
        { fontStyle: 'italic', color: INK.strong },
      ),
    ];
  });
}

/** From long to short. */
function figureTexts(fault: FaultSummary, { figures, model }: FaultPanel): string[] {
  if (figures === null) return [''];
  const { lost, late, outageMs } = figures;
  const back = recoveryText(fault, model);
  const delayed = late.point < 0.5 ? [] : [`${countText(late.point)} late`];
  const out = outageMs.median < 0.5 ? [] : [`no reply for ${timeText(outageMs.median)}`];
  const lostWords = `${lostText(model, lost)} lost`;
  return [
    [lostWords, ...delayed, ...out, back].join(' · '),
    [lostWords, ...delayed, back].join(' · '),
    [lostWords, back].join(' · '),
    lostWords,
    `${countText(lost.point)} lost`,
  ];
}

const KEY_SIZE = 12;
const KEY_LINE = 20;
const SWATCH = 16;
const KEYS = [
  { text: 'good replies/s', colour: INK.quiet, opacity: 0.4 },
  { text: 'lost requests/s', colour: LOST, opacity: 0.9 },
  { text: 'below: latency in ms, from p50 to p99 (logarithmic scale)', colour: INK.quiet, opacity: 0.4 },
] as const;
const SHORT = 'below: latency, p50 to p99, in ms';

/** What is drawn how, in a line, or in several where an image is narrow. */
export function keyOf(narrow: number | null) {
  let x = 0;
  let row = 0;
  const placed = KEYS.map((key, i) => {
    const text = narrow !== null && i === KEYS.length - 1 ? SHORT : key.text;
    const own = SWATCH + 5 + textWidth(text, KEY_SIZE);
    if (narrow !== null && x > 0 && x + own > narrow) [x, row] = [0, row + 1];
    const left = x;
    x += own + 14;
    return { ...key, text, left, row };
  });
  return {
    height: (row + 1) * KEY_LINE,
    layers: (left: number, top: number): Layer[] =>
      placed.flatMap(({ text, colour, opacity, left: from, row: nth }) => {
        const y = top + (nth + 0.5) * KEY_LINE - 4;
        return [
          ...boxes(IN_PIXELS, [{ x: left + from, x2: left + from + SWATCH, y: y - 5, y2: y + 5 }], {
            color: colour,
            fillOpacity: opacity,
          }),
          ...texts(IN_PIXELS, [{ x: left + from + SWATCH + 5, y, text }], { fontSize: KEY_SIZE, color: INK.normal }),
        ];
      }),
  };
}
