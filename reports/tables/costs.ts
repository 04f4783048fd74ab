/** What serving the requests cost: the second table of a scenario, for the page and for markdown. */
import type { CellResult, ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { cellNames } from '../words/cells.ts';
import { figure, figureOrDash, MISSING, mebibytes, percent, percentOrDash } from '../words/figures.ts';
import {
  type ColumnSource,
  cpuUnit,
  figureColumn,
  memoryKinds,
  NAME_COLUMN,
  type ResultTable,
  resultsOf,
} from './table.ts';

/** Of three decimals, the third tells 56/44 from 54/46. */
const FAIRNESS_DECIMALS = 3;

/** Null when nothing was measured. A cell without a result has no row: the table of results says why. */
export function costTable(scenario: ScenarioSummary): ResultTable | null {
  const results = resultsOf(scenario);
  if (results.length === 0) return null;
  const names = cellNames(scenario);
  const sources = sourcesFor(scenario, results);
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

function sourcesFor(scenario: ScenarioSummary, results: readonly CellResult[]): ColumnSource[] {
  const front = results.some(hasFront);
  const services = results.some(({ cpuByRole }) => cpuByRole.services !== null);
  const cpu = cpuColumns(results);
  return [
    figureColumn('start-up', 'ms', ({ startUpMs }) => figure(startUpMs.point)),
    ...memoryKinds(scenario).flatMap(({ kind, name }) => [
      figureColumn('idle', `${name} MiB`, ({ memory }) =>
        memory.kind === kind ? mebibytes(memory.idleBytes.point) : MISSING,
      ),
      figureColumn('peak', `${name} MiB`, ({ memory }) =>
        memory.kind === kind ? mebibytes(memory.peakBytes.point) : MISSING,
      ),
    ]),
    ...(front ? [cpu('front')] : []),
    cpu('workers'),
    cpu('helpers'),
    cpu('generators'),
    ...(services ? [cpu('services')] : []),
    ...(front ? [figureColumn('front', 'busy %', ({ utilisation }) => percentOrDash(utilisation.front))] : []),
    figureColumn('workers', 'busy %', ({ utilisation }) => percentOrDash(utilisation.workers)),
    ...(front ? [figureColumn('front', 'delay ms', ({ loopDelayP99Ms }) => figureOrDash(loopDelayP99Ms.front))] : []),
    figureColumn('workers', 'delay ms', ({ loopDelayP99Ms }) => figureOrDash(loopDelayP99Ms.workers)),
    figureColumn('voluntary', 'switches', ({ contextSwitches }) => figureOrDash(contextSwitches?.voluntary ?? null)),
    figureColumn('involuntary', 'switches', ({ contextSwitches }) =>
      figureOrDash(contextSwitches?.involuntary ?? null),
    ),
    figureColumn('GC', '%', ({ gcShare }) => percent(gcShare)),
    figureColumn('fairness', 'index', ({ fairness }) => fairness.toFixed(FAIRNESS_DECIMALS)),
    {
      column: { head: ['implied', 'bound by'], align: 'left', meaning: 'derived' },
      value: ({ impliedCapacity }) => (impliedCapacity.boundBy === 'cpus' ? 'CPUs' : impliedCapacity.boundBy),
    },
  ];
}

/** Without a front in any row, its columns would be dashes only. */
function hasFront({ cpuByRole, utilisation, loopDelayP99Ms }: CellResult): boolean {
  return [cpuByRole.front, utilisation.front, loopDelayP99Ms.front].some((value) => value !== null);
}

/** Columns of CPU time per request. */
function cpuColumns(results: readonly CellResult[]): (role: keyof CellResult['cpuByRole']) => ColumnSource {
  const { name, perMs } = cpuUnit(results.flatMap(({ cpuByRole }) => Object.values(cpuByRole)));
  return (role) =>
    figureColumn(role, `CPU ${name}`, ({ cpuByRole }) => {
      const ms = cpuByRole[role];
      return figureOrDash(ms === null ? null : ms * perMs);
    });
}

/** What the columns mean, for the foot of a report. */
export const COST_NOTES: readonly string[] = [
  'start-up and memory: where the valid trials lie, as for requests/s. All else is a median over trials where nothing else is said.',
  'start-up: from the start of the server process to its first right reply.',
  'idle, peak: memory of the process tree before the load, and at its highest under load.',
  'CPU µs or ms: CPU time per request by who used it. Front: the front of a pool or the primary of a cluster. Workers: the threads that run handler code. Helpers: the other threads of the server, such as garbage collection, compilation and thread pool. Generators: what sent the load. Services: what the scenario started beside the server.',
  'busy: share of the window in which an event loop was not waiting, mean over workers.',
  'delay: 99th percentile of how late timers were, in the worst worker of a trial.',
  'switches: context switches per request. Voluntary: to wait for something. Involuntary: the CPU was taken away.',
  'GC: share of the window in which garbage collection held a worker, mean over workers.',
  'fairness: Jain’s index of the requests by worker; 1 is even, 1/n is all on one of n.',
  'implied, bound by: what would end first with the load generator elsewhere: the CPUs, the one thread of the front, or the threads of the workers.',
  '–: there is none, or the system does not tell.',
];
