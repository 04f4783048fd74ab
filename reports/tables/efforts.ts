/** CPU time and load generation in more detail than the costs that every report shows. */
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import type { Effort, RunTraces } from '../../harness/judge/traces/traces.ts';
import { cellNames } from '../words/cells.ts';
import { figure, given, MISSING, percent, percentOrDash } from '../words/figures.ts';
import { rateFigure, rateName } from '../words/rates.ts';
import { type ColumnSource, cpuUnit, figureColumn, NAME_COLUMN, type ResultTable } from './table.ts';

/** The cell of a row. */
interface Offered {
  readonly name: string;
  /** Requests per second; null at full load. */
  readonly perSec: number | null;
}

type Source = ColumnSource<Effort, Offered>;

/** A line per cell, those of given rates last; null where the trials are not at hand. */
export function effortTable(scenario: ScenarioSummary, traces: RunTraces | undefined): ResultTable | null {
  const cells = offeredOf(scenario);
  const efforts = (traces?.efforts ?? []).filter(({ cell }) => cells.has(cell));
  if (efforts.length === 0) return null;
  const sources = sourcesFor(efforts, scenario.latency !== null);
  const byCell = new Map(efforts.map((effort) => [effort.cell, effort]));
  return {
    columns: [NAME_COLUMN, ...sources.map(({ column }) => column)],
    rows: [...cells].flatMap(([id, offered]) => {
      const effort = byCell.get(id);
      if (effort === undefined) return [];
      const values = sources.map(({ value }) => value(effort, offered));
      return [{ kind: 'measured', name: offered.name, mark: null, values }];
    }),
  };
}

function offeredOf(scenario: ScenarioSummary): ReadonlyMap<string, Offered> {
  const full = [...cellNames(scenario)].map(([id, name]) => [id, { name, perSec: null }] as const);
  const rates = (scenario.latency?.cells ?? []).map(
    (cell) => [cell.id, { name: rateName(cell, scenario), perSec: cell.offeredPerSec }] as const,
  );
  return new Map<string, Offered>([...full, ...rates]);
}

function sourcesFor(efforts: readonly Effort[], hasRates: boolean): Source[] {
  const services = efforts.some((effort) => effort.services !== null);
  return [
    ...(hasRates ? [OFFERED] : []),
    ...cpuColumns(efforts),
    column('queued', 'for CPU %', ({ queued }) => percentOrDash(queued)),
    column('waiting', 'in handlers', ({ waiting }) => (waiting === null ? MISSING : figure(waiting))),
    column('', 'generators', ({ generators }) => given(generators.count)),
    column('', 'connections', ({ generators }) => given(generators.connections)),
    column('', 'requests', ({ requests }) => given(requests)),
    column('generator', 'busy %', ({ generators }) => percent(generators.busiest)),
    ...(services ? [column('service', 'busy %', (effort) => percentOrDash(effort.services))] : []),
    column('CPUs', 'idle %', ({ idle }) => percentOrDash(idle)),
    column('harness', 'CPU %', ({ harnessCpus }) => percent(harnessCpus)),
  ];
}

const column = figureColumn<Effort, Offered>;
const OFFERED = column('offered', '/s', (_, { perSec }) => (perSec === null ? 'full load' : rateFigure(perSec)));

function cpuColumns(efforts: readonly Effort[]): Source[] {
  const { name, perMs } = cpuUnit(efforts.flatMap(({ cpuMs }) => [cpuMs.user, cpuMs.system]));
  return [
    column('user', `CPU ${name}`, ({ cpuMs }) => figure(cpuMs.user * perMs)),
    column('system', `CPU ${name}`, ({ cpuMs }) => figure(cpuMs.system * perMs)),
  ];
}

/** What the columns mean, for the foot of a report. */
export const EFFORT_NOTES: readonly string[] = [
  'offered: requests per second that were scheduled; full load: as many as the connections allow. Requests: those completed within the measured windows of all trials. Everything else is a median over trials.',
  'user, system: CPU time of the server per request, in its own code and in the kernel on its behalf.',
  'queued for CPU: share of the measured window in which an event loop was ready to run but had no CPU; that of the loop that waited longest.',
  'waiting in handlers: requests that were waiting in asynchronous handler code at the same time, in all processes together.',
  'generators, connections: the load generators, and the connections of all of them together. Busy: share of the measured window in which the event loop of the busiest generator was not idle.',
  'service, busy: the busiest thread of the services that the scenario started.',
  'CPUs, idle: idle share of the CPUs in use. Harness: CPU time of fourways itself without its generators, in percent of one CPU.',
  '–: does not apply, or the operating system does not report it.',
];
