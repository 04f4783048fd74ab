/** What a reader must know before believing the figures. Data that travels with the result, each with a next step. */
import type { Manifest, Trial } from '../store/schema.ts';
import { measurementsOf } from './cell-summary.ts';
import { driftWarning } from './drift-warning.ts';
import { hintFor } from './hint.ts';
import { commonCells, latencyWarnings } from './latency-warnings.ts';
import { isRankable } from './limited-by.ts';
import { machineWarnings } from './machine-warnings.ts';
import { namesOf } from './model-names.ts';
import type { RateCell } from './rate-schema.ts';
import type { CellSummary, ScenarioSummary, Warning } from './summary-schema.ts';

type AnyCell = CellSummary | RateCell;

/** Above the physical limit by more than the noise of a calibration: the machine was faster or slower when it ran. */
const OVER_LIMIT = 1.03;

export function warningsOf(
  manifest: Manifest,
  scenarios: readonly ScenarioSummary[],
  trials: readonly Trial[],
): Warning[] {
  const answered = scenarios.flatMap(answeredFrom);
  return [
    ...machineWarnings(manifest, trials),
    ...oversubscribed(manifest),
    ...unevenConnections(manifest),
    ...scenarios.flatMap((scenario) => notRanked(scenario, manifest)),
    ...latencyWarnings(scenarios, manifest),
    ...scenarios.flatMap((scenario) => driftWarning(scenario, manifest.margin)),
    ...scenarios.flatMap(overLimit),
    ...unsteady(manifest, trials),
    ...answered.flatMap(lost),
    ...failedTrials(answered),
  ];
}

function oversubscribed({ cells, environment, placement }: Manifest): Warning[] {
  const { decidedBy } = environment.availableCpus;
  const count = placement.kind === 'isolated' ? placement.serverCpus.length : environment.availableCpus.count;
  const workers = Math.max(...cells.map((cell) => cell.workers));
  if (workers <= count) return [];
  const why = decidedBy === 'host' ? '' : ` (by ${decidedBy})`;
  return [
    {
      code: 'oversubscribed',
      message: `${workers} workers share ${count} CPU${count === 1 ? '' : 's'}${why}`,
      nextStep: `leave out --workers, or give --workers ${count}`,
    },
  ];
}

function unevenConnections({ cells }: Manifest): Warning[] {
  const uneven = cells.find(({ style, workers, connections }) => style === 'replicated' && connections % workers !== 0);
  if (uneven === undefined) return [];
  const { workers, connections } = uneven;
  return [
    {
      code: 'uneven-connections',
      message: `${connections} connections cannot be shared evenly by ${workers} workers, and cluster keeps each with one worker`,
      nextStep: `give --connections ${Math.ceil(connections / workers) * workers}`,
    },
  ];
}

/** One for each label, with the evidence of the first model that has it. */
function notRanked({ id, cells }: ScenarioSummary, { environment, placement }: Manifest): Warning[] {
  const held = cells.flatMap((cell) =>
    cell.result === null || isRankable(cell.result.limitedBy) ? [] : [{ cell, label: cell.result.limitedBy }],
  );
  const nameOf = namesOf(cells);
  return [...new Set(held.map(({ label }) => label.by))].flatMap((by): Warning[] => {
    const same = held.filter(({ label }) => label.by === by);
    const [first] = same;
    if (first === undefined) return [];
    const models = same.map(({ cell }) => nameOf(cell)).join(', ');
    const whose = same.length > 1 ? `, such as ${nameOf(first.cell)}` : '';
    const what = by === 'unclear' ? 'held back by nobody knows what' : `limited by the ${by}, not by the server`;
    return [
      {
        code: 'not-ranked',
        message: `${id}: ${models} ${what}${whose}: ${first.label.evidence}`,
        nextStep: hintFor(first.cell, cells, environment.availableCpus, placement) ?? '',
      },
    ];
  });
}

/** What the answers are drawn from. A sweep and a search go beyond what a server can do on purpose. */
function answeredFrom({ cells, latency }: ScenarioSummary): readonly AnyCell[] {
  return latency === null ? cells : [...cells, ...commonCells(latency)];
}

function lost({ id, givenUp, trialsOk }: AnyCell): Warning[] {
  if (givenUp === null) return [];
  const valid =
    trialsOk === 0 ? '' : `; its ${trialsOk} valid trial${trialsOk === 1 ? ' is' : 's are'} not shown as a result`;
  return [
    {
      code: 'given-up',
      message: `${id} kept failing and was given up: ${givenUp.message}${valid}`,
      nextStep: 'try the model by hand with fourways serve; --retries says how often a failed trial is tried again',
    },
  ];
}

function overLimit({ id, cells }: ScenarioSummary): Warning[] {
  const over = cells.filter(({ result }) => (result?.shareOfLimit ?? 0) > OVER_LIMIT);
  if (over.length === 0) return [];
  return [
    {
      code: 'over-limit',
      message: `${id}: ${over.map(namesOf(cells)).join(', ')} above the physical limit, so the machine was slower during the calibration`,
      nextStep: 'run again on a quieter machine; compare models with each other, not with the limit',
    },
  ];
}

function unsteady({ cells: planned, preset }: Manifest, trials: readonly Trial[]): Warning[] {
  const cells = planned.filter(({ id }) =>
    measurementsOf(trials.filter(({ cell }) => cell === id)).some(({ steady }) => !steady),
  );
  if (cells.length === 0) return [];
  return [
    {
      code: 'unsteady',
      message: `the warm-up ended at its limit, with throughput not yet steady or code not yet compiled: ${cells.map(({ id }) => id).join(', ')}`,
      nextStep: longerWarmUp(preset),
    },
  ];
}

/** What a run of this preset may do about it. */
function longerWarmUp(preset: string): string {
  switch (preset) {
    case 'thorough':
      return 'run again on a quieter machine; fourways doctor says what disturbs this one';
    case 'standard':
      return 'give --preset thorough, which warms up for longer';
    default:
      return 'give --preset standard or thorough, which warm up for longer';
  }
}

function failedTrials(all: readonly AnyCell[]): Warning[] {
  const cells = all.filter(({ trialsFailed }) => trialsFailed > 0);
  if (cells.length === 0) return [];
  const count = cells.reduce((sum, { trialsFailed }) => sum + trialsFailed, 0);
  return [
    {
      code: 'failed-trials',
      message: `${count} trial${count === 1 ? '' : 's'} failed and are not in the figures: ${cells.map(({ id }) => id).join(', ')}`,
      nextStep: 'read the reasons below; a model that fails under load is not to be compared by its speed',
    },
  ];
}
