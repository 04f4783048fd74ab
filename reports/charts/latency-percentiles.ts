import { axisRange, logRange, scaleOf, spacedTicks } from '../drawing/axes.ts';
import { isPlain } from '../drawing/canvas.ts';
import { frame, narrowWidth } from '../drawing/frame.ts';
import type { Chart, ChartInput } from '../drawing/input.ts';
import { nameLines, namesHeight, namesWidth } from '../drawing/line-names.ts';
import { IN_PIXELS, type Layer, texts } from '../drawing/marks.ts';
import { footLayers, gridLayers, type Panel, sideLayers, uprightLayers } from '../drawing/panels.ts';
import { percentilesText } from '../drawing/percentiles.ts';
import { rateConditions } from '../drawing/rate-rows.ts';
import { linesOf } from '../drawing/text-width.ts';
import { INK } from '../drawing/theme.ts';
import { partingOf } from '../words/parting.ts';
import { behindNotes, rateNotices } from '../words/rates.ts';
import { type CurvePanel, type CurvePlan, curvePlan } from './latency-percentiles/curves.ts';
import { type CurveAxes, curveLayers, nameOf } from './latency-percentiles/layers.ts';
import { ninesOf, ninesTicks } from './latency-percentiles/nines.ts';

const PLOT_HEIGHT = { alone: 360, stacked: 200 } as const;
const HEAD_HEIGHT = 62;
/** Below a panel, for the figures of its horizontal axis. */
const FOOT_HEIGHT = 40;
const TICK_WIDTH = 46;
/** The label above the limit of an SLO lies within the plot. */
const LIMIT_ROOM = 1.15;

function axesOf(panels: readonly CurvePanel[]): CurveAxes {
  const lines = panels.flatMap((panel) => panel.lines);
  const points = lines.flatMap((line) => line.points);
  const limits = panels.flatMap((panel) => panel.limits.map(({ limitMs }) => limitMs * LIMIT_ROOM));
  const positive = [...points.map(({ ms }) => ms), ...limits].filter((ms) => ms > 0);
  // A few quick requests must not decide on the scale: what is read off is the slower half.
  const slower = points.filter(({ share }) => share >= 0.5).map(({ ms }) => ms);
  const decisive = [...slower, ...limits].filter((ms) => ms > 0);
  const all = positive.length === 0 ? [0] : positive;
  const isLog = decisive.length > 0 && axisRange(decisive).kind === 'log';
  const range = isLog ? logRange(all) : axisRange([0, ...all]);
  const end = Math.max(1, ...points.map(({ share }) => ninesOf(share)));
  return { end, y: scaleOf(range, 5), lowestMs: range.kind === 'log' ? range.start : 0 };
}

function figuresOf({ panels }: CurvePlan): string {
  const parts = panels.map(({ heading, lines }) => {
    const described = lines.map((line) => `${nameOf(line)} ${percentilesText(line.latency)}`);
    return `${heading}: ${described.join('; ')}`;
  });
  return parts.join('; ');
}

/** Of the first panel in which ranked curves part. */
function titleOf({ panels }: CurvePlan): string {
  for (const { requestClass, lines } of panels) {
    const parting = partingOf(lines.filter(({ mark }) => mark === null));
    const of = requestClass === null ? '' : ` of ${requestClass} requests`;
    if (parting !== null) return `curves${of} part at ${parting.percentile}: ${parting.text}`;
  }
  return 'latency by percentile';
}

function notesOf(
  { scenario: { latency } }: ChartInput,
  { panels, common, cells, absent, shapes }: CurvePlan,
): string[] {
  const lines = panels.flatMap((panel) => panel.lines);
  const { lowestMs } = axesOf(panels);
  const isCut = lines.some(({ points }) => points.some(({ ms }) => ms < lowestMs));
  const lost = lines.some(({ points }) => points.some(({ atLeast }) => atLeast));
  return [
    common === null
      ? 'At full load every connection waits for all the others: more connections make each of them slower. All trials together.'
      : 'Open loop: latency counts from when a request was due. All trials together.',
    ['Each line ends where there are too few requests for more.', ...shapes].join(' '),
    ...(isCut ? ['Latencies of zero, below what the clock can tell, have no place on a logarithmic axis.'] : []),
    ...(lost ? ['Dashed: among requests without a reply, so the truth is this or more.'] : []),
    ...(lines.some(({ mark }) => mark === 'not ranked')
      ? ['Pale: not shown to be limited by the server, not ranked.']
      : []),
    ...behindNotes(cells),
    ...absent,
    ...(latency === null || common === null ? [] : rateNotices(latency)),
  ];
}

/** One below the other, each with `head` pixels for its heading above and room for the figures of its axis below. */
function stacked(count: number, head: number, width: number, height: number): Panel[] {
  const between = FOOT_HEIGHT + head;
  const each = (height - between * (count - 1)) / count;
  return Array.from({ length: count }, (_, i) => ({ left: 0, top: i * (each + between), width, height: each }));
}

const HEADING = { size: 15, face: 'bold' } as const;
const HEADING_LINE = 19;

/** What stands above each panel of a narrow image: a heading of several lines, and the names that have no room beside the lines. */
function headsOf(panels: readonly CurvePanel[], narrow: number | null) {
  const heads = panels.map(({ heading, lines }) => {
    if (narrow === null) return { heading: [heading], names: null, height: HEAD_HEIGHT };
    const names = nameLines(
      lines.map((line) => ({ text: nameOf(line), colour: line.colour })),
      narrow,
    );
    const broken = linesOf(heading, narrow, 3, HEADING);
    return {
      ...{ heading: broken, names },
      height: HEAD_HEIGHT + (broken.length - 1) * HEADING_LINE + names.height,
    };
  });
  return { heads, height: Math.max(...heads.map(({ height }) => height)) };
}

function titleLayers(
  { top }: Panel,
  { heading, names, height }: ReturnType<typeof headsOf>['heads'][number],
  left: number,
  unit: string,
): Layer[] {
  const look = { fontSize: HEADING.size, fontWeight: 'bold', color: INK.strong };
  const first = top - height + HEAD_HEIGHT - 44;
  const lines = heading.map((text, i) => ({ x: left, y: first + i * HEADING_LINE, text }));
  return [
    ...texts(IN_PIXELS, lines, look),
    ...(names?.layers(left, first + (heading.length - 0.5) * HEADING_LINE) ?? []),
    ...texts(IN_PIXELS, [{ x: left, y: top - 22, text: unit }], { color: INK.quiet }),
  ];
}

const latencyPercentiles: Chart = {
  summary: 'latency by percentile up to the slowest requests, by model and class of requests',
  draw: (input) => {
    if (input.traces === undefined) {
      return { kind: 'omitted', reason: 'the trials are not at hand, only their summary' };
    }
    const whole = curvePlan(input, input.traces);
    // On a slide one panel can be read from the last row.
    const plan = isPlain(input.canvas) ? { ...whole, panels: whole.panels.slice(0, 1) } : whole;
    const { panels, common, cells } = plan;
    if (panels.length === 0) return { kind: 'omitted', reason: 'no model has requests enough for a curve' };
    const axes = axesOf(panels);
    const unit = axes.lowestMs > 0 ? 'latency in ms (logarithmic scale)' : 'latency in ms';
    const names = panels.flatMap(({ lines }) => lines.map(nameOf));
    const most = Math.max(...panels.map(({ lines }) => lines.length));
    const plain = panels.length === 1 ? PLOT_HEIGHT.alone : PLOT_HEIGHT.stacked;
    const each = Math.max(plain, namesHeight(most));
    const narrow = narrowWidth(input);
    const { heads, height: headHeight } = headsOf(panels, narrow);
    const content = {
      input,
      title: titleOf(plan),
      measure: 'latency in ms by share of the requests, less is better',
      kind: 'Line chart',
      figures: figuresOf(plan),
      notes: notesOf(input, plan),
      rowLabels: axes.y.ticks.map(({ label }) => label),
      rowHeight: each,
      plotHeight: panels.length * each + (panels.length - 1) * (headHeight + FOOT_HEIGHT),
      columnsWidth: narrow === null ? namesWidth(names) : 0,
      headHeight,
      ...(common === null ? {} : { conditions: rateConditions(input, cells) }),
    };
    return frame(content, ({ edge, plotWidth, plotHeight }) => {
      const places = stacked(panels.length, headHeight, plotWidth, plotHeight);
      const ticks = spacedTicks(ninesTicks(axes.end), plotWidth, TICK_WIDTH);
      const title = {
        x: narrow === null ? plotWidth / 2 : plotWidth,
        y: plotHeight + 41,
        text: 'share of the requests answered within this latency',
      };
      return [
        ...uprightLayers(places, ticks),
        ...gridLayers(places, axes.y.ticks),
        ...sideLayers(places, axes.y.ticks),
        ...footLayers(places, ticks),
        ...texts(IN_PIXELS, [title], {
          ...(narrow === null ? { align: 'center' } : { align: 'right', fontSize: 12 }),
          color: INK.quiet,
        }),
        ...panels.flatMap((panel, i) => {
          const [place, head] = [places[i], heads[i]];
          if (place === undefined || head === undefined) return [];
          return [...titleLayers(place, head, edge, unit), ...curveLayers(axes, place, panel, narrow === null)];
        }),
      ];
    });
  },
};

export default latencyPercentiles;
