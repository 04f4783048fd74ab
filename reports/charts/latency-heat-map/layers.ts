/** Layers of a heat map: cells by how many requests they hold, and a line at the median. */

import { BANDS_PER_DECADE, bandStartMs } from '../../../harness/judge/traces/latency-bands.ts';
import { median } from '../../../harness/stats/spread.ts';
import type { Scale } from '../../drawing/axes.ts';
import { boxes, curves, haloed, IN_PIXELS, type Layer, points, rules, texts } from '../../drawing/marks.ts';
import { type Panel, upwards } from '../../drawing/panels.ts';
import { cut, textWidth } from '../../drawing/text-width.ts';
import { INK } from '../../drawing/theme.ts';
import { visible } from '../../words/escape.ts';
import { approximately } from '../../words/figures.ts';
import { shorten } from '../../words/wrap.ts';
import type { HeatPanel, HeatTrial } from './panels.ts';

/** How strong a cell is, by the share of the requests of its moment from which on it is so. */
const LEVELS = [
  { from: 0.3, opacity: 1 },
  { from: 0.1, opacity: 0.72 },
  { from: 0.03, opacity: 0.5 },
  { from: 0.01, opacity: 0.34 },
  { from: 0, opacity: 0.2 },
] as const;
/** Between trials, in pixels. */
const TRIAL_GAP = 4;
const NAME = { size: 14, face: 'bold' } as const;
/** A path is scaled by half the root of its size. */
const AS_IT_IS = 4;

/** A panel and where it stands. */
export interface PlacedPanel {
  readonly panel: Panel;
  readonly shown: HeatPanel;
}

/** A trial within its panel, in pixels. */
interface Span {
  readonly trial: HeatTrial;
  readonly left: number;
  readonly width: number;
}

/** One beside the other, each as wide as its window is long. */
function spansIn({ left, width }: Panel, trials: readonly HeatTrial[]): Span[] {
  const room = width - TRIAL_GAP * (trials.length - 1);
  const totalMs = trials.reduce((sum, { windowMs }) => sum + windowMs, 0);
  let x = left;
  return trials.map((trial) => {
    const span = { trial, left: x, width: (room * trial.windowMs) / totalMs };
    x += span.width + TRIAL_GAP;
    return span;
  });
}

export function heatLayers(y: Scale, places: readonly PlacedPanel[]): Layer[] {
  return places.flatMap(({ panel, shown }) => {
    const spans = spansIn(panel, shown.trials);
    const paths = LEVELS.flatMap(({ opacity }, level) => {
      const shape = spans.map((span) => cellPath(y, panel, span, level)).join('');
      return shape === '' ? [] : [{ x: 0, y: 0, shape, fill: shown.colour, fillOpacity: opacity }];
    });
    return [
      ...points(IN_PIXELS, paths, { size: AS_IT_IS, filled: true, strokeWidth: 0 }),
      ...medianLayers(y, panel, shown, spans),
    ];
  });
}

/**
 * All cells of one strength as one path, with neighbours in one rectangle: an image of thousands of marks would be too large for a
 * page.
 */
function cellPath(y: Scale, panel: Panel, { trial, left, width }: Span, level: number): string {
  const { from } = LEVELS[level] ?? LEVELS[0];
  const below = LEVELS[level - 1]?.from ?? Number.POSITIVE_INFINITY;
  const step = width / trial.slices.length;
  const bands = [...new Set(trial.slices.flatMap((slice) => [...(slice?.shares.keys() ?? [])]))];
  return bands
    .flatMap((band) => {
      const top = upwards(panel, y.at(bandStartMs(band + 1)));
      const height = upwards(panel, y.at(bandStartMs(band))) - top;
      const isOwn = trial.slices.map((slice) => {
        const share = slice?.shares.get(band) ?? 0;
        return share > 0 && share >= from && share < below;
      });
      return runsOf(isOwn).map(([first, length]) => {
        const [x, w] = [left + first * step, length * step];
        return `M${tenth(x)},${tenth(top)}h${tenth(w)}v${tenth(height)}h${tenth(-w)}Z`;
      });
    })
    .join('');
}

/** Where neighbours that are true begin, and how many they are. */
function runsOf(all: readonly boolean[]): [first: number, length: number][] {
  const runs: [number, number][] = [];
  for (const [i, isTrue] of all.entries()) {
    const last = runs.at(-1);
    if (!isTrue) continue;
    if (last !== undefined && last[0] + last[1] === i) last[1]++;
    else runs.push([i, 1]);
  }
  return runs;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Steps from moment to moment; where a slice has no request there is a gap. */
function medianLayers(y: Scale, panel: Panel, { label }: HeatPanel, spans: readonly Span[]): Layer[] {
  const paths = spans.flatMap(({ trial, left, width }) => {
    const step = width / trial.slices.length;
    const known = trial.slices.flatMap((slice, i) => (slice === null ? [] : [{ i, ms: slice.medianMs }]));
    if (known.length === 0) return [];
    const words = `${trial.told}, median about ${approximately(median(known.map(({ ms }) => ms))).replace('≈', '')} ms`;
    return [
      {
        x: known.flatMap(({ i }) => [left + i * step, left + (i + 1) * step]),
        y: known.flatMap(({ ms }) => [upwards(panel, y.at(ms)), upwards(panel, y.at(ms))]),
        ...{ colour: INK.strong, opacity: 1, description: visible(`${label}: ${words}`) },
      },
    ];
  });
  const edges = paths.map(({ description: _, ...path }) => ({ ...path, colour: INK.paper }));
  return [...curves(edges, { strokeWidth: 4 }), ...curves(paths, { strokeWidth: 1.6 })];
}

/** The name above each panel, and why it is empty. */
export function headingLayers(places: readonly PlacedPanel[]): Layer[] {
  return places.flatMap(({ panel, shown: { label, colour, mark, reason, trials } }) => {
    const words = cut(mark === null ? label : `${label} (${mark})`, panel.width, NAME);
    const why = trials.length > 0 ? null : shorten(visible(reason ?? 'no trial at hand'), Math.floor(panel.width / 7));
    return [
      ...texts(IN_PIXELS, [{ x: panel.left, y: panel.top - 13, text: words }], {
        ...{ fontSize: NAME.size, fontWeight: 'bold', color: colour },
      }),
      ...(why === null
        ? []
        : haloed(IN_PIXELS, [{ x: panel.left + 8, y: panel.top + panel.height / 2, text: why }], {
            ...{ fontStyle: 'italic', color: INK.strong },
          })),
    ];
  });
}

/** The number of its round below each trial that has room for it. */
export function roundLayers(places: readonly PlacedPanel[]): Layer[] {
  const words = places.flatMap(({ panel, shown }) =>
    spansIn(panel, shown.trials).flatMap(({ trial, left, width }, i, all) => {
      const text = i === 0 && width > textWidth(`round ${trial.round}`, 12) ? `round ${trial.round}` : `${trial.round}`;
      const isShown = i % Math.max(1, Math.ceil(26 / (width + TRIAL_GAP))) === 0 || all.length === 1;
      return isShown ? [{ x: left + width / 2, y: panel.top + panel.height + 14, text }] : [];
    }),
  );
  const ends = places.flatMap(({ panel, shown }) =>
    spansIn(panel, shown.trials).map(({ left, width }) => ({
      ...{ x: left, x2: left + width },
      y: panel.top + panel.height,
      y2: panel.top + panel.height,
    })),
  );
  return [
    ...rules(IN_PIXELS, ends, { color: INK.line, strokeWidth: 1.4 }),
    ...texts(IN_PIXELS, words, { align: 'center', fontSize: 12, color: INK.normal }),
  ];
}

const SWATCH = 16;
const KEY_SIZE = 12;
const KEY_NAMES = ['≥30%', '≥10%', '≥3%', '≥1%', 'less'] as const;

/** What strengths mean: from this share of the requests of a moment on. */
export function keyLayers(left: number, top: number): Layer[] {
  let x = left;
  return LEVELS.flatMap(({ opacity }, i) => {
    const text = KEY_NAMES[i] ?? '';
    const at = x;
    x += SWATCH + 5 + textWidth(text, KEY_SIZE) + 8;
    return [
      ...boxes(IN_PIXELS, [{ x: at, x2: at + SWATCH, y: top - 6, y2: top + 6 }], {
        color: INK.quiet,
        fillOpacity: opacity,
      }),
      ...texts(IN_PIXELS, [{ x: at + SWATCH + 5, y: top, text }], { fontSize: KEY_SIZE, color: INK.normal }),
    ];
  });
}

/** From the lowest band that is drawn to the end of the highest. */
export function drawnRange(panels: readonly HeatPanel[]): { readonly low: number; readonly high: number } {
  const bands = panels.flatMap(({ trials }) =>
    trials.flatMap(({ slices }) => slices.flatMap((slice) => [...(slice?.shares.keys() ?? [])])),
  );
  const [low, high] = bands.reduce(
    ([least, most], band) => [Math.min(least, band), Math.max(most, band)],
    [Number.POSITIVE_INFINITY, 0],
  );
  // A scale over one factor of two is all edge.
  const room = Math.max(0, Math.ceil((BANDS_PER_DECADE / 2 - (high - low)) / 2));
  return { low: bandStartMs(low - room), high: bandStartMs(high + 1 + room) };
}
