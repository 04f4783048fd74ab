import { findingOf } from '../../harness/judge/answer/finding.ts';
import { isPlain } from '../drawing/canvas.ts';
import type { Chart, ChartInput } from '../drawing/input.ts';
import { type Layer, type Place, points } from '../drawing/marks.ts';
import { BAR_HEIGHT, BELOW_BAR, barChart, endOf, reachOf } from '../drawing/row-chart.ts';
import type { Column } from '../drawing/row-texts.ts';
import {
  type MeasuredRow,
  measuredRows,
  NOTHING_MEASURED,
  type Order,
  type Row,
  rowNote,
  sortedRows,
  toldRow,
} from '../drawing/rows.ts';
import { INK } from '../drawing/theme.ts';
import { limitLine, subject } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { approximately, figure, intervalText, MISSING } from '../words/figures.ts';
import { endsOf, isUnsettled, type Spread, spreadOf, uncertainNotes } from '../words/spread.ts';
import { dotsNote, trialDots } from './throughput/trial-dots.ts';

/** Beyond this multiple of the best result the line of the limit would squeeze all bars to stubs, and is told in words. */
const FARTHEST_LIMIT = 5;
/** Beyond this multiple of everything measured a diamond would squeeze the bars: then no row has one, only its figure. */
const FARTHEST_IMPLIED = 2;
const ORDER: Order = { figureOf: ({ result }) => result.requestsPerSec.point, good: 'more', rankedFirst: true };
const DIAMOND = { shape: 'diamond', strokeWidth: 2, filled: true, fill: INK.paper } as const;

const throughput: Chart = {
  summary: 'requests per second by model, measured and implied, with intervals and physical limit',
  draw: (input) => {
    const all = sortedRows(input, ORDER);
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
    const farthest = Math.max(...measured.map(impliedOf));
    const hasImplied = farthest <= needed * FARTHEST_IMPLIED;
    const end = endOf(hasImplied ? Math.max(needed, farthest) : needed);
    const isBare = isPlain(input.canvas);
    return barChart({
      input,
      title: findingOf(input.scenario, 'throughput') ?? `requests per second by ${subject(input.scenario.cells)}`,
      measure: 'requests per second, more is better',
      kind: 'Bar chart',
      figures: figuresOf(input, all),
      notes: [
        `Bar: estimate over trials. Whisker: ${spread.meaning}. ${dotsNote(measured)}`.trim(),
        ...uncertainNotes(measured.map(({ result }) => result.requestsPerSec)),
        impliedNote(input, measured, hasImplied),
      ],
      rows: all,
      rowHeight: 64,
      columns: columnsOf(spread, hasImplied),
      words: all.flatMap((row) => {
        const words = isBare ? rowNote(row) : remark(row);
        return words === null ? [] : [{ label: row.label, words, dy: row.cell.result === null ? null : BELOW_BAR }];
      }),
      axisTitle: 'requests per second',
      unit: '/s',
      end,
      bars: measured.map((row) => ({
        ...{ label: row.label, from: 0, to: row.result.requestsPerSec.point, colour: row.colour },
        isApart: rowNote(row) !== null || isUnsettled(row.result.requestsPerSec),
        description: describe(row),
      })),
      whiskers,
      reference: limit === null ? null : { at: limit.requestsPerSec, text: limitLine(limit) },
      under: ({ place }) => (isBare ? [] : trialDots(place, measured, end, BAR_HEIGHT / 2)),
      over: ({ place }) => (isBare || !hasImplied ? [] : impliedMarks(place, measured)),
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

function columnsOf(spread: Spread, hasImplied: boolean): Column<Row>[] {
  return [
    {
      title: 'requests/s',
      strong: true,
      value: ({ cell: { result } }) => (result === null ? MISSING : figure(result.requestsPerSec.point)),
    },
    {
      title: 'implied',
      ...(hasImplied ? { symbol: { ...DIAMOND, stroke: INK.normal } } : {}),
      value: ({ cell: { result } }) =>
        result === null ? MISSING : approximately(result.impliedCapacity.requestsPerSec.point),
    },
    {
      title: spread.title,
      value: ({ cell: { result } }) => (result === null ? MISSING : spread.textOf(result.requestsPerSec)),
    },
  ];
}

function figuresOf({ scenario: { limit } }: ChartInput, all: readonly Row[]): string {
  const parts = all.map(toldRow(({ requestsPerSec }) => figure(requestsPerSec.point)));
  return [`requests per second: ${parts.join(', ')}`, ...(limit === null ? [] : [limitLine(limit)])].join('; ');
}

/** Requests per second that the CPU time of a row would allow. */
function impliedOf({ result }: MeasuredRow): number {
  return result.impliedCapacity.requestsPerSec.point;
}

/** How to read the diamonds, or the column where there are none. */
function impliedNote({ scenario: { limit } }: ChartInput, measured: readonly MeasuredRow[], hasMarks: boolean): string {
  const isBeyond = limit?.kind === 'waiting' && measured.some((row) => impliedOf(row) > limit.requestsPerSec);
  const beyond = isBeyond
    ? ` More connections would move the limit, and not ${hasMarks ? 'the diamond' : 'this'}.`
    : '';
  return `${hasMarks ? 'Diamond' : 'Implied'}: what the CPU time per request would allow with the load generator elsewhere (derived, not measured).${beyond}`;
}

/** On the bar, where a diamond hides neither its end nor the whisker. */
function impliedMarks(place: Place, marked: readonly MeasuredRow[]): Layer[] {
  const data = marked.map((row) => ({
    ...{ label: row.label, x: impliedOf(row), stroke: row.colour },
    description: visible(`${row.label}: ${approximately(impliedOf(row))} requests/s implied, not measured`),
  }));
  return points(place, data, { ...DIAMOND, size: 120, yOffset: -(BAR_HEIGHT / 2 + 3) });
}
