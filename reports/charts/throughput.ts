import type { ChartInput } from '../drawing/input.ts';
import { type Layer, type Place, points } from '../drawing/marks.ts';
import { BAR_HEIGHT, BELOW_BAR, barChart, endOf, reachOf } from '../drawing/row-chart.ts';
import type { Column } from '../drawing/row-texts.ts';
import { type MeasuredRow, measuredRows, NOTHING_MEASURED, type Row, rowNote, rows } from '../drawing/rows.ts';
import { INK } from '../drawing/theme.ts';
import { IMPLIED_NOTE } from '../tables/results.ts';
import { limitLine, scenarioTitle } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { approximately, figure, intervalText, MISSING } from '../words/figures.ts';
import { endsOf, type Spread, spreadOf } from '../words/spread.ts';
import type { Chart } from './chart.ts';
import { dotsNote, trialDots } from './throughput/trial-dots.ts';

/** Beyond this multiple of the best result the line of the limit would squeeze all bars to stubs, and is told in words. */
const FARTHEST_LIMIT = 5;
/** Beyond this multiple of everything measured a diamond would squeeze the bars, and only its figure is shown. */
const FARTHEST_IMPLIED = 3;
const DIAMOND = { shape: 'diamond', strokeWidth: 2, filled: true, fill: INK.paper } as const;

const throughput: Chart = {
  summary: 'requests per second by model, measured and implied, with intervals and physical limit',
  draw: (input) => {
    const all = rows(input);
    const measured = measuredRows(all);
    if (measured.length === 0) return NOTHING_MEASURED;
    const { limit } = input.scenario;
    const spread = spreadOf(measured.map(({ result }) => result.requestsPerSec));
    const repeated = measured.filter(({ result }) => result.requestsPerSec.trials > 1);
    const whiskers = repeated.map(({ label, result }) => ({ label, ...endsOf(result.requestsPerSec) }));
    const best = measured.map(({ result }) => result.requestsPerSec.max);
    const reach = reachOf(best, whiskers);
    const limitAt = limit === null || limit.requestsPerSec > reach * FARTHEST_LIMIT ? 0 : limit.requestsPerSec;
    const needed = Math.max(reach, limitAt);
    const marked = measured.filter((row) => impliedOf(row) <= needed * FARTHEST_IMPLIED);
    const end = endOf(Math.max(needed, ...marked.map(impliedOf)));
    return barChart({
      input,
      shows: 'requests per second by model',
      notes: [
        `Bar: estimate over trials. Whisker: ${spread.meaning}. ${dotsNote(measured)}`.trim(),
        ...impliedNotes(input, measured, marked),
      ],
      alt: altText(input, all, spread),
      rows: all,
      rowHeight: 64,
      columns: columnsOf(spread),
      words: all.map((row) => ({
        label: row.label,
        words: remark(row),
        dy: row.cell.result === null ? null : BELOW_BAR,
      })),
      axisTitle: 'requests per second',
      end,
      bars: measured.map((row) => ({
        ...{ label: row.label, from: 0, to: row.result.requestsPerSec.point, colour: row.colour },
        isApart: rowNote(row) !== null,
        description: describe(row),
      })),
      whiskers,
      reference: limit === null ? null : { at: limit.requestsPerSec, text: limitLine(limit) },
      under: ({ place }) => trialDots(place, measured, end, BAR_HEIGHT / 2),
      over: ({ place }) => impliedMarks(place, marked),
    });
  },
};

export default throughput;

/** What stands below a bar, or in its place. */
function remark(row: Row): string {
  return rowNote(row) ?? `limited by the ${row.cell.result?.limitedBy.by ?? ''}`;
}

/** What a bar says when it is asked. */
function describe(row: MeasuredRow): string {
  const { requestsPerSec } = row.result;
  const { low, high } = endsOf(requestsPerSec);
  const spread = requestsPerSec.trials > 1 ? ` (${intervalText(low, high)})` : '';
  return visible(`${row.label}: ${figure(requestsPerSec.point)} requests/s${spread}, ${remark(row)}`);
}

function columnsOf(spread: Spread): Column<Row>[] {
  return [
    {
      title: 'requests/s',
      strong: true,
      value: ({ cell: { result } }) => (result === null ? MISSING : figure(result.requestsPerSec.point)),
    },
    {
      title: 'implied',
      symbol: { ...DIAMOND, stroke: INK.normal },
      value: ({ cell: { result } }) =>
        result === null ? MISSING : approximately(result.impliedCapacity.requestsPerSec.point),
    },
    {
      title: spread.title,
      value: ({ cell: { result } }) => (result === null ? MISSING : spread.textOf(result.requestsPerSec)),
    },
  ];
}

function altText({ scenario }: ChartInput, all: readonly Row[], spread: Spread): string {
  const parts = all.map((row) => {
    const { result } = row.cell;
    if (result === null) return `${row.label} ${rowNote(row) ?? ''}`.trim();
    const implied = approximately(result.impliedCapacity.requestsPerSec.point);
    return `${row.label} ${figure(result.requestsPerSec.point)} (${spread.textOf(result.requestsPerSec)}; ${remark(row)}), implied ${implied}`;
  });
  const limit = scenario.limit === null ? '' : ` ${limitLine(scenario.limit).replace(/^p/u, 'P')}.`;
  const figures = `requests per second by model with the ${spread.meaning}: ${parts.join('; ')}.`;
  return `Bar chart of ${scenarioTitle(scenario)}: ${figures}${limit} ${IMPLIED_NOTE}`;
}

/** Requests per second that the CPU time of a row would allow. */
function impliedOf({ result }: MeasuredRow): number {
  return result.impliedCapacity.requestsPerSec.point;
}

/** How to read the diamonds, and that some are missing. */
function impliedNotes(
  { scenario: { limit } }: ChartInput,
  measured: readonly MeasuredRow[],
  marked: readonly MeasuredRow[],
): string[] {
  const isBeyond = limit?.kind === 'waiting' && measured.some((row) => impliedOf(row) > limit.requestsPerSec);
  const beyond = isBeyond ? ' More connections would move the limit, and not the diamond.' : '';
  const meaning = `Diamond: what the CPU time per request would allow with the load generator elsewhere (derived, not measured).${beyond}`;
  if (marked.length === measured.length) return [meaning];
  return [meaning, 'Where there is no diamond, it lies far beyond this axis: see the column “implied”.'];
}

/** On the bar, where a diamond hides neither its end nor the whisker. */
function impliedMarks(place: Place, marked: readonly MeasuredRow[]): Layer[] {
  const data = marked.map((row) => ({
    ...{ label: row.label, x: impliedOf(row), stroke: row.colour },
    description: visible(`${row.label}: ${approximately(impliedOf(row))} requests/s implied, not measured`),
  }));
  return points(place, data, { ...DIAMOND, size: 120, yOffset: -(BAR_HEIGHT / 2 + 3) });
}
