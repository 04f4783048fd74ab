/** What a reader must know before believing the figures. Data that travels with the result, each with a next step. */
import { type Cell, type Manifest, RULES, type Run, type Trial } from '../../store/schema.ts';
import { cpusOfServer, DISTURBED, takenByOthers } from '../bottleneck/cpus.ts';
import { hintFor, STOP_OTHERS } from '../bottleneck/hint.ts';
import { isRankable } from '../bottleneck/limited-by.ts';
import { isWarm } from '../cell/capacity.ts';
import type { RateCell, RateResult } from '../schema/rate.ts';
import type { CellSummary, ScenarioSummary, Warning } from '../schema/summary.ts';
import { list, namesOf } from '../words.ts';
import { faultWarnings } from './faults.ts';
import { commonCells, latencyWarnings } from './latency.ts';
import { lost, unable } from './lost.ts';
import { machineWarnings } from './machine.ts';
import { type Told, toldOnce } from './not-idle.ts';

type AnyCell = CellSummary | RateCell;

/** Above the physical limit by more than the noise of a calibration: the speed of the machine has changed since. */
const OVER_LIMIT = 1.03;

export function warningsOf(run: Omit<Run, 'end'>, scenarios: readonly ScenarioSummary[]): Warning[] {
  const { manifest, trials } = run;
  const answered = scenarios.flatMap(answeredFrom);
  const told: readonly Told[] = [
    ...judgedAnew(manifest),
    ...machineWarnings(manifest, trials),
    ...oversubscribed(manifest),
    ...unevenConnections(manifest),
    ...buffered(manifest),
    ...oneLaunch(manifest),
    ...oneWorker(manifest),
    ...scenarios.flatMap((scenario) => notRanked(scenario, manifest)),
    ...latencyWarnings(scenarios),
    ...scenarios.flatMap((scenario) => driftWarning(scenario, manifest.margin)),
    ...scenarios.flatMap(overLimit),
    ...unsteady(answered),
    ...disturbed(manifest, answered, trials),
    ...unable(scenarios, manifest),
    ...scenarios.flatMap((one) => answeredFrom(one).flatMap((cell) => lost(cell, one.id, manifest))),
    ...failedTrials(answered),
    ...faultWarnings(scenarios, run),
  ];
  return toldOnce(
    told,
    answered.map(({ id }) => id),
  );
}

/** What such a run measured longer, and when it stopped, followed from other rules; that does not bend what it says now. */
function judgedAnew({ rules }: Manifest): Warning[] {
  if (rules >= RULES) return [];
  return [
    {
      code: 'judged-anew',
      message:
        'the run was measured by a fourways that compared all pairs; its trials are judged here by comparisons with the best',
      nextStep: 'measure again for rounds that go where an answer is nearest; docs/method.md has the rules',
    },
  ];
}

/** A pool takes a reply from its worker when it is whole. */
function buffered({ cells, scenarios }: Manifest): Warning[] {
  return scenarios.flatMap(({ id, requestClasses }) => {
    const inPieces = requestClasses.filter(({ isChunked }) => isChunked === true).map(({ name }) => name);
    const pools = cells.filter(
      ({ scenario, style, unable }) => scenario === id && style === 'offload' && unable === null,
    );
    if (inPieces.length === 0 || pools.length === 0) return [];
    const names = list([...new Set(pools.map(({ model }) => model))]);
    return [
      {
        code: 'buffered',
        message: `${id}: replies to ${list(inPieces)} are streamed, and are sent by ${names} when they are complete`,
        nextStep: 'choose another model where clients need the first bytes early; the time to these is not measured',
      },
    ];
  });
}

/** Two launches of the same server differ by several percent, which its trials cannot show. */
function oneLaunch({ externals }: Manifest): Warning[] {
  const names = externals.filter(({ kind }) => kind === 'address').map(({ name }) => name);
  if (names.length === 0) return [];
  const was = names.length === 1 ? 'was' : 'were';
  return [
    {
      code: 'one-launch',
      message: `${list(names)} ${was} started once for all trials, so how much launches differ is not in the intervals`,
      nextStep: 'give the command instead, with --command, so that each trial has a server of its own',
    },
  ];
}

/** On few CPUs load generation may leave one, on which models with several workers have nothing to gain. */
function oneWorker({ cells, scenarios, environment: { availableCpus } }: Manifest): Warning[] {
  return scenarios.flatMap(({ id, source }) => {
    const own = cells.filter(
      ({ scenario, style, workers, placement }) =>
        scenario === id && style !== 'alone' && workers === 1 && placement.kind === 'isolated',
    );
    if (source.kind !== 'service' || own.length === 0 || availableCpus.count < 2) return [];
    const names = list([...new Set(own.map(({ model }) => model))]);
    return [
      {
        code: 'one-worker',
        message: `${id}: ${names} had 1 worker, on the CPU that load generation left; what more workers would serve was not measured`,
        nextStep: `give --workers ${availableCpus.count}, which share the CPUs with load generation, or measure with 4 CPUs or more`,
      },
    ];
  });
}

function oversubscribed({ cells, environment: { availableCpus } }: Manifest): Warning[] {
  const { decidedBy } = availableCpus;
  // A worker that has a part of a CPU to itself does not share it.
  const countOf = ({ placement }: Pick<Cell, 'placement'>): number => Math.ceil(cpusOfServer(placement, availableCpus));
  const [most] = cells
    .flatMap(({ workers, ...cell }) => (workers === null ? [] : [{ workers, count: countOf(cell) }]))
    .filter(({ workers, count }) => workers > count)
    .toSorted((a, b) => b.workers - a.workers);
  if (most === undefined) return [];
  const { workers, count } = most;
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
  const [uneven] = cells.flatMap(({ style, workers, connections }) =>
    style === 'replicated' && workers !== null && connections % workers !== 0 ? [{ workers, connections }] : [],
  );
  if (uneven === undefined) return [];
  const { workers, connections } = uneven;
  return [
    {
      code: 'uneven-connections',
      message: `${connections} connections cannot be shared evenly by ${workers} workers, and cluster keeps each connection on one worker`,
      nextStep: `give --connections ${Math.ceil(connections / workers) * workers}`,
    },
  ];
}

/** One for each label, with the evidence of the first model that has it. */
function notRanked({ id, cells }: ScenarioSummary, { environment }: Manifest): Told[] {
  const held = cells.flatMap((cell) =>
    cell.result === null || isRankable(cell.result.limitedBy) ? [] : [{ cell, label: cell.result.limitedBy }],
  );
  const nameOf = namesOf(cells);
  return [...new Set(held.map(({ label }) => label.by))].flatMap((by): Told[] => {
    const same = held.filter(({ label }) => label.by === by);
    const [first] = same;
    if (first === undefined) return [];
    const models = list(same.map(({ cell }) => nameOf(cell)));
    const were = same.length === 1 ? 'was' : 'were';
    const where = same.length === 1 ? '' : `for ${nameOf(first.cell)}, `;
    const what =
      by === 'unclear'
        ? `no bottleneck was found for ${models}`
        : `${models} ${were} limited by the ${by}, not by the server`;
    const whose = same.length === cells.length && same.length > 1 ? 'all models' : models;
    const ifBusy = { of: [id], text: `${whose} ${were} limited by the machine, not by the server` };
    return [
      {
        code: 'not-ranked',
        ...(by === 'machine' ? { ifBusy } : {}),
        message: `${id}: ${what}: ${where}${first.label.evidence}`,
        nextStep: hintFor(first.cell, cells, environment.availableCpus) ?? '',
      },
    ];
  });
}

/** What the answers are drawn from. A sweep and a search go beyond what a server can do on purpose. */
function answeredFrom({ cells, latency }: ScenarioSummary): readonly AnyCell[] {
  return latency === null ? cells : [...cells, ...commonCells(latency)];
}

function overLimit({ id, cells }: ScenarioSummary): Told[] {
  const over = cells.filter(({ result }) => (result?.shareOfLimit ?? 0) > OVER_LIMIT);
  if (over.length === 0) return [];
  return [
    {
      code: 'over-limit',
      ifBusy: { of: over.map((cell) => cell.id), text: 'above the physical limit, as the calibration was slower' },
      message: `${id}: ${over.map(namesOf(cells)).join(', ')} above the physical limit, so the machine was slower during the calibration`,
      nextStep: 'run again on a quieter machine; compare models with each other, not with the limit',
    },
  ];
}

/** A warm-up ends by itself, once each worker has had requests enough and throughput holds: there is no flag to turn. */
function unsteady(cells: readonly AnyCell[]): Told[] {
  const cold = cells.filter(
    ({ result }) => result !== null && !('latencyMs' in result ? isWarm(result) : areSteady(result)),
  );
  if (cold.length === 0) return [];
  const text = 'the warm-up timed out before code was warm and throughput was steady';
  return [
    {
      code: 'unsteady',
      ifBusy: { of: cold.map(({ id }) => id), text },
      message: `${text}: ${cold.map(({ id }) => id).join(', ')}`,
      nextStep:
        'run again on a quieter machine (fourways doctor checks it); otherwise the server itself keeps changing',
    },
  ];
}

function areSteady({ trials }: RateResult): boolean {
  return trials.every(({ steady }) => steady);
}

/** Measured again at once, and kept as it was when all attempts were disturbed. */
function disturbed(
  { cells, environment, ab }: Manifest,
  answered: readonly AnyCell[],
  trials: readonly Trial[],
): Told[] {
  const again = answered.filter(({ trialsDisturbed }) => trialsDisturbed > 0);
  const count = again.reduce((sum, { trialsDisturbed }) => sum + trialsDisturbed, 0);
  const placements = new Map(cells.map(({ id, placement }) => [id, placement]));
  const kept = trials.filter(({ cell, outcome }) => {
    const placement = placements.get(cell);
    if (outcome.status === 'failed' || placement === undefined) return false;
    const where = { available: environment.availableCpus, placement, isDuet: ab?.duet === true };
    return (takenByOthers(outcome.measurement, where) ?? 0) > DISTURBED;
  });
  if (count === 0 && kept.length === 0) return [];
  const were = (number: number): string => (number === 1 ? '1 trial was' : `${number} trials were`);
  const parts = [
    ...(count === 0 ? [] : [`${were(count)} measured again`]),
    ...(kept.length === 0 ? [] : [`${were(kept.length)} kept as ${kept.length === 1 ? 'it is' : 'they are'}`]),
  ];
  const ids = [...new Set([...again.map(({ id }) => id), ...kept.map(({ cell }) => cell)])];
  const text = `other programs took more than ${DISTURBED * 100}% of the CPUs: ${parts.join(', ')}`;
  return [
    {
      code: 'disturbed',
      ifBusy: { of: ids, text },
      message: `${text} (${ids.join(', ')})`,
      nextStep: STOP_OTHERS,
    },
  ];
}

function failedTrials(all: readonly AnyCell[]): Warning[] {
  const cells = all.filter(({ trialsFailed }) => trialsFailed > 0);
  if (cells.length === 0) return [];
  const count = cells.reduce((sum, { trialsFailed }) => sum + trialsFailed, 0);
  return [
    {
      code: 'failed-trials',
      message: `${count} ${count === 1 ? 'trial failed and is' : 'trials failed and are'} not in the figures: ${cells.map(({ id }) => id).join(', ')}`,
      nextStep: 'see the reasons below; do not compare the speed of a model that fails under load',
    },
  ];
}

/**
 * Cells whose verdicts are settled are not measured again, so the figures of two cells may be of different times, while
 * their ratio is of the rounds that both ran. Where the two differ by more than the margin, the reader has to know.
 */
export function driftWarning({ id, cells, comparisons }: ScenarioSummary, margin: number): Told[] {
  const nameOf = namesOf(cells);
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  const apart = comparisons.flatMap(({ metric, baseline, candidate, ratio }) => {
    const [a, b] = [byId.get(baseline), byId.get(candidate)];
    if (metric !== 'throughput' || ratio === null || !a?.result || !b?.result) return [];
    const ofFigures = b.result.requestsPerSec.point / a.result.requestsPerSec.point;
    const differs = Math.abs(Math.log(ofFigures / ratio.point)) > Math.log(1 + margin);
    return differs
      ? [
          `${nameOf(b)} ÷ ${nameOf(a)} is ${times(ofFigures)} by their figures and ${times(ratio.point)} by common rounds`,
        ]
      : [];
  });
  if (apart.length === 0) return [];
  return [
    {
      code: 'drift',
      ifBusy: { of: [id], text: 'its speed drifted between rounds that not every model ran, so trust the ratios' },
      message: `${id}: machine speed drifted between rounds that not every model ran: ${apart.join(', ')}`,
      nextStep: 'trust the ratios; with --rounds every model runs the same number of rounds',
    },
  ];
}

function times(ratio: number): string {
  return ratio.toPrecision(3);
}
