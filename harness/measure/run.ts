/** A whole run: visits every cell in seeded random rounds, and records each trial as it ends. */
import { further } from '../judge/next/further.ts';
import { type Standing, standingOf } from '../judge/next/settling.ts';
import { capacityWindowMs } from '../plan/schedule/cells.ts';
import { faultText } from '../plan/faults.ts';
import { faultWindowMs, isFaultCell } from '../plan/schedule/faults.ts';
import { isSettling, type Outlook, outlook } from '../plan/schedule/outlook.ts';
import { type AnyTrial, type DueVisit, remaining } from '../plan/schedule/remaining.ts';
import { visitsOf } from '../plan/schedule/visits.ts';
import { isOfYardstick, YARDSTICK_TIMES } from '../plan/schedule/yardstick.ts';
import { seedFrom } from '../stats/arrivals.ts';
import type { Addition, Cell, Manifest, Recalibration, Run, ScenarioPlan } from '../store/schema.ts';
import { withCalibration } from '../store/with-calibration.ts';
import { cpusForWork, limitFor } from './calibration/calibrate.ts';
import type { Measuring } from './measuring.ts';
import type { Fingerprints } from './replies/verify.ts';
import type { LoadedScenario } from './scenario/load.ts';
import { binariesOf, launchOf } from './server/models.ts';
import type { TrialRequest } from './trial/request.ts';
import type { PreparedYardstick } from './yardstick.ts';

/** Everything that is known before the first trial. */
export interface Prepared {
  readonly manifest: Manifest;
  readonly loaded: ReadonlyMap<string, LoadedScenario>;
  readonly expected: ReadonlyMap<string, Fingerprints>;
  /** Where the manifest has one. */
  readonly yardstick?: PreparedYardstick | null;
}

/** Called while a run goes on, for progress. */
export interface RunListener {
  preparing(what: string): void;
  /** What was found before the first trial, and must be known. */
  told(what: string): void;
  /** What is left, before the first trial. */
  planned(left: Outlook): void;
  /** How many verdicts are settled, after rounds of capacity; `more` is what is measured in addition because of that. */
  looked(standing: Standing, more: readonly Addition[]): void;
  /** `of` so many rounds, where their number is known. */
  trialBegins(cell: Cell, round: number, of?: number): void;
  /** What is left after this one: a failed one may be repeated, and when its cell is given up other trials are dropped. */
  trialEnded(trial: AnyTrial, left: Outlook): void;
}

/** What has been recorded so far. */
export type Recorded = Pick<Run, 'additions' | 'trials' | 'yardstick' | 'faulted'>;

/**
 * One of this many trials may be repeated because other programs disturbed it, besides the first few. On a machine that is
 * never quiet every trial is disturbed, and repeating does not help.
 */
const TRIALS_PER_REPEAT = 4;
const FIRST_REPEATS = 4;

/**
 * Runs every trial of the plan that is not in `done`, and passes each to `record` before the next begins. The trials that are
 * due, and the cells that are added because of what was measured, follow from what was recorded alone, so a resumed run
 * continues exactly like one that was never interrupted.
 */
export async function measureAll(
  measuring: Measuring,
  prepared: Prepared,
  done: Recorded,
  record: (line: Addition | Recalibration | AnyTrial) => void,
  listener: RunListener,
  signal: AbortSignal,
): Promise<void> {
  let { manifest } = prepared;
  const additions = [...done.additions];
  const trials = [...done.trials];
  const yardstick = [...(done.yardstick ?? [])];
  const faulted = [...(done.faulted ?? [])];
  let visits = visitsOf(manifest, additions);
  const whatIsDue = (): readonly DueVisit[] =>
    remaining(visits, [...trials, ...yardstick, ...faulted], manifest.retries);
  let due = whatIsDue();
  /** Reports how many verdicts are settled, after the trial that led to it has been reported. */
  let reportLook = (): void => {};
  const extend = (): void => {
    reportLook = () => {};
    while (due.length === 0) {
      const added = further({ manifest, additions, trials, yardstick });
      if (manifest.budgetMs !== null && isSettling(manifest, additions)) {
        const more = added.filter((addition) => isSettling(manifest, [addition]));
        const standing = standingOf({ manifest, additions, trials });
        reportLook = () => listener.looked(standing, more);
      }
      if (added.length === 0) return;
      for (const addition of added) record(addition);
      additions.push(...added);
      visits = visitsOf(manifest, additions);
      due = whatIsDue();
    }
  };
  extend();
  listener.planned(outlook(manifest, additions, due, [...trials, ...yardstick]));
  reportLook();
  for (let [next] = due; next !== undefined; [next] = due) {
    signal.throwIfAborted();
    const isFault = isFaultCell(next.cell);
    listener.trialBegins(next.cell, next.round, isFault ? manifest.faults?.rounds : undefined);
    const before = isFault ? faulted : [...trials, ...yardstick];
    const request = requestFor(next, { ...prepared, manifest }, repeatedFor(before));
    const trial = await (isFault ? measuring.runFaultTrial(request, signal) : measuring.runTrial(request, signal));
    record(trial);
    if (trial.type === 'fault-trial') faulted.push(trial);
    else (isOfYardstick(trial) ? yardstick : trials).push(trial);
    if (trial.outcome.status === 'failed' && trial.outcome.reason.kind === 'calibration') {
      const line = await recalibrated(measuring, request, manifest, signal);
      record(line);
      manifest = withCalibration(manifest, line);
    }
    due = whatIsDue();
    extend();
    listener.trialEnded(trial, outlook(manifest, additions, due, [...trials, ...yardstick]));
    reportLook();
  }
}

/** Why a trial may be repeated after these, because nothing is wrong with its cell. */
export function repeatedFor(trials: readonly AnyTrial[]): TrialRequest['repeatedFor'] {
  const repeated = trials.filter(({ outcome }) => outcome.status === 'failed' && outcome.reason.kind === 'disturbed');
  const isQuiet = repeated.length < FIRST_REPEATS + trials.length / TRIALS_PER_REPEAT;
  return isQuiet ? ['disturbed', 'calibration'] : ['calibration'];
}

/** Times the work of a scenario again. Its amount stays: only the time that it takes was wrong. */
async function recalibrated(
  measuring: Measuring,
  { loaded, plan, cell }: TrialRequest,
  { cells, environment, runtimes }: Manifest,
  signal: AbortSignal,
): Promise<Recalibration> {
  const boundTo = cell.placement.kind === 'isolated' ? cell.placement.serverCpus : null;
  const workers = Math.max(...cells.filter(({ scenario }) => scenario === plan.id).map((one) => one.workers ?? 1));
  const cpus = cpusForWork(loaded, workers, cell.placement, environment);
  const settings = { cpus, boundTo, iterations: plan.iterations, binaries: binariesOf(runtimes) };
  const { calibration } = await measuring.calibrate(loaded, settings, signal);
  if (calibration === null) throw new Error(`${plan.id} has no work that could be timed`);
  return {
    type: 'calibration',
    scenario: plan.id,
    calibration,
    limit: limitFor(loaded, calibration, cpus, cell.connections),
  };
}

/** What is asked of one trial. */
export function requestFor(
  { cell, round, attempt }: DueVisit,
  prepared: Prepared,
  repeatedFor: TrialRequest['repeatedFor'],
): TrialRequest {
  const { manifest, loaded, expected, yardstick } = prepared;
  const isYardstick = isOfYardstick({ cell: cell.id });
  const plan = isYardstick ? manifest.yardstick?.plan : manifest.scenarios.find(({ id }) => id === cell.scenario);
  const one = isYardstick ? yardstick?.loaded : loaded.get(cell.scenario);
  const prints = isYardstick ? yardstick?.expected : expected.get(cell.scenario);
  if (plan === undefined || one === undefined || prints === undefined) throw new Error(`cell ${cell.id} has no plan`);
  return {
    cell,
    round,
    attempt,
    plan,
    loaded: one,
    ...(!isYardstick && { launch: launchOf(manifest, cell.model) }),
    expected: prints,
    environment: manifest.environment,
    // The last attempt of a visit counts even if it was disturbed: there is no other.
    repeatedFor: attempt < manifest.retries ? repeatedFor : [],
    measureMs: windowMsOf(cell, plan, manifest),
    reload: manifest.faults?.reloads.find(({ name }) => name === cell.model)?.line ?? null,
    ...(isYardstick && YARDSTICK_TIMES),
    ...(!isYardstick && manifest.timeoutMs !== null && { timeoutSec: manifest.timeoutMs / 1000 }),
    seed: seedFrom(manifest.seed, cell.scenario, round, seedPartOf(cell)),
  };
}

function windowMsOf({ load }: Cell, plan: ScenarioPlan, manifest: Manifest): number {
  switch (load.kind) {
    case 'capacity':
      return capacityWindowMs(plan, manifest);
    case 'rate':
      return load.measureMs;
    case 'fault':
      return faultWindowMs(load);
    default:
      return load satisfies never;
  }
}

/**
 * It does not depend on the model: at one rate every model gets the same requests, and faults, at the same moments. It depends on the
 * rate, or one unlucky schedule would decide a whole search.
 */
function seedPartOf({ load }: Cell): string | number {
  if (load.kind === 'fault') return faultText(load.fault);
  return load.kind === 'rate' ? load.requestsPerSec : 0;
}
