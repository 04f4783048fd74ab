import { type Content, frame } from '../drawing/frame.ts';
import type { ChartInput } from '../drawing/input.ts';
import { MARGIN } from '../drawing/layout.ts';
import { rateConditions } from '../drawing/rate-conditions.ts';
import { settingShapes } from '../drawing/setting-shapes.ts';
import { scenarioTitle } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { figure } from '../words/figures.ts';
import { percentileText, rateFigure, rateNotices } from '../words/rates.ts';
import type { Chart } from './chart.ts';
import { loadAxes } from './latency-against-load/axes.ts';
import {
  atLeastLayers,
  capacityLayers,
  intervalLayers,
  limitLayers,
  nameLayers,
  nameWidth,
  pointLayers,
  segmentLayers,
  verticalTitle,
} from './latency-against-load/layers.ts';
import { drawnClass, type LoadLine, loadLines } from './latency-against-load/lines.ts';

const PLOT_HEIGHT = 400;
/** With fewer rates there is no line to be seen. */
const FEWEST = 3;
/** Room for the figures of the vertical axis. */
const AXIS_LABEL = '0'.repeat(7);

/** The limit of the SLO on what is drawn, in milliseconds; null where it asks for something else. */
function sloLimit({ scenario: { latency } }: ChartInput, requestClass: string | null): number | null {
  const limits = latency?.slo?.asked.limits ?? [];
  return limits.find((one) => one.percentile === 'p99' && one.requestClass === requestClass)?.limitMs ?? null;
}

function altText({ scenario }: ChartInput, lines: readonly LoadLine[], requestClass: string | null): string {
  const described = lines.map(({ label, points, capacity }) => {
    const figures = points.map(({ rate, p99, keptUp, isComparable }) => {
      const notes = [...(keptUp ? [] : ['fell behind']), ...(isComparable ? [] : ['not ranked'])];
      const note = notes.length === 0 ? '' : `, ${notes.join(', ')}`;
      return `${percentileText(p99)} ms at ${rateFigure(rate)}/s${note}`;
    });
    const most = capacity === null ? '' : `; capacity ${figure(capacity.requestsPerSec)}/s`;
    return `${label} ${figures.join(', ')}${most}`;
  });
  const of = requestClass === null ? 'p99' : `p99 of ${requestClass} requests`;
  return `Line chart of ${scenarioTitle(scenario)}: ${of} against the offered rate: ${described.join('. ')}.`;
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
    const alt = altText(input, lines, requestClass);
    const what = visible(requestClass === null ? 'p99' : `p99 of ${requestClass} requests`);
    const content: Content = {
      input,
      shows: `${what} against load`,
      notes: notesOf(input, lines),
      alt,
      rowLabels: [AXIS_LABEL],
      rowHeight: 0,
      plotHeight: PLOT_HEIGHT,
      columnsWidth: nameWidth(lines),
      headHeight: 48,
      conditions: rateConditions(input, latency.cells),
    };
    const spec = frame(content, ({ left, plotWidth }) => [
      verticalTitle(what, MARGIN - left),
      ...capacityLayers(axes, lines, plotWidth),
      ...(limitMs === null ? [] : limitLayers(axes, limitMs)),
      ...intervalLayers(axes, lines),
      ...segmentLayers(axes, lines),
      ...pointLayers(axes, lines),
      ...atLeastLayers(axes, lines),
      ...nameLayers(axes, lines, plotWidth, PLOT_HEIGHT),
    ]);
    return { kind: 'spec', spec, alt };
  },
};

export default latencyAgainstLoad;
