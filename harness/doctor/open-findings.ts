/** Does the open loop tell the latency that is true? Pure, as `truth-findings.ts`. */

import { measurementsOf } from '../judge/cell-summary.ts';
import { dueTimes } from '../stats/arrivals.ts';
import { mergeLatencies } from '../stats/latency.ts';
import { sojournTimes } from '../stats/queue.ts';
import type { Measurement, Trial } from '../store/schema.ts';
import { type Finding, judged } from './finding.ts';
import {
  DELAY_MS,
  FREEZE_EVERY_MS,
  FREEZE_MS,
  OPEN_TOLERANCE,
  OPEN_TOLERANCE_MS,
  QUEUE_PER_SEC,
  QUEUE_SERVICE_MS,
  TRUTH_SEED,
} from './known-truths.ts';

const DISTURBED = 'Something takes the CPU away for moments: end other programs and try again, or use another machine.';
const BUG = 'This is a bug of fourways: report it with the output of fourways doctor --format json.';

const SHARES = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;
type Name = keyof typeof SHARES;

/** What a percentile truly is, in milliseconds, in a given trial. */
type Truth = (measurement: Measurement, share: number) => number;

export function openFindings(
  trials: Readonly<Record<'open-delay' | 'known-queue' | 'freezing', readonly Trial[]>>,
): readonly Finding[] {
  return [
    ...findings('open loop, fixed delay', ['p50', 'p99'], trials['open-delay'], () => DELAY_MS),
    ...findings('open loop, queue M/D/1', ['p50', 'p90', 'p99'], trials['known-queue'], queued),
    ...findings('open loop, freezing', ['p50', 'p90', 'p99'], trials.freezing, (_, share) => frozen(share)),
  ];
}

/** The middle one of the trials counts, by how far it is from its truth. */
function findings(what: string, names: readonly Name[], trials: readonly Trial[], truthOf: Truth): readonly Finding[] {
  const measurements = measurementsOf(trials);
  return names.map((name) => {
    const title = `${what}, ${name}`;
    const compared = measurements.flatMap((measurement) => {
      const ms = mergeLatencies([measurement.latencyHistogram])?.[name];
      const truth = truthOf(measurement, SHARES[name]);
      return ms === null || ms === undefined ? [] : [{ ms, truth, offBy: Math.abs(ms - truth) }];
    });
    const middle = compared.toSorted((a, b) => a.offBy - b.offBy)[Math.floor((compared.length - 1) / 2)];
    if (middle === undefined || compared.length < trials.length) {
      return judged(title, 'unfit', failure(trials), DISTURBED);
    }
    const { ms, truth, offBy } = middle;
    const right = offBy <= Math.max(OPEN_TOLERANCE_MS, OPEN_TOLERANCE * truth);
    const step = ms < truth ? BUG : DISTURBED;
    return judged(title, right ? 'ok' : 'unfit', `${ms.toFixed(2)} ms`, step, `${truth.toFixed(2)} ms`);
  });
}

/** The schedule is known from its seed, so the very queue that it made can be reckoned, and not one like it. */
function queued({ windowMs, open }: Measurement, share: number): number {
  const fromMs = open?.windowOffsetMs ?? 0;
  const untilMs = fromMs + windowMs;
  const next = dueTimes({ kind: 'poisson', requestsPerSec: QUEUE_PER_SEC, index: 0, of: 1, seed: TRUTH_SEED });
  const due: number[] = [];
  for (let dueMs = next(); dueMs < untilMs; dueMs = next()) due.push(dueMs);
  const inWindow = [...sojournTimes(due, QUEUE_SERVICE_MS)].filter((_, i) => (due[i] ?? 0) >= fromMs);
  const sorted = inWindow.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/**
 * Requests come evenly. Those that come in a freeze wait for its end, at most all of it, each as often as any other time;
 * the others wait for nothing.
 */
function frozen(share: number): number {
  const slow = FREEZE_MS / FREEZE_EVERY_MS;
  return FREEZE_MS * Math.max(0, 1 - (1 - share) / slow);
}

function failure(trials: readonly Trial[]): string {
  if (trials.length === 0) return 'not measured';
  for (const { outcome } of trials) if (outcome.status === 'failed') return `failed: ${outcome.reason.kind}`;
  return 'too few replies to tell';
}
