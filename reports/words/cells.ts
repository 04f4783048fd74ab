/** Words for what a summary holds, shared by all reports. */
import { isRankable } from '../../harness/judge/bottleneck/limited-by.ts';
import type { CellSummary, ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { list } from '../../harness/judge/words.ts';
import type { Limit } from '../../harness/store/schema.ts';
import { counted, countRange, given } from './figures.ts';
import { ownCpus, pinnedPlace, placementBrief } from './placement.ts';
import { type Fact, factsApart, type OfRun, runsOf, type Several, saidOnce } from './runs.ts';

/** What tells cells apart, whether of a closed or of an open loop. */
export type Setting = Pick<CellSummary, 'model' | 'style' | 'workers' | 'connections' | 'connectionMode'> & OfRun;

/**
 * By cell id, a distinct name: the model, with its workers (w), its connections (c) and their mode where these vary in the
 * scenario, and with its run where there are several.
 */
export function cellNames(scenario: ScenarioSummary): ReadonlyMap<string, string> {
  return new Map(scenario.cells.map((cell) => [cell.id, cellName(cell, scenario.cells)]));
}

/**
 * The name of one cell among others. Keep-alive is the ordinary mode and goes without saying; so does what only tells a run
 * from another, because the conditions say it.
 */
export function cellName(cell: Setting, all: readonly Setting[]): string {
  const cells = all.filter(({ run }) => run === cell.run);
  const many = cells.filter(({ style, workers }) => style !== 'alone' && workers !== null);
  const parts = [cell.model];
  if (many.includes(cell) && many.some(({ workers }) => workers !== cell.workers)) parts.push(`${cell.workers} w`);
  if (cells.some(({ connections }) => connections !== cell.connections)) parts.push(`${cell.connections} c`);
  if (cell.connectionMode === 'per-request' && cells.some(({ connectionMode }) => connectionMode === 'keep-alive')) {
    parts.push('per request');
  }
  if (cell.run !== undefined && all.some(({ run }) => run !== cell.run)) parts.push(cell.run);
  return parts.join(' · ');
}

const ORDINARY_MODE = 'connections kept alive';
const ORDINARY_PLACE = 'load generator placed as in the run';

/** The conditions of the measurement; of several runs also a limit that is not the same, which no line can show. */
export function conditions(scenario: Several<ScenarioSummary>): string[] {
  return [...settings(scenario), ...(scenario.limit === null ? limitTexts(scenario) : [])];
}

/**
 * What all cells share: workers, connections and their mode, trials. A single process always has one worker and is not
 * counted. Of several runs also which of them it is when only one has the scenario.
 */
export function settings(scenario: Several<ScenarioSummary>): string[] {
  const runs = runsOf(scenario);
  const said = [
    saidOnce(scenario, workersOnCpus),
    saidOnce(scenario, ({ cells }) => spanned(cells.map(connectionsOf), 'connection')),
    saidOnce(scenario, ({ cells }) => modeText(cells)[0] ?? ORDINARY_MODE),
    saidOnce(scenario, generatorsPlace),
    `${saidOnce(scenario, ({ cells }) => trialsText(cells))} per model`,
    ...(runs.length === 1 ? runs.map(({ label }) => `${label} only`) : []),
  ];
  return said.filter((text) => text !== '' && text !== ORDINARY_MODE && text !== ORDINARY_PLACE);
}

/** The limit as `limitLine` has it; of runs whose limits differ `physical limit 205.1/s (before), 199/s (after)`. Empty without one. */
export function limitTexts(scenario: Several<ScenarioSummary>): string[] {
  if (scenario.limit !== null) return [limitLine(scenario.limit)];
  if (runsOf(scenario).every(({ of }) => of.limit === null)) return [];
  const limits = ({ limit }: ScenarioSummary) => (limit === null ? 'unknown' : `${given(limit.requestsPerSec)}/s`);
  return [`physical limit ${saidOnce(scenario, limits)}`];
}

/** `1 worker on 1 CPU`, where the scenario was given CPUs otherwise than its run. */
function workersOnCpus({ cells, pinned }: ScenarioSummary): string {
  const place = pinned ? pinnedPlace(cells) : null;
  return place === null ? workersText(cells) : `${workersText(cells)} on ${counted(place.serverCpus.length, 'CPU')}`;
}

function generatorsPlace({ cells, pinned }: ScenarioSummary): string {
  const place = pinned ? pinnedPlace(cells) : null;
  if (place === null) return ORDINARY_PLACE;
  const generators = place.generators === 1 ? 'load generator' : 'load generators';
  return `${generators} on ${ownCpus(place)}`;
}

function connectionsOf({ connections }: Setting): number {
  return connections;
}

/** `2 workers`, without the one of a single process beside models that have several; empty where no number is known. */
export function workersText(cells: readonly Setting[]): string {
  const many = cells.filter(({ style, workers }) => style !== 'alone' && workers !== null);
  const counts = (many.length > 0 ? many : cells).flatMap((cell) => cell.workers ?? []);
  return counts.length === 0 ? '' : spanned(counts, 'worker');
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
  return by === 'unclear' ? 'no bottleneck was found, not ranked' : `limited by the ${by}, not ranked`;
}

/** What is written instead of figures when a cell has none. Where space is tight, the end can be cut off. */
export function failedText(cell: Trials & Pick<CellSummary, 'givenUp'> & Partial<Pick<CellSummary, 'unable'>>): string {
  if (cell.givenUp !== null && cell.unable === true) return `cannot run this: ${cell.givenUp.message}`;
  if (cell.givenUp !== null) {
    return `given up after ${counted(cell.trialsFailed, 'failed trial')}: ${cell.givenUp.message}`;
  }
  const all = cell.trialsOk + cell.trialsFailed;
  return all === 0 ? 'not measured' : `failed (${cell.trialsFailed} of ${counted(all, 'trial')})`;
}

/** The machine in words, most telling first, in one line. */
export function machineLine(summary: Several<Summary>): string {
  return machineLines(summary).join(' / ');
}

/** The machine in words; of several runs a line with what they have in common, and one for each with what it has not. */
export function machineLines(summary: Several<Summary>): string[] {
  const { shared, own } = factsApart(summary, machineFacts);
  const lines = [{ of: '', facts: shared }, ...own.map(({ label, facts }) => ({ of: `${label}: `, facts }))];
  return lines.flatMap(({ of, facts }) =>
    facts.length === 0 ? [] : [`${of}${facts.map(([, text]) => text).join(' · ')}`],
  );
}

/** Machine, day and version; `under` are conditions of the measurement, which stand before the day. */
export function aboutLines(summary: Several<Summary>, under: readonly string[] = []): string[] {
  const measured = [...under, ...measuredWith(summary)].join(' · ');
  const machine = machineLines(summary);
  return under.length === 0 && machine.length === 1 ? [`${machine.join('')} · ${measured}`] : [...machine, measured];
}

/** That of the run, unless every scenario was given CPUs otherwise; with the names of some that were. */
function placementBriefs(scenarios: Summary['scenarios'], ofRun: Summary['placement']): string {
  const [first] = scenarios;
  const pinned = scenarios.filter((one) => one.pinned);
  if (pinned.length === scenarios.length && first !== undefined) {
    return placementBrief(pinnedPlace(first.cells) ?? ofRun);
  }
  const others = pinned.length === 0 ? '' : `, but for ${list(pinned.map(({ name }) => name))}`;
  return `${placementBrief(ofRun)}${others}`;
}

/** When it was measured, and with which version: `2026-01-15`, `fourways 0.1.0`. */
function measuredWith(summary: Several<Summary>): string[] {
  return [
    saidOnce(summary, ({ startedAt }) => startedAt.slice(0, 10)),
    `fourways ${saidOnce(summary, ({ version }) => version)}`,
  ];
}

/** Beyond this, options are counted and not named: they stand in one line with all other conditions. */
const LONGEST_OPTIONS = 48;

/** The version or versions of the servers, and the options that they were started with: `Node 24.1.0 --max-old-space-size=256`. */
function nodeText({ node, servers: { nodeArgs, nodeOptions, runtimes } }: Summary['environment']): string {
  const options = [...nodeArgs, ...(nodeOptions ?? '').split(/\s+/u).filter((word) => word !== '')];
  const text = options.join(' ');
  const brief = text.length > LONGEST_OPTIONS ? `with ${counted(options.length, 'option')}` : text;
  const versions = runtimes.length === 0 ? node.replace(/^v/u, '') : list(runtimes);
  return `Node ${versions}${brief === '' ? '' : ` ${brief}`}`;
}

function machineFacts({ environment, placement, scenarios }: Summary): Fact[] {
  const { capacity, host, decidedBy } = environment.availableCpus;
  const cpus =
    capacity === host ? counted(host, 'CPU') : `${given(capacity)} of ${counted(host, 'CPU')} (${decidedBy})`;
  return [
    ['node', nodeText(environment)],
    ['model', environment.cpuModel.trim()],
    ['cpus', cpus],
    ['placement', placementBriefs(scenarios, placement)],
    ['system', `${environment.platform} ${environment.arch}`],
  ];
}
