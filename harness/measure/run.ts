/** A whole run: visit every cell in seeded random rounds, record each trial as it ends. */
import { further } from '../judge/next/further.ts';
import { type Standing, standingOf } from '../judge/next/settling.ts';
import { capacityWindowMs } from '../plan/schedule/cells.ts';
import { type Outlook, outlook } from '../plan/schedule/outlook.ts';
import { type DueVisit, remaining } from '../plan/schedule/remaining.ts';
import { visitsOf } from '../plan/schedule/visits.ts';
import { seedFrom } from '../stats/arrivals.ts';
import type { Addition, Cell, Manifest, Recalibration, Run, Trial } from '../store/schema.ts';
import { withCalibration } from '../store/with-calibration.ts';
import { limitFor } from './calibration/calibrate.ts';
import type { Measuring } from './measuring.ts';
import type { Fingerprints } from './replies/verify.ts';
import type { LoadedScenario } from './scenario/load.ts';
import { moduleUrlOf } from './server/models.ts';
import type { TrialRequest } from './trial/trial.ts';

/** Everything that is settled before the first trial. */
export interface Prepared {
  readonly manifest: Manifest;
  readonly loaded: ReadonlyMap<string, LoadedScenario>;
  readonly expected: ReadonlyMap<string, Fingerprints>;
}

/** Told what happens during a run, for progress. */
export interface RunListener {
  preparing(what: string): void;
  /** What is left, before the first trial. */
  planned(left: Outlook): void;
  /** How far the verdicts are, after rounds of capacity; `more` is what is measured again because of that. */
  looked(standing: Standing, more: readonly Addition[]): void;
  trialBegins(cell: Cell, round: number): void;
  /** What is left after this one: a failed one may come again, and one that gives a cell up takes others with it. */
  trialEnded(trial: Trial, left: Outlook): void;
}

/** What has been recorded so far. */
export type Recorded = Pick<Run, 'additions' | 'trials'>;

/**
 * Of so many trials one may be measured again because others disturbed it, besides the first few: a machine that is never
 * quiet shows in every trial, and repeating does not help.
 */
const TRIALS_PER_REPEAT = 4;
const FIRST_REPEATS = 4;

/**
 * Runs every trial of the plan that `done` does not hold, and hands each to `record` before the next begins. What is due
 * is derived from what was recorded, so a run that goes on and one that is resumed take the same way; so are the cells that
 * are added to the plan because of what was measured.
 */
export async function measureAll(
  measuring: Measuring,
  prepared: Prepared,
  done: Recorded,
  record: (line: Addition | Recalibration | Trial) => void,
  listener: RunListener,
  signal: AbortSignal,
): Promise<void> {
  let { manifest } = prepared;
  const additions = [...done.additions];
  const trials = [...done.trials];
  let visits = visitsOf(manifest, additions);
  let due = remaining(visits, trials, manifest.retries);
  /** Tells how far the verdicts are, once the trial that led to it has been told. */
  let tellLook = (): void => {};
  const extend = (): void => {
    tellLook = () => {};
    while (due.length === 0) {
      const added = further({ manifest, additions, trials });
      if (manifest.budgetMs !== null && additions.every(({ why }) => why.kind === 'unsettled')) {
        const more = added.filter(({ why }) => why.kind === 'unsettled');
        const standing = standingOf({ manifest, additions, trials });
        tellLook = () => listener.looked(standing, more);
      }
      if (added.length === 0) return;
      for (const addition of added) record(addition);
      additions.push(...added);
      visits = visitsOf(manifest, additions);
      due = remaining(visits, trials, manifest.retries);
    }
  };
  extend();
  listener.planned(outlook(manifest, additions, due, trials));
  tellLook();
  for (let [next] = due; next !== undefined; [next] = due) {
    signal.throwIfAborted();
    listener.trialBegins(next.cell, next.round);
    const request = requestFor(next, { ...prepared, manifest }, repeatedFor(trials));
    const trial = await measuring.runTrial(request, signal);
    record(trial);
    trials.push(trial);
    if (trial.outcome.status === 'failed' && trial.outcome.reason.kind === 'calibration') {
      const line = await timedAgain(measuring, request, manifest, signal);
      record(line);
      manifest = withCalibration(manifest, line);
    }
    due = remaining(visits, trials, manifest.retries);
    extend();
    listener.trialEnded(trial, outlook(manifest, additions, due, trials));
    tellLook();
  }
}

function repeatedFor(trials: readonly Trial[]): TrialRequest['repeatedFor'] {
  const repeated = trials.filter(({ outcome }) => outcome.status === 'failed' && outcome.reason.kind === 'disturbed');
  const isQuiet = repeated.length < FIRST_REPEATS + trials.length / TRIALS_PER_REPEAT;
  return isQuiet ? ['disturbed', 'calibration'] : ['calibration'];
}

/** Times the work of a scenario again, of which there is as much as before: only how long it takes was wrong. */
async function timedAgain(
  measuring: Measuring,
  { loaded, plan, cell }: TrialRequest,
  { cells, environment }: Manifest,
  signal: AbortSignal,
): Promise<Recalibration> {
  const boundTo = cell.placement.kind === 'isolated' ? cell.placement.serverCpus : null;
  const workers = Math.max(...cells.filter(({ scenario }) => scenario === plan.id).map((one) => one.workers));
  const cpus = Math.min(workers, boundTo?.length ?? environment.availableCpus.capacity);
  const { calibration } = await measuring.calibrate(loaded, { cpus, boundTo, iterations: plan.iterations }, signal);
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
  { manifest, loaded, expected }: Prepared,
  repeatedFor: TrialRequest['repeatedFor'],
): TrialRequest {
  const plan = manifest.scenarios.find(({ id }) => id === cell.scenario);
  const one = loaded.get(cell.scenario);
  const prints = expected.get(cell.scenario);
  if (plan === undefined || one === undefined || prints === undefined) throw new Error(`cell ${cell.id} has no plan`);
  return {
    cell,
    round,
    attempt,
    plan,
    loaded: one,
    modelUrl: moduleUrlOf(manifest, cell.model),
    expected: prints,
    environment: manifest.environment,
    // The last try of a visit counts whatever others did: it is all that there is.
    repeatedFor: attempt < manifest.retries ? repeatedFor : [],
    measureMs: cell.load.kind === 'rate' ? cell.load.measureMs : capacityWindowMs(plan, manifest),
    // Not of the model: at one rate every model meets the same requests at the same moments. At another rate they are others,
    // or one unlucky schedule would decide a whole search.
    seed: seedFrom(manifest.seed, cell.scenario, round, cell.load.kind === 'rate' ? cell.load.requestsPerSec : 0),
  };
}
