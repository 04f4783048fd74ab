/** The chart of a change: what each metric became, with its interval, against what makes no difference. */
import type { Change } from '../../harness/judge/schema/change.ts';
import { capital } from '../../harness/judge/words.ts';
import { type IntervalRow, bandLayers, intervalLayers } from '../charts/ratio/layers.ts';
import { DEFAULT_CANVAS } from '../drawing/canvas.ts';
import { framed, linesAround } from '../drawing/frame.ts';
import type { Drawing } from '../drawing/input.ts';
import { boxes, IN_PIXELS, type Layer, type Place, points, referenceLine, referenceName } from '../drawing/marks.ts';
import { type Column, columnLayers, columnsWidth } from '../drawing/row-texts.ts';
import { rowAxis } from '../drawing/rows.ts';
import { DIVERGING, INK } from '../drawing/theme.ts';
import { arrowheadNotes } from '../drawing/whiskers.ts';
import { visible } from '../words/escape.ts';
import { wholePercent } from '../words/figures.ts';
import { shorten } from '../words/wrap.ts';
import { type ChangeRow, conditionLines, type Described, described, type Span } from './rows.ts';

const ROW_HEIGHT = 44;
const HEAD_HEIGHT = 46;
/** More rows make an image that nobody looks at: the worst are drawn, the others are in the tables. */
const MOST_ROWS = 24;
const LABEL_LENGTH = 40;
/** So many margins are shown on both sides of no change at least, and an interval is followed so far beyond the outermost point. */
const FEWEST_MARGINS = 3;
const BEYOND = 2;
const MARGINS_PER_E = 1000;

interface DrawnRow extends IntervalRow, Pick<ChangeRow, 'change' | 'sure'> {
  readonly look: keyof typeof LOOKS;
  readonly span: Span;
}

/** By what the gate makes of a row: told apart by shape as well as by colour. */
const LOOKS = {
  fail: { shape: 'diamond', colour: DIVERGING.less, word: 'Diamond: worse.' },
  untold: { shape: 'triangle-up', colour: INK.quiet, word: 'Triangle: worse is not ruled out.' },
  pass: { shape: 'circle', colour: DIVERGING.more, word: 'Circle: no regression.' },
} as const;

const COLUMNS: readonly Column<DrawnRow>[] = [
  { title: 'head against base', strong: true, value: ({ change }) => change },
  { title: '95% sure', value: ({ sure }) => sure },
];

/** Worst first; omitted where nothing could be judged. */
export function changeChart(change: Change): Drawing {
  const about = described(change);
  const rows = drawnRows(about);
  if (rows.length === 0) return { kind: 'omitted', reason: 'no cell and metric could be judged' };
  const [start, end] = domainOf(rows);
  const isCut = rows.some(({ span }) => span.low < start || span.high > end);
  const y = rowAxis(rows);
  const room = {
    rowLabels: rows.map(({ label }) => label),
    rowHeight: ROW_HEIGHT,
    columnsWidth: columnsWidth(COLUMNS, rows),
    headHeight: HEAD_HEIGHT,
  };
  const words = {
    title: capital(about.line.replace(/^\S+ /, '')),
    subtitle: 'head against base: each change and its interval, in multiples of the margin of its metric',
    foot: [...notesOf(rows), ...arrowheadNotes(isCut), ...conditionLines(change)],
  };
  const canvas = DEFAULT_CANVAS;
  const around = { alt: altText(about, rows), canvas, textsAt: (width: number) => linesAround(words, width) };
  return framed(room, around, ({ plotWidth: width, plotHeight: height }) => {
    const place = { x: axisOf([start, end]), y };
    return [
      ...plotLayers(rows, place, { domain: [start, end], width, height }),
      ...columnLayers(y, COLUMNS, rows, width),
    ];
  });
}

interface Plot {
  /** In margins. */
  readonly domain: readonly [number, number];
  readonly width: number;
  readonly height: number;
}

function plotLayers(rows: readonly DrawnRow[], place: Place, { domain, width, height }: Plot): Layer[] {
  const scale = { domain: [ratioAt(domain[0]), ratioAt(domain[1])] as const, width };
  const at = (margins: number): number => ((margins - domain[0]) / (domain[1] - domain[0])) * width;
  const name = (text: string, margins: number, y: number): Layer[] =>
    referenceName(text, { x: at(margins), y, plotWidth: width }, false);
  return [
    ...bandLayers(ratioAt(1) - 1, scale, height),
    ...referenceLine(at(0), [0, height], {}),
    ...limitLayers(rows, at),
    ...name('← better', (domain[0] - 1) / 2, -12),
    ...name('within the margin', 0, -30),
    ...name('worse →', (domain[1] + 1) / 2, -12),
    ...intervalLayers(place, rows, scale),
    ...pointLayers(place, rows),
  ];
}

/** Where the gate fails, in a row whose limit is not its margin. */
function limitLayers(rows: readonly DrawnRow[], at: (margins: number) => number): Layer[] {
  const marks = rows.flatMap(({ span: { limit } }, i) =>
    limit === 1 ? [] : [{ x: at(limit) - 1, x2: at(limit) + 1, y: i * ROW_HEIGHT + 8, y2: (i + 1) * ROW_HEIGHT - 8 }],
  );
  return boxes(IN_PIXELS, marks, { fill: DIVERGING.less });
}

function pointLayers(place: Place, rows: readonly DrawnRow[]): Layer[] {
  return points(
    place,
    rows.map(({ label, colour, point, look, change, sure }) => ({
      label,
      x: point,
      fill: colour,
      shape: LOOKS[look].shape,
      description: visible(`${label}: ${change}, ${sure}`),
    })),
    { filled: true, size: 190, stroke: INK.paper, strokeWidth: 2 },
  );
}

function drawnRows({ shown, rest, isMany }: Described): readonly DrawnRow[] {
  return [...shown, ...rest]
    .flatMap(({ standing, span, what, name, change, sure }): DrawnRow[] => {
      if (span === null || (standing !== 'fail' && standing !== 'untold' && standing !== 'pass')) return [];
      const label = shorten(visible(isMany ? `${name} · ${what}` : what), LABEL_LENGTH);
      const interval = { low: ratioAt(span.low), high: ratioAt(span.high) };
      const drawn = { label, colour: LOOKS[standing].colour, point: ratioAt(span.point), interval, isUnsettled: false };
      return [{ ...drawn, look: standing, span, change, sure }];
    })
    .filter(({ label }, i, all) => all.findIndex((one) => one.label === label) === i)
    .slice(0, MOST_ROWS);
}

/**
 * The layers of ratios are on a log scale: there, one margin is as far from the next everywhere. Close to 1, because a thousand margins are
 * not much where the margin is small.
 */
function ratioAt(margins: number): number {
  return Math.exp(margins / MARGINS_PER_E);
}

/** In margins: every point, and as much of the intervals as squeezes nothing. */
function domainOf(rows: readonly DrawnRow[]): readonly [number, number] {
  const spans = rows.map(({ span }) => span);
  const low = Math.min(-FEWEST_MARGINS, ...spans.map(({ point }) => point));
  const high = Math.max(FEWEST_MARGINS, ...spans.flatMap(({ point, limit }) => [point, limit]));
  const start = Math.max(low - BEYOND, Math.min(low, ...spans.map((span) => span.low)));
  const end = Math.min(high + BEYOND, Math.max(high, ...spans.map((span) => span.high)));
  const pad = 0.04 * (end - start);
  return [start - pad, end + pad];
}

/** With a tick for each margin, or for every so many where they are many. */
function axisOf([start, end]: readonly [number, number]) {
  const step = Math.max(1, Math.ceil((end - start) / 12));
  const first = Math.ceil(start / step);
  const ticks = Array.from({ length: Math.floor(end / step) - first + 1 }, (_, i) => (first + i) * step);
  const labelExpr = `datum.value == 1 ? '0' : format(${MARGINS_PER_E} * abs(log(datum.value)), '.0f') + '×'`;
  return {
    type: 'quantitative',
    scale: { type: 'log', domain: [ratioAt(start), ratioAt(end)], nice: false },
    axis: {
      title: 'change in multiples of the margin (logarithmic scale)',
      grid: true,
      values: ticks.map(ratioAt),
      labelExpr,
      labelOverlap: false,
    },
  } as const;
}

function notesOf(rows: readonly DrawnRow[]): string[] {
  const looks = new Set(rows.map(({ look }) => look));
  const words = Object.entries(LOOKS).flatMap(([look, { word }]) =>
    [...looks].some((one) => one === look) ? [word] : [],
  );
  const limit = rows.some(({ span }) => span.limit !== 1) ? ' Upright mark: beyond it the gate fails.' : '';
  return [
    `${words.join(' ')} Line: interval; all of them hold together with ${wholePercent(0.95)}% confidence. Shaded: the margin.${limit}`,
  ];
}

function altText({ line }: Described, rows: readonly DrawnRow[]): string {
  const figures = rows.map(({ label, change, sure }) => `${label} ${change}, ${sure}`).join('; ');
  return visible(`Forest plot of a change: ${line.replace(/^\S+ /, '')} (${figures}).`);
}
