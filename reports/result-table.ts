import type { CellResult, CellSummary, ScenarioSummary, Summary } from '../harness/judge/summary-schema.ts';
import { cellNames, failedText } from './cells.ts';
import { counted, figure, figureOrDash, MISSING, mebibytes, percent, range, wholePercent } from './figures.ts';

/** Up to this many workers each share is listed; beyond, lowest and highest. */
const LISTED_WORKERS = 4;

export interface Column {
  /** The lines of the heading, the unit last. */
  readonly head: readonly [string, string];
  readonly align: 'left' | 'right';
}

export type TableRow = { readonly cell: CellSummary; readonly name: string } & (
  | { readonly kind: 'measured' /** One per column after the name. */; readonly values: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string }
);

/** The table of a scenario that the text, markdown and HTML reports all show. */
export interface ResultTable {
  /** The first column is the name. */
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
}

interface Source {
  readonly column: Column;
  readonly value: (result: CellResult, cell: CellSummary) => string;
}

/** Builds the table. A column that would say the same in every row, or nothing, is left out. */
export function resultTable(scenario: ScenarioSummary): ResultTable {
  const names = cellNames(scenario);
  const sources = sourcesFor(scenario);
  return {
    columns: [{ head: ['', 'model'], align: 'left' }, ...sources.map(({ column }) => column)],
    rows: scenario.cells.map((cell) => {
      const { result } = cell;
      const name = names.get(cell.id) ?? cell.model;
      if (result === null) return { kind: 'failed', cell, name, reason: failedText(cell) };
      return { kind: 'measured', cell, name, values: sources.map(({ value }) => value(result, cell)) };
    }),
  };
}

function sourcesFor(scenario: ScenarioSummary): Source[] {
  const some = (has: (result: CellResult) => boolean) =>
    scenario.cells.some(({ result }) => result !== null && has(result));
  const right = (first: string, last: string, value: Source['value']): Source => ({
    column: { head: [first, last], align: 'right' },
    value,
  });
  const trials = right('valid', 'trials', (_, cell) => `${cell.trialsOk} of ${cell.trialsOk + cell.trialsFailed}`);
  const ofLimit = right('% of', 'limit', ({ shareOfLimit }) =>
    shareOfLimit === null ? MISSING : percent(shareOfLimit),
  );
  return [
    right('median', 'requests/s', ({ requestsPerSec }) => figure(requestsPerSec.median)),
    right('spread', 'min–max', ({ requestsPerSec }) => range(requestsPerSec.min, requestsPerSec.max)),
    ...(scenario.cells.some(({ trialsOk, trialsFailed }) => trialsOk > 0 && trialsFailed > 0) ? [trials] : []),
    ...(some(({ shareOfLimit }) => shareOfLimit !== null) ? [ofLimit] : []),
    right('p50', 'ms', ({ latencyMs }) => figure(latencyMs.p50)),
    right('p99', 'ms', ({ latencyMs }) => figureOrDash(latencyMs.p99)),
    right('CPU ms', '/ request', ({ cpuMsPerRequest }) => figure(cpuMsPerRequest.median)),
    ...memorySources(scenario, right),
    right('% by', 'worker', ({ workerShares }) => sharesText(workerShares)),
    { column: { head: ['limited', 'by'], align: 'left' }, value: ({ limitedBy }) => limitedBy.by },
  ];
}

type MakeColumn = (first: string, last: string, value: Source['value']) => Source;

/** Proportional and resident sizes are different quantities and must never share a column. */
function memorySources(scenario: ScenarioSummary, column: MakeColumn): Source[] {
  const kinds = new Set(scenario.cells.flatMap(({ result }) => (result === null ? [] : [result.memory.kind])));
  return [...kinds].map((kind) =>
    column(kind === 'pss' ? 'PSS' : 'RSS', 'MiB', ({ memory }) =>
      memory.kind === kind ? mebibytes(memory.bytes.median) : MISSING,
    ),
  );
}

function sharesText(shares: readonly number[]): string {
  if (shares.length <= LISTED_WORKERS) return shares.map(wholePercent).join('/');
  return `${wholePercent(Math.min(...shares))}–${wholePercent(Math.max(...shares))}`;
}

/** What the columns mean, for the foot of a report. */
export const COLUMN_NOTES: readonly string[] = [
  'requests/s: median over the valid trials; spread: lowest to highest trial.',
  'p50, p99: from the latencies of all valid trials together, at full load; – where there were too few requests.',
  'CPU ms / request: CPU time of all server processes, the front or primary included, per request.',
  'PSS: memory of the process tree with shared pages counted once. RSS: a sum that counts shared pages repeatedly.',
  '% by worker: share of the requests that each worker answered, largest first; 50/50 is even for two.',
  'limited by: what held the result back. A result limited by the generator or the machine, or by nobody knows what, is not ranked.',
];

/** `io/fork-pool: 5 failed trials (a worker died)`: one line per cell and reason. */
export function failureCounts(failures: Summary['failures']): string[] {
  const counts = new Map<string, { cell: string; message: string; count: number }>();
  for (const { cell, reason } of failures) {
    const key = JSON.stringify([cell, reason.message]);
    const seen = counts.get(key)?.count ?? 0;
    counts.set(key, { cell, message: reason.message, count: seen + 1 });
  }
  return [...counts.values()].map(
    ({ cell, message, count }) => `${cell}: ${counted(count, 'failed trial')} (${message})`,
  );
}
