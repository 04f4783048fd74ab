import { list } from '../../harness/judge/words.ts';
import { scaleOf } from '../drawing/axes.ts';
import { isNarrow } from '../drawing/canvas.ts';
import { frame } from '../drawing/frame.ts';
import type { Chart } from '../drawing/input.ts';
import { IN_PIXELS, texts } from '../drawing/marks.ts';
import { footLayers, gridLayers, type Panel, sideLayers } from '../drawing/panels.ts';
import { NOTHING_MEASURED, rowNote } from '../drawing/rows.ts';
import { INK } from '../drawing/theme.ts';
import { counted, figure } from '../words/figures.ts';
import {
  estimateLayers,
  headingLayers,
  outlierLayers,
  shadeLayers,
  trialLayers,
  windowLayers,
} from './timeline/layers.ts';
import { type TrialPanel, trialPanels } from './timeline/panels.ts';
import { highestOf, longestOf, type TimeAxes } from './timeline/paths.ts';

const COLUMN_GAP = 36;
/** Above each panel, for its heading. */
const HEAD_HEIGHT = 40;
/** Above the topmost headings, for the title of the axis. */
const TITLE_HEIGHT = 24;
/** More bands of time than this look like a comb. */
const SECOND_TICKS = 7;
/** Of a trial: fewer are no line. */
const FEWEST_MOMENTS = 3;

/** Where the panels stand: in two columns, row by row; in a narrow image one below the other. */
interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** Of one panel, in pixels. */
  readonly height: number;
}

function gridOf(count: number, hasOneColumn: boolean): Grid {
  if (count === 1) return { columns: 1, rows: 1, height: hasOneColumn ? 180 : 300 };
  if (hasOneColumn) return { columns: 1, rows: count, height: 110 };
  const rows = Math.ceil(count / 2);
  const height = rows <= 2 ? 180 : rows <= 4 ? 124 : 84;
  return { columns: 2, rows, height };
}

function placesIn({ columns, rows }: Grid, count: number, plotWidth: number, plotHeight: number): Panel[] {
  const width = (plotWidth - COLUMN_GAP * (columns - 1)) / columns;
  const height = (plotHeight - HEAD_HEIGHT * (rows - 1)) / rows;
  return Array.from({ length: count }, (_, i) => ({
    left: (i % columns) * (width + COLUMN_GAP),
    top: Math.floor(i / columns) * (height + HEAD_HEIGHT),
    width,
    height,
  }));
}

function axesOf(panels: readonly TrialPanel[], { rows }: Grid): TimeAxes {
  const highest = highestOf(panels);
  return {
    x: scaleOf({ kind: 'linear', end: longestOf(panels) }, SECOND_TICKS),
    y: scaleOf({ kind: 'linear', end: highest > 0 ? highest * 1.05 : 1 }, rows <= 4 ? 4 : 3),
  };
}

function figuresOf(panels: readonly TrialPanel[]): string {
  const parts = panels.map(({ row, trials, windows }) => {
    const { result } = row.cell;
    const note = rowNote(row);
    if (result === null || windows === null) return `${row.label} ${note ?? 'no trial at hand'}`;
    const rates = `${figure(result.requestsPerSec.point)} over ${counted(trials.length, 'trial')}`;
    const far = trials.filter(({ isOutlier }) => isOutlier).map(({ round }) => `round ${round} an outlier`);
    return [`${row.label} ${rates}`, ...far, ...(note === null ? [] : ['not ranked'])].join(', ');
  });
  return `requests per second: ${parts.join('; ')}`;
}

/** More trials than this are counted and not named. */
const MOST_NAMED = 3;

/** Whether every trial is steady, or which are not. */
function titleOf(panels: readonly TrialPanel[]): string {
  const all = panels.flatMap(({ row, trials }) =>
    trials.map((trial) => ({ trial, name: `${row.label} round ${trial.round}` })),
  );
  const named = (own: typeof all): string => (own.length > MOST_NAMED ? '' : `: ${list(own.map(({ name }) => name))}`);
  const changing = all.filter(({ trial }) => trial.isSteady === false);
  if (changing.length > 0) {
    return `throughput changes while it is measured in ${changing.length} of ${counted(all.length, 'trial')}${named(changing)}`;
  }
  const far = all.filter(({ trial }) => trial.isOutlier);
  if (far.length > 0) {
    return `${far.length} of ${counted(all.length, 'trial')} ${far.length === 1 ? 'is' : 'are'} far from the others${named(far)}`;
  }
  return all.every(({ trial }) => trial.isSteady === true)
    ? 'throughput is steady in every trial'
    : 'throughput over time';
}

function notesOf(panels: readonly TrialPanel[]): string[] {
  const shown = panels.filter(({ trials }) => trials.length > 0);
  const banded = shown.filter(({ hasLines }) => !hasLines);
  const lined = shown.filter(({ hasLines }) => hasLines);
  const which = lined.length === 0 ? '' : ` (${banded.map(({ row }) => row.label).join(', ')})`;
  const straight = 'Straight line: the estimate over all trials.';
  return [
    'Grey: warm-up, lighter from the first to the last trial whose measurement began. Bracket: measured window of the median trial.',
    ...(lined.length === 0 ? [] : [`One line per trial, stronger within its window. ${straight}`]),
    ...(banded.length === 0
      ? []
      : [
          `Band${which}: from the lowest to the highest trial, with a line at the median.${lined.length === 0 ? ` ${straight}` : ''}`,
        ]),
    ...(lined.some(({ trials }) => trials.some(({ isOutlier }) => isOutlier))
      ? ['Dashed: an outlier, which is down-weighted.']
      : []),
  ];
}

const timeline: Chart = {
  summary: 'requests per second over time, trial by trial, with warm-up and measured window',
  draw: (input) => {
    if (input.traces === undefined) {
      return { kind: 'omitted', reason: 'the trials are not at hand, only their summary' };
    }
    const panels = trialPanels(input, input.traces);
    const lines = panels.flatMap(({ trials }) => trials);
    if (lines.length === 0) return NOTHING_MEASURED;
    if (lines.every(({ timeline: { perSec } }) => perSec.length < FEWEST_MOMENTS)) {
      return { kind: 'omitted', reason: 'the trials are too short to show their course' };
    }
    const grid = gridOf(panels.length, isNarrow(input.canvas));
    const axes = axesOf(panels, grid);
    const content = {
      input,
      title: titleOf(panels),
      measure: 'requests per second over time, a line per trial',
      kind: 'Line charts',
      figures: figuresOf(panels),
      notes: notesOf(panels),
      rowLabels: axes.y.ticks.map(({ label }) => label),
      rowHeight: grid.height,
      plotHeight: grid.rows * grid.height + (grid.rows - 1) * HEAD_HEIGHT,
      columnsWidth: 0,
      headHeight: HEAD_HEIGHT + TITLE_HEIGHT,
    };
    return frame(content, ({ edge, plotWidth, plotHeight }) => {
      const places = placesIn(grid, panels.length, plotWidth, plotHeight);
      const placed = panels.flatMap((shown, i) => {
        const panel = places[i];
        return panel === undefined ? [] : [{ panel, shown }];
      });
      const quiet = { color: INK.quiet };
      const below = { x: plotWidth / 2, y: plotHeight + 41, text: 'seconds since the load began' };
      return [
        ...texts(IN_PIXELS, [{ x: edge, y: 8 - HEAD_HEIGHT - TITLE_HEIGHT, text: 'requests per second' }], quiet),
        ...shadeLayers(axes, placed),
        ...gridLayers(places, axes.y.ticks),
        ...sideLayers(
          places.filter((_, i) => i % grid.columns === 0),
          axes.y.ticks,
        ),
        ...footLayers(places.slice(-grid.columns), axes.x.ticks),
        ...texts(IN_PIXELS, [below], { ...quiet, align: 'center' }),
        ...trialLayers(axes, placed),
        ...estimateLayers(axes, placed),
        ...windowLayers(axes, placed),
        ...outlierLayers(axes, placed),
        ...headingLayers(placed),
      ];
    });
  },
};

export default timeline;
