/** Latency at given rates as tables, for the page and for markdown. */
import type { Percentiles } from '../../harness/judge/schema/capacity.ts';
import type { RateCell, RateResult } from '../../harness/judge/schema/rate.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { failedText } from '../words/cells.ts';
import { figure, figureOrDash, given, percentOrDash } from '../words/figures.ts';
import { limitedText, percentileText, rateFigure, rateMark, rateName, rateText } from '../words/rates.ts';
import { type ColumnSource, figureColumn, NAME_COLUMN, type ResultTable, type TableRow, validTrials } from './table.ts';

/** A line of a table: all requests of a cell, or those of one class. */
export interface LatencyRow {
  readonly cell: RateCell;
  /** null for the requests of all classes together. */
  readonly requestClass: string | null;
  readonly requests: number;
  readonly unfinished: number;
  readonly latency: Percentiles;
}

export type LatencySource = ColumnSource<RateResult, LatencyRow>;

/** All requests of a cell first, then those of each class. */
export function latencyRows(cell: RateCell, result: RateResult): LatencyRow[] {
  const { requests, unfinished, latency } = result;
  return [
    { cell, requestClass: null, requests, unfinished, latency },
    ...result.classes.map(({ name, ...ofClass }) => ({ cell, requestClass: name, ...ofClass })),
  ];
}

/** The cells of one rate: a line per model, and where requests have classes, a line per class below it. */
export function latencyTable(scenario: ScenarioSummary, cells: readonly RateCell[]): ResultTable {
  return tableOf(scenario, cells, sourcesFor(cells), latencyRows, failedText);
}

/** Every rate that was offered, whatever for: a line per cell with its latency. */
export function offeredTable(scenario: ScenarioSummary, cells: readonly RateCell[]): ResultTable {
  return ofEveryRate(scenario, cells, [...latencySources(cells), LIMITED]);
}

/** Every rate that was offered, with what became of its requests. */
export function servingTable(scenario: ScenarioSummary, cells: readonly RateCell[]): ResultTable {
  return ofEveryRate(scenario, cells, servingSources(cells));
}

function ofEveryRate(
  scenario: ScenarioSummary,
  cells: readonly RateCell[],
  sources: readonly LatencySource[],
): ResultTable {
  const offered: LatencySource = figureColumn('offered', '/s', (_, { cell }) => rateFigure(cell.offeredPerSec));
  const all: typeof latencyRows = (cell, result) => latencyRows(cell, result).slice(0, 1);
  const failed = (cell: RateCell) => `at ${rateText(cell.offeredPerSec)}: ${failedText(cell)}`;
  return tableOf(scenario, cells, [offered, ...sources], all, failed);
}

function tableOf(
  scenario: ScenarioSummary,
  cells: readonly RateCell[],
  sources: readonly LatencySource[],
  rowsOf: typeof latencyRows,
  reasonOf: (cell: RateCell) => string,
): ResultTable {
  const rows = cells.flatMap((cell): TableRow[] => {
    const { result } = cell;
    const name = rateName(cell, scenario);
    if (result === null) return [{ kind: 'failed', name, reason: reasonOf(cell) }];
    return rowsOf(cell, result).map((row) => ({
      kind: 'measured',
      name: row.requestClass === null ? name : `${name}, ${row.requestClass}`,
      mark: rateMark(result),
      isPart: row.requestClass !== null,
      values: sources.map(({ value }) => value(result, row)),
    }));
  });
  return { columns: [NAME_COLUMN, ...sources.map(({ column }) => column)], rows };
}

/** A column that would say nothing in any row is left out. */
function sourcesFor(cells: readonly RateCell[]): LatencySource[] {
  return [
    ...latencySources(cells),
    ...someOf(cells, ({ unfinished }) => unfinished > 0, UNFINISHED),
    ...someOf(cells, ({ errors }) => errors > 0, ERRORS),
    ...someOf(cells, ({ connections }) => connections.waited > 0, WAITED),
    ...trialsSources(cells),
    LIMITED,
  ];
}

function someOf(
  cells: readonly RateCell[],
  applies: (result: RateResult) => boolean,
  source: LatencySource,
): LatencySource[] {
  return cells.some(({ result }) => result !== null && applies(result)) ? [source] : [];
}

function latencySources(cells: readonly RateCell[]): LatencySource[] {
  return [
    ofAll('served', '/s', ({ servedPerSec }) => figure(servedPerSec.point)),
    percentileColumn('p50'),
    percentileColumn('p90'),
    percentileColumn('p99'),
    ...someOf(cells, ({ latency }) => latency.p999 !== null, percentileColumn('p999')),
    ofAll('service', 'p99 ms', ({ serviceMs }) => figureOrDash(serviceMs.p99)),
    ofAll('send delay', 'p99 ms', ({ sendDelayMs }) => figureOrDash(sendDelayMs.p99)),
    figureColumn('', 'requests', (_, { requests }) => given(requests)),
  ];
}

/** Zeros are told here: that nothing failed is worth knowing. */
function servingSources(cells: readonly RateCell[]): LatencySource[] {
  return [
    ...trialsSources(cells),
    ERRORS,
    UNFINISHED,
    ofAll('connections', 'at most', ({ connections }) => given(connections.most)),
    WAITED,
    ofAll('backlog', 'at start', ({ backlog }) => given(backlog.start)),
    ofAll('backlog', 'at end', ({ backlog }) => given(backlog.end)),
    ...someOf(
      cells,
      ({ utilisation }) => utilisation.front !== null,
      ofAll('front', 'busy %', ({ utilisation }) => percentOrDash(utilisation.front)),
    ),
    ofAll('workers', 'busy %', ({ utilisation }) => percentOrDash(utilisation.workers)),
    {
      column: { head: ['', 'evidence'], align: 'left', meaning: 'prose' },
      value: ({ limitedBy }) => limitedBy.evidence,
    },
  ];
}

function trialsSources(cells: readonly RateCell[]): LatencySource[] {
  return cells.some(({ trialsOk, trialsFailed }) => trialsOk > 0 && trialsFailed > 0) ? [TRIALS] : [];
}

const LIMITED: LatencySource = {
  column: { head: ['limited', 'by'], align: 'left', meaning: 'label' },
  value: limitedText,
};
const UNFINISHED: LatencySource = figureColumn('', 'unfinished', (_, { unfinished }) => given(unfinished));
const ERRORS = ofAll('', 'errors', ({ errors }) => given(errors));
const WAITED = ofAll('waited for a', 'connection', ({ connections }) => given(connections.waited));
const TRIALS: LatencySource = figureColumn('valid', 'trials', (_, { cell }) => validTrials(cell));

function percentileColumn(key: 'p50' | 'p90' | 'p99' | 'p999'): LatencySource {
  return {
    column: { head: [key === 'p999' ? 'p99.9' : key, 'ms'], align: 'right', meaning: 'interval' },
    value: (_, { latency }) => percentileText(latency[key]),
  };
}

/** A figure of the whole cell, which a line of one class does not repeat. */
function ofAll(first: string, last: string, value: (result: RateResult) => string): LatencySource {
  return figureColumn(first, last, (result, { requestClass }) => (requestClass === null ? value(result) : ''));
}

/** What the columns mean, for the foot of a report. */
export const LATENCY_NOTES: readonly string[] = [
  'offered, served: requests per second that were scheduled, independent of the server, and that were answered.',
  'p50 to p99.9: latency from when a request was due to its reply, all trials together; in brackets the 95% interval over trials, unsettled when the trials disagree so much that it spans more than a factor of 100. ≥: a lower bound, because the percentile lies among requests without a reply. –: too few requests.',
  'service: from when a request was handed to a connection to its reply. The difference to p99 was spent waiting for a connection.',
  'send delay: how late the load generator sent.',
  'requests: those that were due within the measured windows of all trials; unfinished: those of them without a reply within the time limit.',
  'limited by, at a given rate: offered rate is the normal case, nothing was saturated. Workers and front: the server was saturated. Fell behind: the server served less than was offered, so its latency grows with the length of the window. With any other label the figures say little about the server and are not ranked.',
];

/** What the further columns of every rate that was offered mean. */
export const OFFERED_NOTES: readonly string[] = [
  'errors: failed requests, all trials together; only the search for the highest rate continues after one.',
  'connections at most: the most in use at the same time in any trial; waited for a connection: requests that found none free.',
  'backlog: requests due but not yet answered at the start and at the end of the measured window; the maximum over trials. A growing backlog means that the server fell behind.',
];
