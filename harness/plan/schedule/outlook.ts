/** What is left of a run, as an estimate: for progress, not for a decision. */
import type { Addition, Cell, Manifest, Run, Trial } from '../../store/schema.ts';
import { faultsAhead, faultWindowMs } from './faults.ts';
import { SWEEP_POINTS, SWEEP_ROUNDS } from './rates.ts';
import type { Visit } from './visits.ts';
import { isOfYardstick } from './yardstick.ts';

export interface Outlook {
  readonly trials: number;
  readonly ms: number;
  /** Time that may be spent beyond that while verdicts are not settled; 0 when it is certain that nothing more is added. */
  readonly budgetMs: number;
}

/** Spawn, verify and stop, as a first guess. */
const AROUND_A_TRIAL_MS = 900;
/** A search takes about this many trials. */
const TRIALS_OF_A_SEARCH = 10;

/**
 * What is due, apart from the yardstick, and what will be added when rates are known: that is a guess until it has been added.
 * When nothing is due, because the run could not be extended, nothing is ahead either, whatever had been guessed.
 */
export function outlook(
  manifest: Manifest,
  additions: readonly Addition[],
  allDue: readonly Visit[],
  trials: readonly Trial[],
): Outlook {
  const due = allDue.filter(({ cell }) => !isOfYardstick({ cell: cell.id }));
  if (allDue.length === 0) return { trials: 0, ms: 0, budgetMs: 0 };
  const ms = due.reduce((sum, { cell }) => sum + expectedMs(cell, manifest), 0);
  const ahead = trialsAhead(manifest, additions);
  const soonMs = ms + aheadMs(manifest, additions);
  const faults = faultsOutlook(manifest, additions);
  const left =
    manifest.budgetMs !== null && isSettling(manifest, additions)
      ? Math.max(0, manifest.budgetMs - usedMs({ manifest, trials }) - soonMs)
      : 0;
  return { trials: due.length + ahead + faults.trials, ms: soonMs + faults.ms, budgetMs: left };
}

/** Trials with faults that have not been added yet. They come on top of the budget, which is for answers. */
export function faultsOutlook(
  manifest: Pick<Manifest, 'faults' | 'externals' | 'cells' | 'measureMs'>,
  additions: readonly Addition[] = [],
): Pick<Outlook, 'trials' | 'ms'> {
  const ahead = faultsAhead(manifest, additions);
  return { trials: ahead.length, ms: ahead.reduce((sum, cell) => sum + expectedMs(cell, manifest), 0) };
}

/** Whether questions are still being settled: nothing of what was asked for beside them has been added. */
export function isSettling({ scenarios }: Pick<Manifest, 'scenarios'>, additions: readonly Addition[]): boolean {
  const asksForRates = (id: string): boolean => scenarios.some((plan) => plan.id === id && plan.rates.length > 0);
  return additions.every(
    ({ why, scenario }) => why.kind === 'unsettled' || (why.kind === 'common' && !asksForRates(scenario)),
  );
}

/** Time from the start of the run to its first trial, which counts as well: calibrating, comparing replies. */
function preparingMs({ startedAt }: Pick<Manifest, 'startedAt'>, trials: readonly Pick<Trial, 'startedAt'>[]): number {
  if (trials.length === 0) return 0;
  const first = Math.min(...trials.map((trial) => Date.parse(trial.startedAt)));
  return Math.max(0, first - Date.parse(startedAt));
}

/** What a run has taken of its budget so far. */
export function usedMs({ manifest, trials, yardstick = [] }: Pick<Run, 'manifest' | 'trials' | 'yardstick'>): number {
  return preparingMs(manifest, [...trials, ...yardstick]) + spentMs([...trials, ...yardstick]);
}

/** Time that trials took, from the start of the first process to the end of the last. */
export function spentMs(trials: readonly Pick<Trial, 'phasesMs'>[]): number {
  return trials.reduce((sum, { phasesMs }) => sum + Object.values(phasesMs).reduce((all, ms) => all + ms, 0), 0);
}

/** A server with a worker that never answers again is asked in vain what became of it, and ended by force. */
const STUCK_MS = 6000;
/** A guess for cells that have no trial yet: how long a warm-up takes goes by the server. */
const USUAL_WARM_UP_MS = 1000;

/** How long a trial takes, before there is one of its cell. */
export function expectedMs({ load }: Pick<Cell, 'load'>, { measureMs }: Pick<Manifest, 'measureMs'>): number {
  if (load.kind === 'rate') return rateTrialMs(load.measureMs);
  if (load.kind === 'fault') return rateTrialMs(faultWindowMs(load)) + (load.fault.kind === 'loop' ? STUCK_MS : 0);
  return AROUND_A_TRIAL_MS + USUAL_WARM_UP_MS + measureMs;
}

/** Time for what will be added at rates, as far as that can be guessed. Faults are apart: the budget is not for them. */
export function aheadMs(manifest: Manifest, additions: readonly Addition[]): number {
  return trialsAhead(manifest, additions) * rateTrialMs(manifest.latency.measureMs);
}

function rateTrialMs(measureMs: number): number {
  return AROUND_A_TRIAL_MS + USUAL_WARM_UP_MS + WITH_LEAD_IN * measureMs;
}

/** Of the window. */
const WITH_LEAD_IN = 1.25;

/** The longest window of a trial at a rate that takes no longer than this. */
export function rateWindowWithin(ms: number): number {
  return Math.max(0, (ms - AROUND_A_TRIAL_MS - USUAL_WARM_UP_MS) / WITH_LEAD_IN);
}

/** Trials of what has not been added yet. */
function trialsAhead({ scenarios, cells, latency }: Manifest, additions: readonly Addition[]): number {
  const trials = scenarios.map((plan) => {
    const own = cells.filter(({ scenario, unable }) => scenario === plan.id && unable === null).length;
    const added = additions.filter(({ scenario }) => scenario === plan.id);
    const isAhead = (kind: Addition['why']['kind']): boolean => added.every(({ why }) => why.kind !== kind);
    const searched = added.filter(({ why }) => why.kind === 'slo').length;
    return (
      (isAhead('common') ? own * plan.rates.length * latency.rounds : 0) +
      (latency.sweep && isAhead('sweep') ? own * SWEEP_POINTS * Math.min(SWEEP_ROUNDS, latency.rounds) : 0) +
      (latency.slo === null ? 0 : Math.max(0, own * TRIALS_OF_A_SEARCH - searched))
    );
  });
  return trials.reduce((sum, count) => sum + count, 0);
}
