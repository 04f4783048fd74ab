/** Words for what a summary holds, shared by all reports. */
import { isRankable } from '../harness/judge/limited-by.ts';
import type { CellSummary, ScenarioSummary, Summary } from '../harness/judge/summary-schema.ts';
import type { Limit } from '../harness/store/schema.ts';
import { counted, countRange, given } from './figures.ts';
import { placementBrief } from './placement.ts';

/** By cell id, a distinct name: the model, with its workers (w) and connections (c) where these vary in the scenario. */
export function cellNames(scenario: ScenarioSummary): ReadonlyMap<string, string> {
  return new Map(scenario.cells.map((cell) => [cell.id, cellName(cell, scenario.cells)]));
}

function cellName(cell: CellSummary, cells: readonly CellSummary[]): string {
  const many = cells.filter(({ style }) => style !== 'alone');
  const parts = [cell.model];
  if (cell.style !== 'alone' && many.some(({ workers }) => workers !== cell.workers)) parts.push(`${cell.workers} w`);
  if (cells.some(({ connections }) => connections !== cell.connections)) parts.push(`${cell.connections} c`);
  return parts.join(' · ');
}

/** Name and parameters: `cpu  ms=10`. */
export function scenarioTitle(scenario: ScenarioSummary, gap = ' '): string {
  const parameters = Object.entries(scenario.parameters).map(([name, value]) => `${name}=${given(value)}`);
  return [scenario.name, parameters.join(' ')].filter((part) => part !== '').join(gap);
}

/** What all cells share: workers, connections, trials. A single process always has one worker and is not counted. */
export function conditions(scenario: ScenarioSummary): string[] {
  const many = scenario.cells.filter(({ style }) => style !== 'alone');
  const workers = (many.length > 0 ? many : scenario.cells).map((cell) => cell.workers);
  const trials = scenario.cells.map((cell) => cell.trialsOk + cell.trialsFailed);
  return [
    spanned(workers, 'worker'),
    spanned(
      scenario.cells.map((cell) => cell.connections),
      'connection',
    ),
    `${spanned(trials, 'trial')} per model`,
  ];
}

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
export function failedText(cell: CellSummary): string {
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
