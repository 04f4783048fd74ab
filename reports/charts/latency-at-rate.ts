import { latencyAxis } from '../drawing/axes.ts';
import { frame, GUTTER } from '../drawing/frame.ts';
import { haloed, IN_PIXELS, type Layer, PIXELS, rules, texts } from '../drawing/marks.ts';
import {
  latencyValues,
  percentileColumns,
  percentileLayers,
  percentileNotes,
  percentilesOf,
  percentilesText,
} from '../drawing/percentiles.ts';
import { type RateGroup, type RateRow, rateConditions, rateGroups } from '../drawing/rate-rows.ts';
import { columnLayers, columnsWidth, wordLayers } from '../drawing/row-texts.ts';
import { INK } from '../drawing/theme.ts';
import { scenarioTitle } from '../words/cells.ts';
import { behindNotes, cellsAt, rateNotices } from '../words/rates.ts';
import type { Chart } from './chart.ts';

/** From the middle of a row to the words below its marks, in pixels. */
const BELOW = 19;

const latencyAtRate: Chart = {
  summary: 'latency percentiles by model and class at a rate that every model is offered',
  draw: (input) => {
    const { latency } = input.scenario;
    if (latency === null) return { kind: 'omitted', reason: 'no latency was measured at given rates' };
    const { groups, height } = rateGroups(input);
    if (groups.length === 0) return { kind: 'omitted', reason: 'no rate was offered to every model' };
    const rows = groups.flatMap((group) => group.rows);
    const measured = rows.flatMap((row) => row.latency ?? []);
    if (measured.length === 0) return { kind: 'omitted', reason: 'no model has a valid trial at a common rate' };
    const shown = percentilesOf(measured);
    if (shown.length === 0) return { kind: 'omitted', reason: 'too few requests for any percentile' };
    const x = latencyAxis(latencyValues(measured, shown));
    const cells = latency.common.flatMap((common) => cellsAt(common, latency));
    const columns = percentileColumns<RateRow>(shown, 'p99', (row) => row.latency);
    const parts = groups.map((group) => `${group.heading}: ${group.rows.map((row) => rowText(row, shown)).join('; ')}`);
    const content = {
      input,
      shows: 'latency at the same rate for every model',
      notes: [
        'Open loop: latency counts from when a request was due. All trials together. Whisker: 95% interval of p99.',
        ...percentileNotes(measured, shown),
        ...behindNotes(cells),
        ...rateNotices(latency),
      ],
      alt: `Dot plot of ${scenarioTitle(input.scenario)}: latency at the same rate for every model. ${parts.join('. ')}.`,
      rowLabels: rows.map(({ label }) => label),
      rowHeight: 0,
      plotHeight: height,
      columnsWidth: columnsWidth(columns, rows),
      headHeight: 26,
      conditions: rateConditions(input, cells),
    };
    return frame(content, ({ edge, plotWidth }) => [
      ...headingLayers(groups, edge, plotWidth + GUTTER + content.columnsWidth),
      ...percentileLayers({ x, y: PIXELS }, rows, shown),
      ...texts(
        IN_PIXELS,
        rows.map(({ y, label }) => ({ x: -10, y, text: label })),
        { align: 'right', fontSize: 14, color: INK.strong },
      ),
      ...wordLayers(PIXELS, rows.flatMap(remarkOf), plotWidth, 1),
      ...columnLayers(PIXELS, columns, rows, plotWidth),
    ]);
  },
};

export default latencyAtRate;

function rowText({ label, latency, note }: RateRow, shown: ReturnType<typeof percentilesOf>): string {
  if (latency === null) return `${label} ${note ?? ''}`.trim();
  return `${label} ${percentilesText(latency, shown)}${note === null ? '' : ` (${note})`}`;
}

/** Why a row has no figures, in its place; or why they are not to be ranked, below them. */
function remarkOf({ label, y, latency, note }: RateRow) {
  return note === null ? [] : [{ label, y, words: note, dy: latency === null ? null : BELOW }];
}

/** A heading per group at the left edge of the image, with a line above all but the first. */
function headingLayers(groups: readonly RateGroup[], left: number, right: number): Layer[] {
  const lines = groups.slice(1).map(({ y }) => ({ x: left, x2: right, y: y - 20 }));
  const headings = groups.map(({ y, heading }) => ({ x: left, y: y + 2, text: heading }));
  return [
    ...rules(IN_PIXELS, lines, { color: INK.line, strokeWidth: 1 }),
    ...haloed(IN_PIXELS, headings, { fontSize: 14, fontWeight: 'bold', color: INK.strong }),
  ];
}
