/** The chart of one figure against what a series varies: a line per model, whiskers, limit, and the law beyond what was measured dashed. */
import type { SeriesSummary } from '../../../harness/judge/schema/series.ts';
import { scaled } from '../../../harness/stats/series/scalability.ts';
import { axisRange, logRange, type Scale, scaleOf, spacedTicks } from '../../drawing/axes.ts';
import { frame, narrowWidth } from '../../drawing/frame.ts';
import type { Drawing, OverviewInput } from '../../drawing/input.ts';
import { lineNameLayers, nameLines, namesWidth } from '../../drawing/line-names.ts';
import { curves, haloed, IN_PIXELS, type Layer, points, rules, texts } from '../../drawing/marks.ts';
import { across, footLayers, gridLayers, type Panel, sideLayers, upwards } from '../../drawing/panels.ts';
import { INK } from '../../drawing/theme.ts';
import { visible } from '../../words/escape.ts';
import { given } from '../../words/figures.ts';
import { pointsOf, type SettingLine } from './lines.ts';

/** What is drawn of a series. */
export interface SettingChart {
  readonly lines: readonly SettingLine[];
  /** `requests per second`. */
  readonly what: string;
  readonly good: 'more' | 'less';
  readonly title: string;
  /** Of each point, in its order; null where there is none. */
  readonly limits: readonly (number | null)[];
  readonly notes: readonly string[];
}

const PLOT_HEIGHT = { ordinary: 400, narrow: 260 } as const;
/** Of a label of the horizontal axis with the room beside it. */
const TICK_WIDTH = 26;
/** How far beyond what was measured the law is drawn. */
const BEYOND = 1.5;
const LAW_STEPS = 48;

/** The name of what varies, as an axis has it. */
export function quantityName({ along }: Pick<SeriesSummary, 'along'>): string {
  return along.kind === 'parameter' ? along.name : along.kind;
}

export function settingChart(input: OverviewInput, series: SeriesSummary, chart: SettingChart): Drawing {
  const { lines, what, title } = chart;
  const drawn = lines.filter((line) => line.points.length > 0);
  const [first] = pointsOf(series, input.summary);
  if (first === undefined || drawn.length === 0) return { kind: 'omitted', reason: 'no point has a valid result' };
  const scenario = {
    ...first,
    inWords: series.of,
    limit: null,
    cells: pointsOf(series, input.summary).flatMap(({ cells }) => cells),
  };
  const axes = axesOf(series, chart, drawn);
  const own = { ...input, scenario };
  const narrow = narrowWidth(own);
  const labels = drawn.map(({ label: text, colour }) => ({ text: visible(text), colour }));
  const names = narrow === null ? null : nameLines(labels, narrow);
  const quantity = visible(quantityName(series));
  const content = {
    input: own,
    title,
    measure: `${what} by ${quantity}, ${chart.good} is better`,
    kind: 'Line chart',
    figures: figuresOf(drawn, what, quantity),
    notes: chart.notes,
    rowLabels: axes.y.ticks.map(({ label }) => label),
    rowHeight: 0,
    plotHeight: narrow === null ? PLOT_HEIGHT.ordinary : PLOT_HEIGHT.narrow,
    columnsWidth: names === null ? namesWidth(labels.map(({ text }) => text)) : 0,
    headHeight: 48 + (names?.height ?? 0),
  };
  return frame(content, ({ edge, plotWidth: width, plotHeight: height }) => {
    const panel = { left: 0, top: 0, width, height };
    return [
      ...gridLayers([panel], axes.y.ticks),
      ...sideLayers([panel], axes.y.ticks),
      ...footLayers([panel], spacedTicks(axes.x.ticks, width, TICK_WIDTH)),
      ...texts(IN_PIXELS, [{ x: edge, y: -30, text: what }], { color: INK.quiet }),
      ...(names?.layers(edge, -44 - names.height) ?? []),
      ...texts(IN_PIXELS, [{ x: width / 2, y: height + 41, text: quantity }], { color: INK.quiet, align: 'center' }),
      ...limitLayers(series, chart, axes, panel),
      ...lineLayers(drawn, axes, panel, narrow === null),
    ];
  });
}

interface Axes {
  readonly x: Scale;
  readonly y: Scale;
  /** The most that the horizontal axis shows. */
  readonly end: number;
}

function axesOf(series: SeriesSummary, { limits }: SettingChart, lines: readonly SettingLine[]): Axes {
  const values = series.points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const hasLaw = lines.some(({ law }) => law?.kind === 'fitted');
  const end = hasLaw ? high * BEYOND : high;
  const all = lines.flatMap((line) => line.points.flatMap(({ y, low: from, high: to }) => [y, from ?? y, to ?? y]));
  const shown = [...all, ...limits.filter((limit) => limit !== null)].filter((one) => one > 0);
  const isLinear = series.along.kind === 'workers' || low <= 0;
  const x = scaleOf(isLinear ? { kind: 'linear', end: end * 1.03 } : logRange([low, end]), 12);
  // What was measured is what a reader looks for below.
  const ticks = values.map((value) => ({ at: x.at(value), label: given(value) }));
  return { x: { ...x, ticks }, y: scaleOf(axisRange(shown), 5), end };
}

function limitLayers(series: SeriesSummary, { limits }: SettingChart, { x, y }: Axes, panel: Panel): Layer[] {
  const known = series.points.flatMap(({ value }, i) => {
    const limit = limits[i] ?? null;
    return limit === null ? [] : [{ x: across(panel, x.at(value)), y: upwards(panel, y.at(limit)) }];
  });
  const [first] = known;
  if (first === undefined || known.length < 2) return [];
  const path = { x: known.map((one) => one.x), y: known.map((one) => one.y), colour: INK.quiet, opacity: 1 };
  const word = { x: first.x + 6, y: first.y - 12, text: 'physical limit' };
  return [
    ...curves([path], { strokeWidth: 1.4, strokeDash: [2, 3] }),
    ...haloed(IN_PIXELS, [word], { color: INK.quiet, fontSize: 12 }),
  ];
}

function lineLayers(lines: readonly SettingLine[], { x, y, end }: Axes, panel: Panel, hasNames: boolean): Layer[] {
  const atX = (value: number): number => across(panel, x.at(value));
  const atY = (value: number): number => Math.min(panel.height, upwards(panel, y.at(value)));
  const paths = lines.map(({ colour, points: all }) => ({
    ...{ x: all.map(({ value }) => atX(value)), y: all.map((one) => atY(one.y)) },
    ...{ colour, opacity: 1 },
  }));
  const whiskers = lines.flatMap(({ colour, points: all }) =>
    all.flatMap(({ value, low, high }) =>
      low === null || high === null ? [] : [{ x: atX(value), x2: atX(value), y: atY(low), y2: atY(high), colour }],
    ),
  );
  const marks = lines.flatMap(({ label, colour, points: all }) =>
    all.map(({ value, y: of, isRanked }) => ({
      ...{ x: atX(value), y: atY(of), stroke: colour, fill: isRanked ? colour : INK.paper },
      shape: isRanked ? 'circle' : 'cross',
      description: visible(`${label}: ${given(of)} at ${given(value)}${isRanked ? '' : ', not ranked'}`),
    })),
  );
  const beyond = lines.flatMap(({ colour, law }) => {
    if (law?.kind !== 'fitted') return [];
    const from = law.upTo;
    const values = Array.from({ length: LAW_STEPS + 1 }, (_, i) => from + ((end - from) * i) / LAW_STEPS);
    const path = values.map((value) => atY(scaled(law, value)));
    return [{ x: values.map(atX), y: path, colour, opacity: 0.9 }];
  });
  const ends = lines.flatMap(({ label: text, colour, points: all, law }) => {
    const last = all.at(-1);
    if (last === undefined) return [];
    const [value, of] = law?.kind === 'fitted' ? [end, scaled(law, end)] : [last.value, last.y];
    return [{ text: visible(text), colour, x: atX(value), y: atY(of) }];
  });
  return [
    ...rules(IN_PIXELS, whiskers, { strokeWidth: 1.4, opacity: 0.7 }),
    ...curves(paths, { strokeWidth: 2.2 }),
    ...curves(beyond, { strokeWidth: 1.8, strokeDash: [5, 4] }),
    ...points(IN_PIXELS, marks, { size: 64, strokeWidth: 2 }),
    ...(hasNames ? lineNameLayers(panel, ends) : []),
  ];
}

function figuresOf(lines: readonly SettingLine[], what: string, quantity: string): string {
  const described = lines.map(({ label, points: all }) => {
    return `${label} ${all.map(({ value, y }) => `${given(y)} at ${given(value)}`).join(', ')}`;
  });
  return visible(`${what} by ${quantity}: ${described.join('; ')}`);
}
