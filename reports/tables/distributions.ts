/** Distributions of latency as a table, with more than the usual percentiles. */
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import type { Curve } from '../../harness/judge/traces/curves.ts';
import type { Traces } from '../../harness/judge/traces/traces.ts';
import { cellNames } from '../words/cells.ts';
import { figure, given, MISSING } from '../words/figures.ts';
import { rateName, rateText } from '../words/rates.ts';
import { figureColumn, NAME_COLUMN, type ResultTable, type TableRow } from './table.ts';

/** Shares beyond a percentile, because 1 - 0.999 is not quite a thousandth. */
const PERCENTILES = [
  ['p50', 0.5],
  ['p75', 0.25],
  ['p90', 0.1],
  ['p95', 0.05],
  ['p99', 0.01],
  ['p99.9', 0.001],
  ['p99.99', 0.0001],
] as const;
const CLOSE = 1e-9;

const SOURCES = [
  figureColumn<Curve, null>('', 'requests', ({ requests }) => given(requests)),
  figureColumn<Curve, null>('min', 'ms', ({ minMs }) => figure(minMs)),
  figureColumn<Curve, null>('mean', 'ms', ({ meanMs }) => figure(meanMs)),
  figureColumn<Curve, null>('standard', 'deviation ms', ({ standardDeviationMs }) => figure(standardDeviationMs)),
  ...PERCENTILES.map(([name, beyond]) => figureColumn<Curve, null>(name, 'ms', (curve) => percentile(curve, beyond))),
  figureColumn<Curve, null>('max', 'ms', (curve) => maxText(curve)),
];

/** A row per cell, and per class where there are several; null without the trials. */
export function distributionTable(scenario: ScenarioSummary, traces: Traces | undefined): ResultTable | null {
  const rows = [...namesOf(scenario)].flatMap(([cell, name]) =>
    (traces?.curves ?? []).filter((curve) => curve.cell === cell).map((curve) => rowOf(curve, name)),
  );
  if (rows.length === 0) return null;
  return { columns: [NAME_COLUMN, ...SOURCES.map(({ column }) => column)], rows };
}

/** By id, the name of each cell: those of full load first, then those of given rates. */
function namesOf(scenario: ScenarioSummary): ReadonlyMap<string, string> {
  const rates = (scenario.latency?.cells ?? []).map(
    (cell) => [cell.id, `${rateName(cell, scenario)} at ${rateText(cell.offeredPerSec)}`] as const,
  );
  return new Map([...cellNames(scenario), ...rates]);
}

function rowOf(curve: Curve, name: string): TableRow {
  const { requestClass } = curve;
  return {
    kind: 'measured',
    name: requestClass ?? name,
    values: SOURCES.map(({ value }) => value(curve, null)),
    mark: null,
    isPart: requestClass !== null,
  };
}

function percentile({ points }: Curve, beyond: number): string {
  const point = points.find(({ share }) => Math.abs(1 - share - beyond) < CLOSE);
  if (point === undefined) return MISSING;
  return `${point.atLeast ? '≥' : ''}${figure(point.ms)}`;
}

function maxText({ maxMs, unfinished }: Curve): string {
  return `${unfinished > 0 ? '≥' : ''}${figure(maxMs)}`;
}
