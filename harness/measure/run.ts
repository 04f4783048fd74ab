/** A whole run: visit every cell in seeded random rounds, record each trial as it ends. */
import { further } from '../judge/further.ts';
import { type Standing, standingOf } from '../judge/settling.ts';
import { capacityWindowMs } from '../plan/cells.ts';
import { type Outlook, outlook } from '../plan/outlook.ts';
import { type DueVisit, remaining } from '../plan/remaining.ts';
import { visitsOf } from '../plan/schedule.ts';
import { seedFrom } from '../stats/arrivals.ts';
import type { Addition, Cell, Manifest, Run, Trial } from '../store/schema.ts';
import type { LoadedScenario } from './load-scenario.ts';
import type { Measuring } from './measuring.ts';
import type { TrialRequest } from './trial.ts';
import type { Fingerprints } from './verify.ts';

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
 * Runs every trial of the plan that `done` does not hold, and hands each to `record` before the next begins. What is due
 * is derived from what was recorded, so a run that goes on and one that is resumed take the same way; so are the cells that
 * are added to the plan because of what was measured.
 */
export async function measureAll(
  measuring: Measuring,
  prepared: Prepared,
  done: Recorded,
  record: (line: Addition | Trial) => void,
  listener: RunListener,
  signal: AbortSignal,
): Promise<void> {
  const { manifest } = prepared;
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
    const trial = await measuring.runTrial(requestFor(next, prepared), signal);
    record(trial);
    trials.push(trial);
    due = remaining(visits, trials, manifest.retries);
    extend();
    listener.trialEnded(trial, outlook(manifest, additions, due, trials));
    tellLook();
  }
}

/** What is asked of one trial. */
export function requestFor({ cell, round, attempt }: DueVisit, { manifest, loaded, expected }: Prepared): TrialRequest {
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
    expected: prints,
    measureMs: cell.load.kind === 'rate' ? cell.load.measureMs : capacityWindowMs(plan, manifest),
    // Not of the model: at one rate every model meets the same requests at the same moments. At another rate they are others,
    // or one unlucky schedule would decide a whole search.
    seed: seedFrom(manifest.seed, cell.scenario, round, cell.load.kind === 'rate' ? cell.load.requestsPerSec : 0),
  };
}
