import { findingOf } from '../../harness/judge/answer/finding.ts';
import { median } from '../../harness/stats/spread.ts';
import { logRange, type Scale } from '../drawing/axes.ts';
import { isNarrow } from '../drawing/canvas.ts';
import { frame } from '../drawing/frame.ts';
import type { Chart, ChartInput } from '../drawing/input.ts';
import { IN_PIXELS, texts } from '../drawing/marks.ts';
import { gridLayers, type Panel, sideLayers } from '../drawing/panels.ts';
import { rateConditions } from '../drawing/rate-rows.ts';
import { INK } from '../drawing/theme.ts';
import { figure, given } from '../words/figures.ts';
import { cellsAt, rateText } from '../words/rates.ts';
import {
  drawnRange,
  headingLayers,
  heatLayers,
  keyLayers,
  type PlacedPanel,
  roundLayers,
} from './latency-heat-map/layers.ts';
import { type HeatPanel, type HeatPlan, heatPlan, MOST_TRIALS } from './latency-heat-map/panels.ts';

const COLUMN_GAP = 36;
/** Above each panel, for its name, and below it, for the rounds. */
const HEAD_HEIGHT = 30;
const FOOT_HEIGHT = 26;
/** Above the topmost names, for the key and the title of the axis. */
const KEY_HEIGHT = 46;
const AXIS_HEIGHT = 46;

interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** Of one panel, in pixels. */
  readonly height: number;
}

function gridOf(count: number, hasOneColumn: boolean): Grid {
  const columns = count === 1 || hasOneColumn ? 1 : 2;
  const rows = Math.ceil(count / columns);
  if (hasOneColumn) return { columns, rows, height: 120 };
  return { columns, rows, height: rows === 1 ? 260 : rows === 2 ? 170 : 120 };
}

function placesIn({ columns, height }: Grid, panels: readonly HeatPanel[], plotWidth: number): PlacedPanel[] {
  const width = (plotWidth - COLUMN_GAP * (columns - 1)) / columns;
  return panels.map((shown, i) => ({
    shown,
    panel: {
      left: (i % columns) * (width + COLUMN_GAP),
      top: Math.floor(i / columns) * (height + HEAD_HEIGHT + FOOT_HEIGHT),
      ...{ width, height },
    },
  }));
}

/** Logarithmic, exactly from the lowest to the highest cell, with the round figures between them. */
function scaleOf(panels: readonly HeatPanel[]): Scale {
  const { low, high } = drawnRange(panels);
  const at = (ms: number) => Math.log(ms / low) / Math.log(high / low);
  const { ticks } = logRange([low, high]);
  const inside = ticks.filter((ms) => ms >= low && ms <= high);
  const shown = inside.length <= 6 ? inside : inside.filter((ms) => Number.isInteger(Math.log10(ms)));
  return { at, ticks: shown.map((ms) => ({ at: at(ms), label: given(ms) })) };
}

const latencyHeatMap: Chart = {
  summary: 'latency over time within trials, as a heat map with a panel per model',
  draw: (input) => {
    if (input.traces === undefined) {
      return { kind: 'omitted', reason: 'the trials are not at hand, only their summary' };
    }
    const plan = heatPlan(input, input.traces);
    const { panels, common } = plan;
    if (panels.every(({ trials }) => trials.length === 0))
      return { kind: 'omitted', reason: 'no model has a valid trial' };
    const columns = Math.max(
      ...panels.flatMap(({ trials }) => trials.reduce((sum, { slices }) => sum + slices.length, 0)),
    );
    if (columns < 2) return { kind: 'omitted', reason: 'a single trial was recorded as a whole, not over time' };
    const grid = gridOf(panels.length, isNarrow(input.canvas));
    const y = scaleOf(panels);
    const at = common === null ? 'at full load' : `at ${rateText(common.offeredPerSec)}`;
    const title = findingOfHeat(input, plan);
    const content = {
      input,
      title,
      measure: `latency in ms over time, ${at}`,
      kind: 'Heat map',
      figures: figuresOf(plan),
      notes: notesOf(plan),
      rowLabels: y.ticks.map(({ label }) => label),
      rowHeight: 0,
      plotHeight: grid.rows * grid.height + (grid.rows - 1) * (HEAD_HEIGHT + FOOT_HEIGHT),
      columnsWidth: 0,
      headHeight: HEAD_HEIGHT + KEY_HEIGHT,
      axisHeight: AXIS_HEIGHT,
      ...(common === null || input.scenario.latency === null
        ? {}
        : { conditions: rateConditions(input, cellsAt(common, input.scenario.latency)) }),
    };
    return frame(content, ({ edge, plotWidth }) => {
      const places = placesIn(grid, panels, plotWidth);
      const all: Panel[] = places.map(({ panel }) => panel);
      const unit = 'latency in ms (logarithmic scale)';
      return [
        ...texts(IN_PIXELS, [{ x: edge, y: -HEAD_HEIGHT - 12, text: unit }], { color: INK.quiet }),
        ...keyLayers(edge, -HEAD_HEIGHT - 34),
        ...gridLayers(all, y.ticks),
        ...sideLayers(
          all.filter((_, i) => i % grid.columns === 0),
          y.ticks,
        ),
        ...heatLayers(y, places),
        ...roundLayers(places),
        ...headingLayers(places),
      ];
    });
  },
};

export default latencyHeatMap;

function figuresOf({ panels }: HeatPlan): string {
  const parts = panels.map(({ label, trials, reason }) => {
    const medians = trials.flatMap(({ slices }) => slices.flatMap((slice) => slice?.medianMs ?? []));
    if (medians.length === 0) return `${label} ${reason ?? 'no trial at hand'}`;
    return `${label} between ${figure(Math.min(...medians))} and ${figure(Math.max(...medians))} ms, usually ${figure(median(medians))}`;
  });
  return `median of each moment: ${parts.join('; ')}`;
}

/** The title: what holds of p50 at this load, where that was told. */
function findingOfHeat({ scenario }: ChartInput, { common, isDivided }: HeatPlan): string {
  const found = common === null ? null : findingOf(scenario, 'latency-p50', common.offeredPerSec);
  return found ?? (isDivided ? 'how latency goes within trials' : 'how latency goes from trial to trial');
}

function notesOf({ common, isDivided, mostTrials }: HeatPlan): string[] {
  const when = common === null ? 'was sent' : 'was due';
  return [
    isDivided
      ? `From left to right the measured windows, trial after trial. Colour: share of the requests of a moment, by when each ${when}. Line: median.`
      : 'A column per trial, because latency over time was not recorded. Colour: share of its requests. Line: median.',
    ...(mostTrials > MOST_TRIALS ? [`Of ${mostTrials} trials the first ${MOST_TRIALS} are shown.`] : []),
  ];
}
