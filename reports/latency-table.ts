/** Latency at given rates as tables, for the page and for markdown. */
import type { Percentiles } from '../harness/judge/percentile-schema.ts';
import type { RateCell, RateResult } from '../harness/judge/rate-schema.ts';
import type { ScenarioSummary } from '../harness/judge/summary-schema.ts';
import { failedText } from './cells.ts';
import { figure, figureOrDash, given } from './figures.ts';
import { limitedText, percentileText, rateFigure, rateMark, rateName, rateText } from './rates.ts';
import { type ColumnSource, figureColumn, NAME_COLUMN, type ResultTable, type TableRow } from './table.ts';

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

/** Every rate that was offered, whatever for: a line per cell. */
export function offeredTable(scenario: ScenarioSummary, cells: readonly RateCell[]): ResultTable {
  const offered: LatencySource = figureColumn('offered', '/s', (_, { cell }) => rateFigure(cell.offeredPerSec));
  const evidence: LatencySource = {
    column: { head: ['', 'evidence'], align: 'left', meaning: 'prose' },
    value: ({ limitedBy }) => limitedBy.evidence,
  };
  const all: typeof latencyRows = (cell, result) => latencyRows(cell, result).slice(0, 1);
  const failed = (cell: RateCell) => `at ${rateText(cell.offeredPerSec)}: ${failedText(cell)}`;
  return tableOf(scenario, cells, [offered, ...sourcesFor(cells), evidence], all, failed);
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
  const results = cells.flatMap(({ result }) => result ?? []);
  const some = (applies: (result: RateResult) => boolean, source: LatencySource) =>
    results.some(applies) ? [source] : [];
  return [
    ofAll('served', '/s', ({ servedPerSec }) => figure(servedPerSec.point)),
    percentileColumn('p50'),
    percentileColumn('p90'),
    percentileColumn('p99'),
    ...some(({ latency }) => latency.p999 !== null, percentileColumn('p999')),
    ofAll('service', 'p99 ms', ({ serviceMs }) => figureOrDash(serviceMs.p99)),
    ofAll('send delay', 'p99 ms', ({ sendDelayMs }) => figureOrDash(sendDelayMs.p99)),
    figureColumn('', 'requests', (_, { requests }) => given(requests)),
    ...some(
      ({ unfinished }) => unfinished > 0,
      figureColumn('', 'unfinished', (_, { unfinished }) => given(unfinished)),
    ),
    ...some(
      ({ errors }) => errors > 0,
      ofAll('', 'errors', ({ errors }) => given(errors)),
    ),
    ...some(
      ({ connections }) => connections.waited > 0,
      ofAll('waited for a', 'connection', ({ connections }) => given(connections.waited)),
    ),
    ...(cells.some(({ trialsOk, trialsFailed }) => trialsOk > 0 && trialsFailed > 0) ? [TRIALS] : []),
    { column: { head: ['limited', 'by'], align: 'left', meaning: 'label' }, value: limitedText },
  ];
}

const TRIALS: LatencySource = figureColumn(
  'valid',
  'trials',
  (_, { cell }) => `${cell.trialsOk} of ${cell.trialsOk + cell.trialsFailed}`,
);

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
  'offered, served: requests per second that were due, and that were answered, whatever the server did.',
  'p50 to p99.9: from when a request was due to its reply, all trials together; in brackets the 95% interval over trials, unsettled when the trials disagree so much that it spans more than a factor of 100. ≥: it lies among requests without a reply, so the truth is this or more. –: too few requests for it.',
  'service: from when a request was given to a connection to its reply. The difference to p99 was spent waiting for a connection.',
  'send delay: how late the generator itself was.',
  'requests: those that were due within the windows of all trials; unfinished: those of them without a reply within the limit.',
  'limited by, at a given rate: offered rate is the ordinary case, nothing was at its end. Workers and front: the server was saturated. Fell behind: the server served less than was offered, so its latency grows with the length of the window. Anything else says little about the server: it is shown, and not ranked.',
];
