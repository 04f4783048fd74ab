/** A whole run: visit every cell in seeded random rounds, record each trial as it ends. */
import { type DueVisit, remaining } from '../plan/remaining.ts';
import { schedule } from '../plan/schedule.ts';
import { seedFrom } from '../stats/arrivals.ts';
import type { Manifest, Trial } from '../store/schema.ts';
import type { LoadedScenario } from './load-scenario.ts';
import type { Measuring } from './measuring.ts';
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
  /** How many trials are due. */
  planned(due: number): void;
  trialBegins(cell: string, round: number): void;
  /** How many are due after this one: a failed one may come again, and one that gives a cell up takes others with it. */
  trialEnded(trial: Trial, due: number): void;
}

/**
 * Runs every trial of the plan that `done` does not hold, and hands each to `record` before the next begins. What is due
 * is derived from what was recorded, so a run that goes on and one that is resumed take the same way.
 */
export async function measureAll(
  measuring: Measuring,
  prepared: Prepared,
  done: readonly Trial[],
  record: (trial: Trial) => void,
  listener: RunListener,
  signal: AbortSignal,
): Promise<void> {
  const { cells, rounds, seed, retries } = prepared.manifest;
  const visits = schedule(cells, rounds, seed);
  const trials = [...done];
  let due = remaining(visits, trials, retries);
  listener.planned(due.length);
  for (let [next] = due; next !== undefined; [next] = due) {
    signal.throwIfAborted();
    listener.trialBegins(next.cell.id, next.round);
    const trial = await measuring.runTrial(requestFor(next, prepared), signal);
    record(trial);
    trials.push(trial);
    due = remaining(visits, trials, retries);
    listener.trialEnded(trial, due.length);
  }
}

function requestFor({ cell, round, attempt }: DueVisit, { manifest, loaded, expected }: Prepared) {
  const plan = manifest.scenarios.find(({ id }) => id === cell.scenario);
  const one = loaded.get(cell.scenario);
  const prints = expected.get(cell.scenario);
  if (plan === undefined || one === undefined || prints === undefined) throw new Error(`cell ${cell.id} has no plan`);
  const { warmUpCapMs, measureMs, placement } = manifest;
  const seed = seedFrom(manifest.seed, cell.scenario, round);
  const countErrors = false;
  return {
    cell,
    round,
    attempt,
    plan,
    loaded: one,
    expected: prints,
    warmUpCapMs,
    measureMs,
    placement,
    seed,
    countErrors,
  };
}
