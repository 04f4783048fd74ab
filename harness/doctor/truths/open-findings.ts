/** Does the open loop tell the latency that is true? Pure, as `truth-findings.ts`. */
import { measurementsOf } from '../../judge/cell/summary.ts';
import { dueTimes } from '../../stats/arrivals.ts';
import { type LatencySummary, mergeLatencies } from '../../stats/latency.ts';
import { sojournTimes } from '../../stats/queue.ts';
import type { Measurement, Trial } from '../../store/schema.ts';
import { type Finding, judged } from '../finding.ts';
import {
  DELAY_MS,
  FREEZE_EVERY_MS,
  FREEZE_MS,
  OPEN_TOLERANCE,
  OPEN_TOLERANCE_MS,
  QUEUE_PER_SEC,
  QUEUE_SERVICE_MS,
  TRUTH_SEED,
} from './known.ts';

const DISTURBED = 'Something takes the CPU away for moments: end other programs and try again, or use another machine.';
const BUG = 'This is a bug of fourways: report it with the output of fourways doctor --format json.';

const SHARES = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;
type Name = keyof typeof SHARES;

/** Latencies that have one truth. */
interface Measured {
  readonly latency: LatencySummary | null;
  /** The percentile that is true, in milliseconds. */
  truth(share: number): number;
}

/** All trials of each server with an open loop. */
export type OpenTrials = Readonly<Record<'open-delay' | 'known-queue' | 'freezing', readonly Trial[]>>;

export function openFindings(trials: OpenTrials): readonly Finding[] {
  const { freezing } = trials;
  return [
    ...findings('open loop, fixed delay', ['p50', 'p99'], trials['open-delay'], [together(trials['open-delay'])]),
    ...findings('open loop, queue M/D/1', ['p50', 'p90', 'p99'], trials['known-queue'], queues(trials['known-queue'])),
    ...findings('open loop, freezing', ['p50', 'p90', 'p99'], freezing, [{ ...together(freezing), truth: frozen }]),
  ];
}

/** The middle one counts, by how far it is from its truth. */
function findings(
  what: string,
  names: readonly Name[],
  trials: readonly Trial[],
  measured: readonly Measured[],
): readonly Finding[] {
  return names.map((name) => {
    const title = `${what}, ${name}`;
    const failed = failure(trials);
    if (failed !== null) return judged(title, 'unfit', failed, DISTURBED);
    const compared = measured.flatMap(({ latency, truth }) => {
      const [ms, right] = [latency?.[name], truth(SHARES[name])];
      return ms === null || ms === undefined ? [] : [{ ms, right, offBy: Math.abs(ms - right) }];
    });
    const middle = compared.toSorted((a, b) => a.offBy - b.offBy)[Math.floor((compared.length - 1) / 2)];
    if (middle === undefined || compared.length < measured.length) {
      return judged(title, 'unfit', 'too few replies to tell', DISTURBED);
    }
    const { ms, right, offBy } = middle;
    const level = offBy <= Math.max(OPEN_TOLERANCE_MS, OPEN_TOLERANCE * right) ? 'ok' : 'unfit';
    const truth = `${right.toFixed(right < 100 ? 2 : 0)} ms`;
    return judged(title, level, `${ms.toFixed(2)} ms`, ms < right ? BUG : DISTURBED, truth);
  });
}

/** Where the truth is the same in all trials: a p99 takes more requests than one of them has. */
function together(trials: readonly Trial[]): Measured {
  const histograms = measurementsOf(trials).map(({ latencyHistogram }) => latencyHistogram);
  return { latency: mergeLatencies(histograms), truth: () => DELAY_MS };
}

/** The schedule is known from its seed, so the very queue that it made can be reckoned, and not one like it. */
function queues(trials: readonly Trial[]): readonly Measured[] {
  return measurementsOf(trials).map((measurement) => {
    const sojourns = sojournsOf(measurement);
    return {
      latency: mergeLatencies([measurement.latencyHistogram]),
      truth: (share) => sojourns[Math.max(0, Math.ceil(share * sojourns.length) - 1)] ?? 0,
    };
  });
}

/** Of the requests that were due within the window, in milliseconds, shortest first. */
function sojournsOf({ windowMs, open }: Measurement): readonly number[] {
  const fromMs = open?.windowOffsetMs ?? 0;
  const next = dueTimes({ kind: 'poisson', requestsPerSec: QUEUE_PER_SEC, index: 0, of: 1, seed: TRUTH_SEED });
  const due: number[] = [];
  for (let dueMs = next(); dueMs < fromMs + windowMs; dueMs = next()) due.push(dueMs);
  const sojourns = sojournTimes(due, QUEUE_SERVICE_MS);
  return [...sojourns].filter((_, i) => (due[i] ?? 0) >= fromMs).toSorted((a, b) => a - b);
}

/**
 * Requests come evenly. Those that come in a freeze wait for its end: at most all of it, and each time up to that as often
 * as any other. The rest wait for nothing.
 */
function frozen(share: number): number {
  const slow = FREEZE_MS / FREEZE_EVERY_MS;
  return FREEZE_MS * Math.max(0, 1 - (1 - share) / slow);
}

/** Why a trial has no figures, or null when all have. */
function failure(trials: readonly Trial[]): string | null {
  if (trials.length === 0) return 'not measured';
  for (const { outcome } of trials) if (outcome.status === 'failed') return `failed: ${outcome.reason.kind}`;
  return null;
}
