import { findingOf } from '../../harness/judge/answer/finding.ts';
import { list } from '../../harness/judge/words.ts';
import { spacedTicks } from '../drawing/axes.ts';
import { frame, narrowWidth } from '../drawing/frame.ts';
import type { Chart, ChartInput } from '../drawing/input.ts';
import { IN_PIXELS, texts } from '../drawing/marks.ts';
import { footLayers, gridLayers, sideLayers, uprightLayers } from '../drawing/panels.ts';
import { rateConditions } from '../drawing/rate-rows.ts';
import { INK } from '../drawing/theme.ts';
import { cellNames } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { cellsAt, rateText } from '../words/rates.ts';
import { type CostAxes, cornerLayers, costAxes, costText, isCut, markLayers } from './cost-against-speed/layers.ts';
import { type CostPlan, costPlan } from './cost-against-speed/marks.ts';

const PLOT_HEIGHT = { ordinary: 380, narrow: 280 } as const;
const HEAD_HEIGHT = 40;
/** Of a label of the horizontal axis with the room beside it. */
const TICK_WIDTH = 52;

const costAgainstSpeed: Chart = {
  summary: 'requests per CPU-second against p99, a mark per model',
  draw: (input) => {
    const plan = costPlan(input);
    const { marks, common, requestClass } = plan;
    if (marks.length < 2) return { kind: 'omitted', reason: 'fewer than two models have CPU time and a p99' };
    const narrow = narrowWidth(input);
    const axes = costAxes(marks);
    const what = visible(requestClass === null ? 'p99' : `p99 of ${requestClass} requests`);
    const at = common === null ? 'at full load' : `at ${rateText(common.offeredPerSec)}`;
    const title = findingOfCost(input, plan);
    const figures = marks.map((mark) => `${mark.label} ${costText(mark)}`).join('; ');
    const content = {
      input,
      title,
      measure: `requests per CPU-second (more is better) against ${what} (less is better), ${at}`,
      kind: 'Scatter plot',
      figures,
      notes: notesOf(plan, axes),
      rowLabels: axes.y.ticks.map(({ label }) => label),
      rowHeight: 0,
      plotHeight: narrow === null ? PLOT_HEIGHT.ordinary : PLOT_HEIGHT.narrow,
      columnsWidth: 0,
      headHeight: HEAD_HEIGHT,
      ...(common === null || input.scenario.latency === null
        ? {}
        : { conditions: rateConditions(input, cellsAt(common, input.scenario.latency)) }),
    };
    return frame(content, ({ edge, plotWidth: width, plotHeight: height }) => {
      const panel = { left: 0, top: 0, width, height };
      const ticks = spacedTicks(axes.x.ticks, width, TICK_WIDTH);
      return [
        ...gridLayers([panel], axes.y.ticks),
        ...uprightLayers([panel], ticks),
        ...sideLayers([panel], axes.y.ticks),
        ...footLayers([panel], ticks),
        ...texts(IN_PIXELS, [{ x: edge, y: -22, text: `${what} in ms${logText(axes.y)}` }], {
          color: INK.quiet,
        }),
        ...texts(IN_PIXELS, [{ x: width, y: height + 41, text: `requests per CPU-second${logText(axes.x)}` }], {
          ...{ align: 'right', color: INK.quiet },
        }),
        ...cornerLayers(panel),
        ...markLayers(axes, panel, marks),
      ];
    });
  },
};

export default costAgainstSpeed;

function logText({ isLog }: CostAxes['x']): string {
  return isLog ? ' (logarithmic scale)' : '';
}

const NEUTRAL = 'what requests cost against how long they take';

/** The title: which model is best in both, or which in each, as far as that is known. */
function findingOfCost({ scenario }: ChartInput, { common, marks }: CostPlan): string {
  const rate = common?.offeredPerSec ?? null;
  const own = scenario.answers.filter(({ offeredPerSec }) => offeredPerSec === rate);
  const compared = own.find(({ metric }) => metric === 'cpu-per-request')?.models.length ?? 0;
  // A title speaks of all marks.
  if (compared < marks.length || marks.some(({ note }) => note !== null)) return NEUTRAL;
  const bestIn = (metric: 'cpu-per-request' | 'latency-p99'): readonly string[] =>
    scenario.answers.find((one) => one.metric === metric && one.offeredPerSec === rate)?.best ?? [];
  const [cheapest, quickest] = [bestIn('cpu-per-request'), bestIn('latency-p99')];
  const names = cellNames(scenario);
  const nameOf = (ids: readonly string[]) =>
    list(
      ids.map((id) => names.get(id) ?? id),
      'or',
    );
  const isKnown = cheapest.length > 0 && quickest.length > 0;
  if (isKnown && [...cheapest, ...quickest].every((id) => id === cheapest[0])) {
    return `${nameOf(cheapest)} takes the least CPU time and has the shortest p99`;
  }
  if (isKnown && cheapest.every((id) => !quickest.includes(id))) {
    return `${nameOf(cheapest)} takes the least CPU time, ${nameOf(quickest)} has the shortest p99`;
  }
  return findingOf(scenario, 'cpu-per-request', rate) ?? NEUTRAL;
}

function notesOf({ marks, absent, common, shapes }: CostPlan, axes: CostAxes): string[] {
  return [
    common === null
      ? 'At full load latency is mostly waiting for the other connections. Whiskers: 95% intervals over trials.'
      : 'Open loop: latency counts from when a request was due. Whiskers: 95% intervals over trials.',
    ...(isCut(axes, marks) ? ['A whisker without a cap goes on beyond its axis.'] : []),
    ...(marks.some(({ note }) => note !== null) ? ['Hollow: not to be set beside the others.'] : []),
    ...shapes,
    ...(absent.length === 0 ? [] : [`No mark, because there is no p99 or no CPU time: ${list(absent)}.`]),
  ];
}
