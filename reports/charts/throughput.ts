import { DESCRIBED, DESCRIPTION } from '../drawing/described.ts';
import { type Content, frame, type Layer } from '../drawing/frame.ts';
import type { ChartInput } from '../drawing/input.ts';
import { columnLayers, labelLayers, noteLayers, type RowAxis, rowAxis } from '../drawing/layers.ts';
import { GUTTER } from '../drawing/layout.ts';
import { type MeasuredRow, measuredRows, type Row, rowNote, rows } from '../drawing/rows.ts';
import { INK } from '../drawing/theme.ts';
import { arrowheadNotes, cutWhiskers, goesOn, type RowWhisker } from '../drawing/whiskers.ts';
import { IMPLIED_NOTE } from '../tables/results.ts';
import { scenarioTitle } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { approximately, figure, intervalText, MISSING } from '../words/figures.ts';
import { endsOf, type Spread, spreadOf } from '../words/spread.ts';
import type { Chart } from './chart.ts';
import { impliedColumn, impliedMarks, impliedNotes, impliedOf, rowsWithMark } from './throughput/implied.ts';
import { limitLayers, limitSentence, limitShown } from './throughput/limit.ts';
import { dotsNote, trialDots } from './throughput/trial-dots.ts';

const ROW_HEIGHT = 64;
const BAR_HEIGHT = 26;
const COLUMNS_WIDTH = 300;
/** With few trials an interval can be so wide that it would squeeze the bars: beyond this multiple of the best trial it is cut off. */
const FARTHEST_WHISKER = 1.5;

/** The right end of the axis, and the rows whose implied capacity is on it. */
function extent(measured: readonly MeasuredRow[], { scenario: { limit } }: ChartInput) {
  const best = Math.max(...measured.map(({ result }) => result.requestsPerSec.max));
  const whiskers = Math.max(...measured.map(({ result }) => endsOf(result.requestsPerSec).high));
  const highest = Math.max(best, Math.min(whiskers, best * FARTHEST_WHISKER));
  const needed = limit !== null && limitShown(limit, highest) ? Math.max(highest, limit.requestsPerSec) : highest;
  const marked = rowsWithMark(measured, needed);
  const end = Math.max(needed, ...marked.map(impliedOf));
  return { end: end > 0 ? end * 1.04 : 1, marked };
}

/** The axis starts at zero: the length of a bar is the figure. */
function xAxis(end: number) {
  return {
    type: 'quantitative' as const,
    stack: null,
    scale: { domain: [0, end], nice: false, zero: true },
    axis: { title: 'requests per second', grid: true, tickCount: 6, format: ',~f' },
  };
}

type XAxis = ReturnType<typeof xAxis>;

function bars(x: XAxis, y: RowAxis, measured: readonly MeasuredRow[]): Layer[] {
  const layer = (rows: readonly MeasuredRow[], look: object): Layer[] =>
    rows.length === 0
      ? []
      : [
          {
            data: {
              values: rows.map((row) => ({
                label: row.label,
                point: row.result.requestsPerSec.point,
                colour: row.colour,
                description: describe(row),
              })),
            },
            mark: { type: 'bar', size: BAR_HEIGHT, ...look, ...DESCRIBED },
            encoding: {
              x: { ...x, field: 'point' },
              y,
              color: { field: 'colour', type: 'nominal', scale: null },
              ...DESCRIPTION,
            },
          },
        ];
  return [
    ...layer(
      measured.filter((row) => rowNote(row) === null),
      {},
    ),
    ...layer(
      measured.filter((row) => rowNote(row) !== null),
      { fillOpacity: 0.18, stroke: INK.quiet, strokeWidth: 1.5, strokeDash: [4, 3] },
    ),
  ];
}

/** What a bar says when it is asked. */
function describe(row: MeasuredRow): string {
  const { requestsPerSec, limitedBy } = row.result;
  const { low, high } = endsOf(requestsPerSec);
  const spread = requestsPerSec.trials > 1 ? ` (${intervalText(low, high)})` : '';
  const limited = rowNote(row) ?? `limited by the ${limitedBy.by}`;
  return visible(`${row.label}: ${figure(requestsPerSec.point)} requests/s${spread}, ${limited}`);
}

function whiskersOf(measured: readonly MeasuredRow[]): RowWhisker[] {
  const repeated = measured.filter(({ result }) => result.requestsPerSec.trials > 1);
  return repeated.map(({ label, result }) => ({ label, ...endsOf(result.requestsPerSec) }));
}

function altText({ scenario }: ChartInput, all: readonly Row[], spread: Spread): string {
  const parts = all.map((row) => {
    const { result } = row.cell;
    if (result === null) return `${row.label} ${rowNote(row) ?? ''}`.trim();
    const note = rowNote(row) ?? `limited by the ${result.limitedBy.by}`;
    const implied = approximately(result.impliedCapacity.requestsPerSec.point);
    return `${row.label} ${figure(result.requestsPerSec.point)} (${spread.textOf(result.requestsPerSec)}; ${note}), implied ${implied}`;
  });
  const limit = scenario.limit === null ? '' : ` ${limitSentence(scenario.limit)}.`;
  const figures = `requests per second by model with the ${spread.meaning}: ${parts.join('; ')}.`;
  return `Bar chart of ${scenarioTitle(scenario)}: ${figures}${limit} ${IMPLIED_NOTE}`;
}

const throughput: Chart = {
  summary: 'requests per second by model, measured and implied, with intervals and physical limit',
  draw: (input) => {
    const all = rows(input);
    const measured = measuredRows(all);
    if (measured.length === 0) return { kind: 'omitted', reason: 'no model has a valid trial' };
    const { end, marked } = extent(measured, input);
    const x = xAxis(end);
    const y = rowAxis(all);
    const whiskers = whiskersOf(measured);
    const { limit } = input.scenario;
    const spread = spreadOf(measured.map(({ result }) => result.requestsPerSec));
    const alt = altText(input, all, spread);
    const content: Content = {
      input,
      shows: 'requests per second by model',
      notes: [
        `Bar: estimate over trials. Whisker: ${spread.meaning}. ${dotsNote(measured)}`.trim(),
        ...arrowheadNotes(whiskers.some((one) => goesOn(one, end))),
        ...impliedNotes(measured, marked, limit),
      ],
      alt,
      rowLabels: all.map(({ label }) => label),
      rowHeight: ROW_HEIGHT,
      columnsWidth: COLUMNS_WIDTH,
      headHeight: limit === null ? 30 : 56,
    };
    const spec = frame(content, ({ plotWidth }) => [
      ...bars(x, y, measured),
      ...(limit === null ? [] : limitLayers(limit, end, plotWidth)),
      ...trialDots(x, y, measured, end, BAR_HEIGHT / 2),
      ...cutWhiskers(x, y, whiskers, end),
      ...impliedMarks(x, y, marked, BAR_HEIGHT / 2 + 3),
      ...noteLayers(y, all, BAR_HEIGHT / 2 + 11),
      ...labelLayers(y, all, BAR_HEIGHT / 2 + 11),
      ...columnLayers(y, all, {
        title: 'requests/s',
        right: plotWidth + 94,
        strong: true,
        value: ({ cell }) => (cell.result === null ? MISSING : figure(cell.result.requestsPerSec.point)),
      }),
      ...impliedColumn(y, all, plotWidth + 184),
      ...columnLayers(y, all, {
        title: spread.title,
        right: plotWidth + GUTTER + COLUMNS_WIDTH,
        value: ({ cell: { result } }) => (result === null ? MISSING : spread.textOf(result.requestsPerSec)),
      }),
    ]);
    return { kind: 'spec', spec, alt };
  },
};

export default throughput;
