/** What the bars of a scenario show, and what stands beside each: the figure that decides, its ratio, memory and p99. */
import { shareText } from '../../harness/judge/answer/loss.ts';
import { isRankable } from '../../harness/judge/bottleneck/limited-by.ts';
import type { Percentile } from '../../harness/judge/schema/capacity.ts';
import type { CommonRate, RateResult } from '../../harness/judge/schema/rate.ts';
import type { CellResult, CellSummary, ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { partsOf } from '../../harness/plan/schedule/runtimes.ts';
import { mibText } from '../../harness/judge/words.ts';
import { cellNames, failedText } from '../words/cells.ts';
import { figure, MISSING } from '../words/figures.ts';
import { isComparable, percentileFigure, rateText } from '../words/rates.ts';
import { type OfRun, runsOf, type Several } from '../words/runs.ts';
import type { BarRow } from './bars.ts';

type Cell = CellSummary & OfRun;
type Scenario = Several<ScenarioSummary>;

/** Requests per second where these compare servers; where they do not, what the same work costs. */
export type Measure =
  | { readonly kind: 'throughput' }
  | { readonly kind: 'cpu-per-request' /** null at full load. */; readonly offeredPerSec: number | null };

/** What decides, or would decide, in this scenario. */
export function measureOf({ answers }: ScenarioSummary): Measure {
  if (answers.some(({ metric }) => metric === 'throughput')) return { kind: 'throughput' };
  const cpu = answers.filter(({ metric }) => metric === 'cpu-per-request');
  const own = cpu.find(({ offeredPerSec }) => offeredPerSec !== null) ?? cpu[0];
  return own === undefined ? { kind: 'throughput' } : { kind: 'cpu-per-request', offeredPerSec: own.offeredPerSec };
}

/** What the reader must know of the figures beside the names, before reading them. */
export function captionsOf(scenario: Scenario, measure: Measure): string[] {
  const common = rateShown(scenario, measure);
  return [
    ...(measure.kind === 'throughput' ? [] : [cpuCaption(measure.offeredPerSec)]),
    ...(common === null ? [] : [`p99${classText(scenario, common)} at ${rateText(common.offeredPerSec)}`]),
  ];
}

function cpuCaption(offeredPerSec: number | null): string {
  const where = offeredPerSec === null ? '' : ` at ${rateText(offeredPerSec)} each`;
  return `requests/s do not compare the servers, so bars are CPU per request${where}`;
}

/** The first class is what users notice. */
function classText({ latency }: Scenario, { cells }: CommonRate): string {
  const names = (latency?.cells ?? []).flatMap(({ id, result }) =>
    cells.includes(id) ? (result?.classes[0]?.name ?? []) : [],
  );
  return names[0] === undefined ? '' : ` of ${names[0]} requests`;
}

/** The rate at which p99 is shown: that at which costs are compared, or else the lowest. */
export function rateShown({ latency }: Scenario, measure: Measure): CommonRate | null {
  const common = latency?.common ?? [];
  const at = measure.kind === 'throughput' ? null : measure.offeredPerSec;
  return common.find(({ offeredPerSec }) => offeredPerSec === at) ?? common[0] ?? null;
}

/** A row per model, the best first; those without a figure last. */
export function rowsOf(scenario: Scenario, measure: Measure): BarRow[] {
  const names = cellNames(scenario);
  const common = rateShown(scenario, measure);
  const rows = scenario.cells.map((cell) => {
    const name = names.get(cell.id) ?? cell.model;
    const value = measured(cell, scenario, measure);
    return { value, row: rowOf(cell, name, value, scenario, measure, common) };
  });
  const last = measure.kind === 'throughput' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const sign = measure.kind === 'throughput' ? -1 : 1;
  const placeOf = ({ value, row }: (typeof rows)[number]): number => (row.kind === 'failed' ? last : (value ?? last));
  return rows.toSorted((a, b) => comparePlaces(placeOf(a), placeOf(b), sign)).map(({ row }) => row);
}

/** Two that have no figure stay as they are: the difference of two infinities is no number. */
function comparePlaces(a: number, b: number, sign: number): number {
  return a === b ? 0 : sign * (a < b ? -1 : 1);
}

function rowOf(
  cell: Cell,
  name: string,
  value: number | null,
  scenario: Scenario,
  measure: Measure,
  common: CommonRate | null,
): BarRow {
  const { result } = cell;
  if (result === null) return { kind: 'failed', name, reason: failedText(cell) };
  const isLossy = scenario.cells.some((one) => (one.result?.lostShare ?? 0) > 0);
  const isPale = measure.kind === 'throughput' && !isRankable(result.limitedBy);
  return {
    kind: 'bar',
    name,
    value,
    figure: value === null ? MISSING : measure.kind === 'throughput' ? `${figure(value)}/s` : cpuText(value),
    notes: [
      isLossy ? lostPart(result) : '',
      isPale ? 'not ranked' : ratioText(cell, scenario, measure),
      `${mibText(result.memory.peakBytes.point)}${result.memory.kind === 'rss' ? ' RSS' : ''}`,
      common === null ? p99Text(result.latencyMs.p99) : p99AtRate(rateResultOf(cell, scenario, common.offeredPerSec)),
    ],
    look: isPale ? 'pale' : isTaken(cell, scenario) ? 'taken' : 'plain',
  };
}

function lostPart({ lostShare }: CellResult): string {
  return `${lostShare === null ? MISSING : shareText(lostShare)} lost`;
}

function cpuText(ms: number): string {
  return ms < 1 ? `${figure(ms * 1000)} µs` : `${figure(ms)} ms`;
}

function measured(cell: Cell, scenario: Scenario, measure: Measure): number | null {
  const { result } = cell;
  if (result === null) return null;
  if (measure.kind === 'throughput') return result.requestsPerSec.point;
  if (measure.offeredPerSec === null) return result.cpuMsPerRequest.point;
  return rateResultOf(cell, scenario, measure.offeredPerSec)?.cpuMsPerRequest.point ?? null;
}

/** What the model did at this rate, with the same connections and in the same run. */
function rateResultOf(cell: Cell, { latency }: Scenario, offeredPerSec: number): RateResult | null {
  const cells: readonly (NonNullable<Scenario['latency']>['cells'][number] & OfRun)[] = latency?.cells ?? [];
  const own = cells.find(
    (one) =>
      one.offeredPerSec === offeredPerSec &&
      one.model === cell.model &&
      one.workers === cell.workers &&
      one.connectionMode === cell.connectionMode &&
      one.run === cell.run,
  );
  return own?.result ?? null;
}

function p99Text(percentile: Percentile | null): string {
  return percentile === null ? `p99 ${MISSING}` : `p99 ${percentileFigure(percentile)} ms`;
}

/** What a late generator adds is in the figure, so that of the server is at most as long; behind, it grows with the window. */
function p99AtRate(result: RateResult | null): string {
  if (result === null) return `p99 ${MISSING}`;
  const p99 = (result.classes[0] ?? result).latency.p99;
  if (p99 === null || p99.atLeast) return p99Text(p99);
  if (result.limitedBy.by === 'generator' || result.limitedBy.by === 'machine') return `p99 ≤${figure(p99.ms)} ms`;
  return !result.keptUp && isComparable(result) ? 'fell behind' : p99Text(p99);
}

/** `1.9× single`: round by round where both have rounds in common. */
function ratioText(cell: Cell, scenario: Scenario, measure: Measure): string {
  const reference = referenceOf(cell, scenario, measure);
  if (reference === null) return '';
  const { cell: other, name } = reference;
  if (other.id === cell.id) return '1×'.padEnd(`1× ${name}`.length);
  const ratio = pairedRatio(cell, other, scenario, measure);
  const about = isOpen(cell, other, scenario, measure) ? '≈' : '';
  return ratio === null ? '' : `${about}${Number.isFinite(ratio) ? twoDigits(ratio) : MISSING}× ${name}`;
}

/** Whether neither is shown to be before the other, nor the two to be level. */
function isOpen(cell: Cell, other: Cell, { comparisons }: Scenario, measure: Measure): boolean {
  return comparisons.some(
    ({ metric, verdict, candidate, baseline }) =>
      metric === measure.kind &&
      verdict === 'inconclusive' &&
      [candidate, baseline].includes(cell.id) &&
      [candidate, baseline].includes(other.id),
  );
}

function twoDigits(ratio: number): string {
  return ratio >= 100 ? figure(ratio) : ratio.toPrecision(2);
}

interface Reference {
  readonly cell: Cell;
  readonly name: string;
}

/** The single process of the same run with the same connections; else whatever is furthest behind. */
function referenceOf(cell: Cell, scenario: Scenario, measure: Measure): Reference | null {
  const own: readonly Cell[] = scenario.cells;
  const valued = own.flatMap((one) => {
    const value = measured(one, scenario, measure);
    const isRanked = measure.kind !== 'throughput' || isRankedResult(one.result);
    return one.run === cell.run && value !== null && isRanked ? [{ one, value }] : [];
  });
  if (valued.length < 2) return null;
  const { version } = partsOf(cell.model);
  const alone = valued.filter(
    ({ one }) => one.style === 'alone' && (version === null || partsOf(one.model).version === version),
  );
  const same = alone.find(
    ({ one }) => one.connectionMode === cell.connectionMode && one.connections === cell.connections,
  );
  const first = same ?? alone[0];
  if (first !== undefined) return { cell: first.one, name: first.one.model };
  const [least] = valued.toSorted((a, b) => a.value - b.value);
  if (least === undefined) return null;
  return { cell: least.one, name: measure.kind === 'throughput' ? 'the slowest' : 'the least' };
}

function isRankedResult(result: CellResult | null): boolean {
  return result !== null && isRankable(result.limitedBy);
}

function pairedRatio(cell: Cell, other: Cell, scenario: Scenario, measure: Measure): number | null {
  const isAtRate = measure.kind === 'cpu-per-request' && measure.offeredPerSec !== null;
  const pairs = isAtRate
    ? []
    : scenario.comparisons.filter(({ metric, verdict }) => metric === measure.kind && verdict !== 'invalid');
  const forth = pairs.find(({ candidate, baseline }) => candidate === cell.id && baseline === other.id);
  const back = pairs.find(({ candidate, baseline }) => candidate === other.id && baseline === cell.id);
  const paired = forth?.ratio?.point ?? (back?.ratio ? 1 / back.ratio.point : null);
  if (paired !== null) return paired;
  const [a, b] = [measured(cell, scenario, measure), measured(other, scenario, measure)];
  return a === null || b === null ? null : a / b;
}

function isTaken(cell: Cell, scenario: Scenario): boolean {
  const { decision } = scenario;
  if (decision !== null) return decision.take === cell.id;
  return runsOf(scenario).some(({ label, of }) => of.decision !== null && `${label}: ${of.decision.take}` === cell.id);
}
