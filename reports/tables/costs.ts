/** What serving the requests cost: the second table of a scenario, for the page and for markdown. */
import { metricNotes } from '../../harness/judge/metrics/derived.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { cellNames } from '../words/cells.ts';
import { type ColumnSource, metricSources, NAME_COLUMN, type ResultTable, resultsOf } from './table.ts';

/** Null when nothing was measured. A cell without a result has no row: the table of results says why. */
export function costTable(scenario: ScenarioSummary): ResultTable | null {
  const results = resultsOf(scenario);
  if (results.length === 0) return null;
  const names = cellNames(scenario);
  const sources = [...metricSources('costs', results), BOUND_BY];
  return {
    columns: [NAME_COLUMN, ...sources.map(({ column }) => column)],
    rows: scenario.cells.flatMap((cell) => {
      const { result } = cell;
      const name = names.get(cell.id) ?? cell.model;
      if (result === null) return [];
      return [{ kind: 'measured', name, mark: null, values: sources.map(({ value }) => value(result, cell)) }];
    }),
  };
}

const BOUND_BY: ColumnSource = {
  column: { head: ['implied', 'bound by'], align: 'left', meaning: 'derived' },
  value: ({ impliedCapacity }) => (impliedCapacity.boundBy === 'cpus' ? 'CPUs' : impliedCapacity.boundBy),
};

/** What the columns mean, for the foot of a report. */
export const COST_NOTES: readonly string[] = [
  'start-up and memory: estimated over the valid trials, as requests/s is. Everything else is a median over trials unless stated otherwise.',
  ...metricNotes('costs'),
  'implied, bound by: what would be the bottleneck if the load generator ran elsewhere: the CPUs, the single thread of the front end, or the threads of the workers.',
  '–: does not apply, or the operating system does not report it.',
];
