import { spacedTicks } from '../drawing/axes.ts';
import { frame, narrowWidth } from '../drawing/frame.ts';
import type { Chart, ChartInput } from '../drawing/input.ts';
import { nameLines, namesWidth } from '../drawing/line-names.ts';
import { IN_PIXELS, texts } from '../drawing/marks.ts';
import { footLayers, gridLayers, limitLayers, sideLayers, upwards } from '../drawing/panels.ts';
import { rateConditions } from '../drawing/rate-rows.ts';
import { INK, settingShapes } from '../drawing/theme.ts';
import { visible } from '../words/escape.ts';
import { given } from '../words/figures.ts';
import { percentileFigure, rateFigure, rateNotices } from '../words/rates.ts';
import { capacityLayers, lineLayers, loadAxes } from './latency-against-load/layers.ts';
import { drawnClass, type LoadLine, loadLines, titleOf } from './latency-against-load/lines.ts';

/** Of a label of the horizontal axis with the room beside it. */
const TICK_WIDTH = 46;
const PLOT_HEIGHT = { ordinary: 400, narrow: 260 } as const;
/** With fewer rates there is no line to be seen. */
const FEWEST = 3;

/** The limit of the SLO on what is drawn, in milliseconds; null where it asks for something else. */
function sloLimit({ scenario: { latency } }: ChartInput, requestClass: string | null): number | null {
  const limits = latency?.slo?.asked.limits ?? [];
  return limits.find((one) => one.percentile === 'p99' && one.requestClass === requestClass)?.limitMs ?? null;
}

function figuresOf(lines: readonly LoadLine[], what: string): string {
  const described = lines.map(({ label, points }) => {
    const steady = points.filter(({ keptUp }) => keptUp);
    const ends = [...new Set([steady[0], steady.at(-1)])].flatMap((point) => point ?? []);
    const behind = points.find(({ keptUp }) => !keptUp);
    const figures = ends.map(({ rate, p99 }) => `${percentileFigure(p99)} ms at ${rateFigure(rate)}/s`);
    return `${label} ${[...figures, ...(behind === undefined ? [] : [`behind at ${rateFigure(behind.rate)}/s`])].join(', ')}`;
  });
  return `${what}: ${described.join('; ')}`;
}

function notesOf(input: ChartInput, lines: readonly LoadLine[]): string[] {
  const points = lines.flatMap((line) => line.points);
  const { latency } = input.scenario;
  const hollow =
    'Hollow and dashed: the server fell behind what was offered; its latency then grows with the length of the window.';
  return [
    'Open loop: latency counts from when a request was due. Bars: 95% interval. Triangle: what the model serves at full load.',
    ...settingShapes(latency?.cells ?? [], input.scenario).notes,
    ...(points.every(({ keptUp }) => keptUp) ? [] : [hollow]),
    ...(points.some(({ p99 }) => p99.atLeast)
      ? ['Arrowhead above a point: it lies among requests without a reply, so the truth is this or more.']
      : []),
    ...(points.every(({ isComparable }) => isComparable)
      ? []
      : ['Cross: not shown to be limited by the server, not ranked.']),
    ...(lines.every(({ capacity }) => capacity === null || capacity.isRanked)
      ? []
      : ['Hollow triangle: full load was not shown to be limited by the server, which may do more.']),
    ...(latency === null ? [] : rateNotices(latency)),
  ];
}

const latencyAgainstLoad: Chart = {
  summary: 'p99 against the offered rate, by model, with capacity and SLO',
  draw: (input) => {
    const { latency } = input.scenario;
    if (latency === null) return { kind: 'omitted', reason: 'no latency was measured at given rates' };
    const lines = loadLines(input).filter(({ points }) => points.length > 0);
    const most = Math.max(0, ...lines.map(({ points }) => new Set(points.map(({ rate }) => rate)).size));
    if (most < FEWEST) {
      return { kind: 'omitted', reason: `no model has a p99 at ${FEWEST} different rates` };
    }
    const requestClass = drawnClass(latency.cells);
    const limitMs = sloLimit(input, requestClass);
    const axes = loadAxes(lines, limitMs);
    const what = visible(requestClass === null ? 'p99' : `p99 of ${requestClass} requests`);
    const narrow = narrowWidth(input);
    const names =
      narrow === null
        ? null
        : nameLines(
            lines.map(({ label: text, colour }) => ({ text, colour })),
            narrow,
          );
    const content = {
      input,
      title: titleOf(lines, what, limitMs),
      measure: `${what} in ms against the offered rate, less is better`,
      kind: 'Line chart',
      figures: figuresOf(lines, what),
      notes: notesOf(input, lines),
      rowLabels: axes.y.ticks.map(({ label }) => label),
      rowHeight: 0,
      plotHeight: narrow === null ? PLOT_HEIGHT.ordinary : PLOT_HEIGHT.narrow,
      columnsWidth: names === null ? namesWidth(lines.map(({ label }) => label)) : 0,
      headHeight: 48 + (names?.height ?? 0),
      conditions: rateConditions(input, latency.cells),
    };
    return frame(content, ({ edge, plotWidth: width, plotHeight: height }) => {
      const panel = { left: 0, top: 0, width, height };
      // Level above the axis: upright text would take more height than a long plot has.
      const upper = { x: edge, y: -30, text: `${what} in ms (logarithmic scale)` };
      const lower = { x: width / 2, y: height + 41, text: 'offered requests per second' };
      const text = `SLO: p99 within ${given(limitMs ?? 0)} ms`;
      return [
        ...gridLayers([panel], axes.y.ticks),
        ...sideLayers([panel], axes.y.ticks),
        ...footLayers([panel], spacedTicks(axes.x.ticks, width, TICK_WIDTH)),
        ...texts(IN_PIXELS, [upper], { color: INK.quiet }),
        ...(names?.layers(edge, -44 - names.height) ?? []),
        ...texts(IN_PIXELS, [lower], { color: INK.quiet, align: 'center' }),
        ...capacityLayers(axes, panel, lines),
        ...(limitMs === null ? [] : limitLayers(panel, { x2: width, y: upwards(panel, axes.y.at(limitMs)), text })),
        ...lineLayers(axes, panel, lines, narrow === null),
      ];
    });
  },
};

export default latencyAgainstLoad;
