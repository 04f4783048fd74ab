/** A panel per series: figures over runs with their intervals, the levels between changes, and the changes. */
import { runMetric } from '../../harness/judge/metrics/derived.ts';
import { runName } from '../../harness/judge/history/view.ts';
import type { HistorySeries, HistoryView } from '../../harness/judge/schema/history.ts';
import { median } from '../../harness/stats/spread.ts';
import { spacedTicks, spanScale } from '../drawing/axes.ts';
import { image, MARGIN } from '../drawing/frame.ts';
import type { Drawing } from '../drawing/input.ts';
import { IN_PIXELS, type Layer, points, rules, texts } from '../drawing/marks.ts';
import { across, footLayers, gridLayers, type Panel, sideLayers, upwards } from '../drawing/panels.ts';
import { cut, textWidth } from '../drawing/text-width.ts';
import { DIVERGING, INK } from '../drawing/theme.ts';
import { visible } from '../words/escape.ts';
import { wrap } from '../words/wrap.ts';
import { figure as figureText } from '../words/figures.ts';
import { changeText, placeOf, shownIn, unitName } from './rows.ts';

const WIDTH = 960;
const LEFT = 76;
const PLOT_HEIGHT = 150;
const HEADING = 62;
const FOOT = 34;
const [TITLE, SUBTITLE, NOTE] = [23, 15, 12];
const LEADING = 1.3;
const ABOVE_PANELS = 8;
const BELOW = 20;
/** Of the name of a run below the axis, with the room beside it. */
const NAME_WIDTH = 72;
const Y_TICKS = 3;

/** The series of one metric, of which there is at least one. */
export function historyChart(view: HistoryView, metric: HistorySeries['metric']): Drawing {
  const series = view.series.filter((one) => one.metric === metric);
  const [first] = series;
  if (first === undefined) return { kind: 'omitted', reason: 'no run has this metric' };
  const words = wordsOf(view, first);
  const top = MARGIN + words.title.length * TITLE * LEADING + words.subtitle.length * SUBTITLE * LEADING + ABOVE_PANELS;
  const panelHeight = HEADING + PLOT_HEIGHT + FOOT;
  const footTop = top + series.length * panelHeight + BELOW;
  const height = footTop + words.notes.length * NOTE * LEADING + BELOW;
  const layers = series.flatMap((one, i) => panelLayers(one, top + i * panelHeight, series));
  const lines = (all: readonly string[], from: number, size: number, look: object): Layer[] =>
    texts(
      IN_PIXELS,
      all.map((text, i) => ({ x: MARGIN, y: from + (i + 0.5) * size * LEADING, text })),
      { fontSize: size, ...look },
    );
  const padding = { top: 0, right: 0, bottom: 0, left: 0 };
  return image(altOf(view, series), { padding, width: WIDTH, height: Math.ceil(height) }, [
    ...lines(words.title, MARGIN - 6, TITLE, { fontWeight: 'bold', color: INK.strong }),
    ...lines(words.subtitle, MARGIN - 6 + words.title.length * TITLE * LEADING, SUBTITLE, { color: INK.normal }),
    ...layers,
    ...lines(words.notes, footTop, NOTE, { color: INK.quiet }),
  ]);
}

function wordsOf(view: HistoryView, { metric, unit, isRelative }: HistorySeries) {
  const lines = (text: string, size: number, face: 'regular' | 'bold' = 'regular') =>
    wrap(visible(text), WIDTH - 2 * MARGIN, (part) => textWidth(part, size, face));
  const { title, good } = runMetric(metric);
  const named = unitName(unit) === '' ? title : `${title} in ${unitName(unit)}`;
  const adjusted = isRelative ? ' As if the machine had always been as fast as its yardstick usually is.' : '';
  return {
    title: lines(view.sentence.replace(/\.$/u, ''), TITLE, 'bold'),
    subtitle: lines(`${named}, ${good} is better`, SUBTITLE),
    notes: [
      `Dots: runs, the newest on the right; bars: 95% interval by the trials of the run; lines: levels between changes.${adjusted}`,
      ...view.notes,
    ].flatMap((text) => lines(text, NOTE)),
  };
}

interface Drawn {
  readonly name: string;
  readonly figure: number;
  readonly low: number;
  readonly high: number;
}

/** In the unit that is shown, and as if the machine had always been as usual where a yardstick tells. */
function drawnOf({ points: runs, unit }: HistorySeries): readonly Drawn[] {
  return runs.map((run) => {
    const { figure, low, high, adjusted } = run;
    const drawn = (value: number): number => shownIn(unit, adjusted === null ? value : (value * adjusted) / figure);
    return { name: runName(run), figure: drawn(figure), low: drawn(low ?? figure), high: drawn(high ?? figure) };
  });
}

function panelLayers(series: HistorySeries, top: number, all: readonly HistorySeries[]): Layer[] {
  const panel: Panel = { left: LEFT, top: top + HEADING, width: WIDTH - LEFT - MARGIN, height: PLOT_HEIGHT };
  const runs = drawnOf(series);
  // A wide interval of a few trials must not make all others invisible.
  const y = spanScale(
    runs.map(({ figure }) => figure),
    Y_TICKS,
  );
  const placeY = (value: number): number =>
    Math.min(panel.top + panel.height, Math.max(panel.top, upwards(panel, y.at(value))));
  const at = (index: number): number => (index + 0.5) / runs.length;
  const placeX = (index: number): number => across(panel, at(index));
  const isAlone = all.every((one) => placeOf(one) === placeOf(series));
  const heading = [series.cell, ...(isAlone ? [] : [placeOf(series)]), series.setting].join(' · ');
  const whiskers = runs.map(({ low, high }, i) => ({ x: placeX(i), x2: placeX(i), y: placeY(low), y2: placeY(high) }));
  const dots = runs.map(({ name, figure }, i) => ({
    ...{ x: placeX(i), y: placeY(figure) },
    description: visible(`${series.cell} at ${name}: ${figureText(figure)} ${unitName(series.unit)}`.trim()),
  }));
  const names = [0, ...series.changes.map((change) => change.at), runs.length - 1];
  const ticks = [...new Set(names)].map((index) => ({ at: at(index), label: visible(runs[index]?.name ?? '') }));
  return [
    ...texts(
      IN_PIXELS,
      [{ x: MARGIN, y: top + 14, text: cut(visible(heading), WIDTH - 2 * MARGIN, { size: 14, face: 'bold' }) }],
      {
        fontSize: 14,
        fontWeight: 'bold',
        color: INK.strong,
      },
    ),
    ...gridLayers([panel], y.ticks),
    ...sideLayers([panel], y.ticks),
    ...footLayers([panel], spacedTicks(ticks, panel.width, NAME_WIDTH)),
    ...rules(IN_PIXELS, whiskers, { color: INK.line, strokeWidth: 1.4 }),
    ...levelLayers(series, runs, placeX, placeY, panel),
    ...points(IN_PIXELS, dots, { shape: 'circle', size: 34, filled: true, color: INK.normal }),
    ...changeLayers(series, placeX, panel),
  ];
}

/** Half of the way to the next run. */
function edge(index: number, placeX: (index: number) => number): number {
  return (placeX(index - 1) + placeX(index)) / 2;
}

function levelLayers(
  { changes }: HistorySeries,
  runs: readonly Drawn[],
  placeX: (index: number) => number,
  placeY: (value: number) => number,
  panel: Panel,
): Layer[] {
  const bounds = [0, ...changes.map(({ at }) => at), runs.length];
  const levels = bounds.slice(1).map((end, i) => {
    const start = bounds[i] ?? 0;
    const y = placeY(median(runs.slice(start, end).map(({ figure }) => figure)));
    const x = start === 0 ? panel.left : edge(start, placeX);
    const x2 = end === runs.length ? panel.left + panel.width : edge(end, placeX);
    return { x, x2, y, y2: y };
  });
  return rules(IN_PIXELS, levels, { color: INK.quiet, strokeWidth: 2, opacity: 0.8 });
}

function changeLayers({ changes }: HistorySeries, placeX: (index: number) => number, panel: Panel): Layer[] {
  const marks = changes.map(({ at, verdict, ratio, between }) => ({
    x: edge(at, placeX),
    colour: verdict === 'worse' ? DIVERGING.less : DIVERGING.more,
    text: visible(changeText(ratio.point)),
    description: visible(`${verdict} by ${changeText(ratio.point)} between ${between.before} and ${between.after}`),
  }));
  const lines = marks.map(({ x, colour }) => ({ x, x2: x, y: panel.top - 14, y2: panel.top + panel.height, colour }));
  const words = [...new Set(marks.map(({ colour }) => colour))].flatMap((color) => {
    const own = marks.filter(({ colour }) => colour === color);
    const data = own.map(({ x, text, description }) => ({ x, y: panel.top - 22, text, description }));
    return texts(IN_PIXELS, data, { align: 'center', fontSize: 13, fontWeight: 'bold', color });
  });
  return [...rules(IN_PIXELS, lines, { strokeWidth: 1.6, strokeDash: [4, 3] }), ...words];
}

function altOf(view: HistoryView, series: readonly HistorySeries[]): string {
  const cells = series.map(({ cell, points: runs, changes }) => {
    const found = changes.map(({ sentence }) => sentence);
    return `${cell}, ${runs.length} runs: ${found.length === 0 ? 'no change' : found.join('; ')}`;
  });
  return visible(`History chart: ${view.sentence} ${cells.join('. ')}.`);
}
