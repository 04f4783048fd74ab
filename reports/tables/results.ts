import { isWarm } from '../../harness/judge/cell/capacity.ts';
import { metricNotes } from '../../harness/judge/metrics/derived.ts';
import type { CellResult, ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { cellNames, failedText, notRanked } from '../words/cells.ts';
import { BEHIND_NOTE, behindTexts } from '../words/comparisons.ts';
import { approximately, counted, figure, MISSING, percentOrDash, wholePercent } from '../words/figures.ts';
import { percentileFigure } from '../words/rates.ts';
import { SPREAD_NOTE, spreadOf } from '../words/spread.ts';
import {
  type ColumnSource,
  figureColumn,
  metricSources,
  NAME_COLUMN,
  type ResultTable,
  resultsOf,
  validTrials,
} from './table.ts';
import { COLD } from './trial-notes.ts';

/** Up to this many workers each share is listed; beyond, lowest and highest. */
const LISTED_WORKERS = 4;
/** Shares are shown when a worker is this far off the even share, as a part of it: nearer, the chart has them. */
const UNEVEN = 0.1;

/** The table of what was measured. A column that would say the same in every row, or nothing, is left out. */
export function resultTable(scenario: ScenarioSummary): ResultTable {
  const names = cellNames(scenario);
  const sources = sourcesFor(scenario);
  return {
    columns: [NAME_COLUMN, ...sources.map(({ column }) => column)],
    rows: scenario.cells.map((cell) => {
      const { result } = cell;
      const name = names.get(cell.id) ?? cell.model;
      if (result === null) return { kind: 'failed', name, reason: failedText(cell) };
      const mark = notRanked(cell) === null ? null : 'not ranked';
      return { kind: 'measured', name, mark, values: sources.map(({ value }) => value(result, cell)) };
    }),
  };
}

function sourcesFor(scenario: ScenarioSummary): ColumnSource[] {
  const results = resultsOf(scenario);
  const someFailed = scenario.cells.some(({ trialsOk, trialsFailed }) => trialsOk > 0 && trialsFailed > 0);
  const areWarm = results.every(isWarm);
  // Digits stand below each other whether or not a mark follows.
  const markOf = (result: CellResult): string => (areWarm ? '' : isWarm(result) ? ' ' : COLD);
  const spread = spreadOf(results.map(({ requestsPerSec }) => requestsPerSec));
  const behind = behindTexts(scenario);
  return [
    figureColumn('', 'requests/s', (result) => `${figure(result.requestsPerSec.point)}${markOf(result)}`),
    ...(behind.size === 0 ? [] : [figureColumn('behind', 'the best', (_, { id }) => behind.get(id) ?? MISSING)]),
    figureColumn(...spread.head, ({ requestsPerSec }) => spread.textOf(requestsPerSec)),
    IMPLIED,
    ...(someFailed ? [TRIALS] : []),
    ...(results.some(({ shareOfLimit }) => shareOfLimit !== null) ? [OF_LIMIT] : []),
    figureColumn('p50', 'ms', ({ latencyMs }) => percentileFigure(latencyMs.p50)),
    figureColumn('p99', 'ms', ({ latencyMs }) => percentileFigure(latencyMs.p99)),
    ...metricSources('results', results),
    ...(results.some(isUneven) ? [BY_WORKER] : []),
    LIMITED_BY,
  ];
}

const IMPLIED: ColumnSource = {
  column: { head: ['implied', 'requests/s'], align: 'right', meaning: 'derived' },
  value: ({ impliedCapacity }) => approximately(impliedCapacity.requestsPerSec.point),
};

const TRIALS = figureColumn('valid', 'trials', (_, cell) => validTrials(cell));

const OF_LIMIT = figureColumn('% of', 'limit', ({ shareOfLimit }) => percentOrDash(shareOfLimit));

const BY_WORKER = figureColumn('% by', 'worker', ({ workerShares }) => sharesText(workerShares));

const LIMITED_BY: ColumnSource = {
  column: { head: ['limited', 'by'], align: 'left', meaning: 'label' },
  value: ({ limitedBy }) => limitedBy.by,
};

function isUneven({ workerShares }: CellResult): boolean {
  return !isUnknown(workerShares) && workerShares.some((share) => Math.abs(share * workerShares.length - 1) > UNEVEN);
}

/** No trial has shares: its workers told of no request within the window, or the front end answered them all. */
function isUnknown(shares: readonly number[]): boolean {
  return shares.every((share) => share === 0);
}

function sharesText(shares: readonly number[]): string {
  if (isUnknown(shares)) return MISSING;
  if (shares.length <= LISTED_WORKERS) return shares.map(wholePercent).join('/');
  return `${wholePercent(Math.min(...shares))}–${wholePercent(Math.max(...shares))}`;
}

/** What ≈ means, wherever a report shows an implied capacity. */
export const IMPLIED_NOTE =
  '≈ is derived, not measured: what the CPU time per request would allow if the load generator ran elsewhere.';

/** What the columns mean, for the foot of a report. */
export const COLUMN_NOTES: readonly string[] = [
  'requests/s: Huber’s robust estimate over the valid trials, on the log scale; outliers are down-weighted.',
  `${BEHIND_NOTE} –: something other than the server was its limit, or it has too few rounds.`,
  SPREAD_NOTE,
  'implied: requests/s that the CPU time per request would allow if the load generator ran elsewhere. It is derived, not measured, hence the ≈.',
  'p50, p99: latency percentiles of all valid trials together, at full load; –: too few requests. Their 95% intervals over trials are in summary.json, and the latency chart shows that of p99.',
  ...metricNotes('results'),
  '% by worker: share of the requests that each worker answered, largest first; 50/50 is even for two. Shown when a worker deviates from the even share by more than a tenth.',
  'limited by: the bottleneck; check it before you compare. Only workers, front (the front end or primary) and thread-pool (that of libuv, enlarged by UV_THREADPOOL_SIZE) are the server itself. A result that is limited by the generator, the machine, the connections or the upstream, or is unclear (no bottleneck was found), is not ranked.',
];

/** `io/fork-pool: 5 failed trials (a worker died)`: one line per cell and reason. */
export function failureCounts(failures: Summary['failures']): string[] {
  const counts = new Map<string, { cell: string; noun: string; message: string; count: number; retries: number }>();
  for (const { cell, attempt, reason } of failures) {
    const noun = reason.kind === 'disturbed' ? 'disturbed trial' : 'failed trial';
    const key = JSON.stringify([cell, noun, reason.message]);
    const { count, retries } = counts.get(key) ?? { count: 0, retries: 0 };
    counts.set(key, {
      cell,
      noun,
      message: reason.message,
      count: count + 1,
      retries: retries + (attempt > 0 ? 1 : 0),
    });
  }
  return [...counts.values()].map(({ cell, noun, message, count, retries }) => {
    const again = retries === 0 ? '' : `, including ${counted(retries, 'retry').replace(/ys$/u, 'ies')}`;
    return `${cell}: ${counted(count, noun)}${again} (${message})`;
  });
}
