/** The smallest change that `ab` can detect on this machine, from trials of two equal sides. Pure. */
import { errorsOf } from '../../judge/change/family.ts';
import { type BothRuns, compareSides, isComparable } from '../../judge/change/open.ts';
import { RUN_METRICS } from '../../judge/metrics/derived.ts';
import type { ChangeComparison, ChangeVerdict } from '../../judge/schema/change.ts';
import { pairsSpentMs } from '../../plan/schedule/pairs-due.ts';
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import { resolvableChange } from '../../stats/looks.ts';
import type { Trial } from '../../store/schema.ts';
import { type AaPair, type Noise, noiseOf, type Spread } from './noise.ts';

/** How the two sides are measured: one right after the other, or both at the same time. */
export type Way = 'in-turn' | 'duet';
export const WAYS: readonly Way[] = ['in-turn', 'duet'];

/** The metrics that `ab` judges, the less noisy one first. */
export type AaMetric = 'cpu-per-request' | 'throughput';
const METRICS: readonly AaMetric[] = ['cpu-per-request', 'throughput'];

/** Probability with which a change is to be detected. */
export const POWER = 0.9;

/** What was recorded of one way: two sides that are the same. */
export interface AaRuns {
  readonly way: Way;
  readonly runs: BothRuns;
}

/** What `ab` detects within a budget. */
export interface Resolved {
  /** For all of `ab`, with its preparation. */
  readonly budgetMs: number;
  /** That fit into the budget; never fewer than a verdict needs. */
  readonly rounds: number;
  /** The ratio less one, such as 0.06; null when the metric cannot be judged here. */
  readonly change: number | null;
}

export interface MetricResolution {
  readonly metric: AaMetric;
  /** Standard deviation of the logarithm of the ratio of a round, about its true mean of 0; null without figures. */
  readonly sdLogRatio: number | null;
  /** The largest ratio of a round, greater to smaller, less one. */
  readonly largest: number | null;
  /** The verdict of `ab` on two sides that are equal. */
  readonly verdict: ChangeVerdict;
  /** Better or worse, although the sides are equal. */
  readonly falseAlarm: boolean;
  readonly reason: string;
  readonly resolves: readonly Resolved[];
}

export interface WayResolution {
  readonly way: Way;
  /** In which both sides were valid. */
  readonly rounds: number;
  readonly failedTrials: number;
  /** Time that a round takes, in milliseconds; null when none was measured. */
  readonly roundMs: number | null;
  /** Why there are no figures; null when there are some. */
  readonly failure: string | null;
  /** Empty when there is a failure. */
  readonly metrics: readonly MetricResolution[];
}

/** `preparingMs` is what every `ab` takes before its first trial. */
export function resolutionOf({ way, runs }: AaRuns, budgetsMs: readonly number[], preparingMs: number): WayResolution {
  const { base, head } = runs;
  const trials = [...base.trials, ...head.trials];
  const noise = noiseOf(pairsOf(base.trials, head.trials));
  const measured = new Set(base.trials.map(({ round }) => round)).size;
  const spentMs = pairsSpentMs({ base: base.trials, head: head.trials }, () => way === 'duet');
  const roundMs = measured === 0 ? null : spentMs / measured;
  const about = {
    way,
    rounds: noise.pairs,
    failedTrials: trials.filter(({ outcome }) => outcome.status === 'failed').length,
    roundMs,
  };
  if (roundMs === null || noise.pairs < FEWEST_TRIALS || !isComparable(runs)) {
    return { ...about, failure: failureOf(trials), metrics: [] };
  }
  // How many rounds there are depends on time alone.
  const change = compareSides(runs, { base: 'base', head: 'head' }, true);
  const comparisons = change.cells.flatMap((cell) => cell.comparisons);
  const fits = (budgetMs: number): number => Math.max(FEWEST_TRIALS, Math.floor((budgetMs - preparingMs) / roundMs));
  // In `ab` there are those of latency as well.
  const errorOf = errorsOf(RUN_METRICS.map(({ name }) => name));
  const metrics = METRICS.flatMap((metric) => {
    const comparison = comparisons.find((one) => one.metric === metric);
    if (comparison === undefined) return [];
    const spread = spreadOf(noise, metric);
    const sdLogRatio = comparison.verdict === 'invalid' ? null : (spread?.sdLogRatio ?? null);
    const standard = { margin: comparison.margin, error: errorOf(metric), power: POWER };
    const resolves = budgetsMs.map((budgetMs) => {
      const rounds = fits(budgetMs);
      const change = sdLogRatio === null ? null : resolvableChange({ ...standard, sdLogRatio, rounds });
      return { budgetMs, rounds, change };
    });
    return [{ metric, ...verdictOf(comparison, spread), resolves }];
  });
  return { ...about, failure: null, metrics };
}

function verdictOf(
  { verdict, reason }: ChangeComparison,
  spread: Spread | null,
): Omit<MetricResolution, 'metric' | 'resolves'> {
  return {
    sdLogRatio: spread?.sdLogRatio ?? null,
    largest: spread === null ? null : Math.max(...spread.differences),
    verdict,
    falseAlarm: verdict === 'better' || verdict === 'worse',
    reason,
  };
}

function spreadOf({ requestsPerSec, cpuMsPerRequest }: Noise, metric: AaMetric): Spread | null {
  return metric === 'throughput' ? requestsPerSec : cpuMsPerRequest;
}

/** The valid trials of the same round. One without its partner says nothing. */
function pairsOf(base: readonly Trial[], head: readonly Trial[]): readonly AaPair[] {
  const isOk = ({ outcome }: Trial): boolean => outcome.status === 'ok';
  return base.filter(isOk).flatMap((a) => {
    const b = head.find((one) => isOk(one) && one.round === a.round);
    return b === undefined ? [] : [{ a, b }];
  });
}

/** What went wrong last, on the side where it did. */
function failureOf(trials: readonly Trial[]): string {
  const reasons = trials.flatMap(({ outcome }) => (outcome.status === 'failed' ? [outcome.reason] : []));
  const last = reasons.filter(({ kind }) => kind !== 'other-side').at(-1) ?? reasons.at(-1);
  return last?.message ?? 'too few rounds were measured';
}
