/** Words for what a summary holds, shared by all reports. */
import { isRankable } from '../harness/judge/limited-by.ts';
import type { CellSummary, ScenarioSummary, Summary } from '../harness/judge/summary-schema.ts';
import type { Limit } from '../harness/store/schema.ts';
import { counted, countRange, given } from './figures.ts';
import { placementBrief } from './placement.ts';

/** What tells cells apart, whether of a closed or of an open loop. */
export type Setting = Pick<CellSummary, 'model' | 'style' | 'workers' | 'connections' | 'connectionMode'>;

/**
 * By cell id, a distinct name: the model, with its workers (w), its connections (c) and their mode where these vary in the
 * scenario.
 */
export function cellNames(scenario: ScenarioSummary): ReadonlyMap<string, string> {
  return new Map(scenario.cells.map((cell) => [cell.id, cellName(cell, scenario.cells)]));
}

/** The name of one cell among others. Keep-alive is the ordinary mode and goes without saying. */
export function cellName(cell: Setting, cells: readonly Setting[]): string {
  const many = cells.filter(({ style }) => style !== 'alone');
  const parts = [cell.model];
  if (cell.style !== 'alone' && many.some(({ workers }) => workers !== cell.workers)) parts.push(`${cell.workers} w`);
  if (cells.some(({ connections }) => connections !== cell.connections)) parts.push(`${cell.connections} c`);
  if (cell.connectionMode === 'per-request' && cells.some(({ connectionMode }) => connectionMode === 'keep-alive')) {
    parts.push('per request');
  }
  return parts.join(' · ');
}

/** Name and parameters: `cpu  ms=10`. */
export function scenarioTitle(scenario: ScenarioSummary, gap = ' '): string {
  const parameters = Object.entries(scenario.parameters).map(([name, value]) => `${name}=${given(value)}`);
  return [scenario.name, parameters.join(' ')].filter((part) => part !== '').join(gap);
}

/** What all cells share: workers, connections and their mode, trials. A single process always has one worker and is not counted. */
export function conditions(scenario: ScenarioSummary): string[] {
  return [
    workersText(scenario.cells),
    spanned(
      scenario.cells.map((cell) => cell.connections),
      'connection',
    ),
    ...modeText(scenario.cells),
    `${trialsText(scenario.cells)} per model`,
  ];
}

/** `2 workers`, without the one of a single process beside models that have several. */
export function workersText(cells: readonly Setting[]): string {
  const many = cells.filter(({ style }) => style !== 'alone');
  return spanned(
    (many.length > 0 ? many : cells).map((cell) => cell.workers),
    'worker',
  );
}

/** How connections are used, where it is not the ordinary way. */
export function modeText(cells: readonly Setting[]): string[] {
  if (cells.every(({ connectionMode }) => connectionMode === 'keep-alive')) return [];
  const both = cells.some(({ connectionMode }) => connectionMode === 'keep-alive');
  return [both ? 'kept alive, and a connection per request' : 'a connection per request'];
}

/** `5 trials`, or `3–5 trials` where cells differ. */
export function trialsText(cells: readonly Trials[]): string {
  return spanned(
    cells.map((cell) => cell.trialsOk + cell.trialsFailed),
    'trial',
  );
}

type Trials = Pick<CellSummary, 'trialsOk' | 'trialsFailed'>;

function spanned(counts: readonly number[], singular: string): string {
  const highest = Math.max(...counts);
  return counted(highest, singular).replace(/^\S+/u, countRange(counts) ?? '0');
}

/** The ceiling and where it comes from: `physical limit 199/s: 2 CPUs ÷ 10.05 ms`. */
export function limitLine(limit: Limit): string {
  const cause =
    limit.kind === 'cpu'
      ? `${given(limit.cpus)} ${limit.cpus === 1 ? 'CPU' : 'CPUs'} ÷ ${given(limit.kernelCpuMs)} ms`
      : `${counted(limit.connections, 'connection')} ÷ ${given(limit.waitingMs)} ms`;
  return `physical limit ${given(limit.requestsPerSec)}/s: ${cause}`;
}

/** Why a measured cell may not be ranked, or null. */
export function notRanked({ result }: CellSummary): string | null {
  if (result === null || isRankable(result.limitedBy)) return null;
  const { by } = result.limitedBy;
  return by === 'unclear' ? 'unclear what held it back, not ranked' : `limited by the ${by}, not ranked`;
}

/** What is written instead of figures when a cell has none. Where space is tight, the end can be cut off. */
export function failedText(cell: Trials & Pick<CellSummary, 'givenUp'>): string {
  if (cell.givenUp !== null) {
    return `given up after ${counted(cell.trialsFailed, 'failed trial')}: ${cell.givenUp.message}`;
  }
  const all = cell.trialsOk + cell.trialsFailed;
  return all === 0 ? 'not measured' : `failed (${cell.trialsFailed} of ${counted(all, 'trial')})`;
}

/** The machine in words, most telling first. */
export function machineLine(summary: Summary): string {
  const { environment } = summary;
  const { capacity, host, decidedBy } = environment.availableCpus;
  const cpus =
    capacity === host ? counted(host, 'CPU') : `${given(capacity)} of ${counted(host, 'CPU')} (${decidedBy})`;
  const node = `Node ${environment.node.replace(/^v/u, '')}`;
  const system = `${environment.platform} ${environment.arch}`;
  return [node, environment.cpuModel.trim(), cpus, placementBrief(summary.placement), system].join(' · ');
}
