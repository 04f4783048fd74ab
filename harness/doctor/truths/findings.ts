/** Does the harness measure what is true? Findings from the trials of servers whose figures are known. Pure. */
import { limitedBy } from '../../judge/bottleneck/limited-by.ts';
import { measurementsOf } from '../../judge/cell/summary.ts';
import { dueTimes } from '../../stats/arrivals.ts';
import { type LatencySummary, mergeLatencies } from '../../stats/latency.ts';
import { median, medianOrNull } from '../../stats/spread.ts';
import type { Environment, Limit, Measurement, Trial } from '../../store/schema.ts';
import { type Finding, judged } from '../finding.ts';
import {
  BESIDE,
  DELAY_MS,
  DELAY_TOLERANCE_MS,
  type FaultName,
  FREEZE_EVERY_MS,
  FREEZE_MS,
  faultNames,
  faults,
  OPEN_TOLERANCE,
  OPEN_TOLERANCE_MS,
  QUEUE_PER_SEC,
  QUEUE_SERVICE_MS,
  SPIN_CAPACITY_PER_SEC,
  SPIN_CONNECTIONS,
  SPIN_MS,
  SPIN_TOLERANCE,
  TRUTH_SEED,
  type TruthName,
} from './known.ts';
import { sojournTimes } from './queue.ts';

/** All trials of each server, in the order in which they were run. */
export type TruthTrials = Readonly<Record<TruthName, readonly Trial[]>>;

/** What to do where a figure may be wrong because the machine was. */
export const DISTURBED =
  'The measurement loses CPU time at moments: end other programs and try again, or use another machine.';
const BUG = 'This is a bug of fourways: report it with the output of fourways doctor --format json.';
const TOO_FEW = 'too few replies to tell';

export function truthFindings(trials: TruthTrials, available: Environment['availableCpus']): readonly Finding[] {
  const { freezing } = trials;
  const delay = [ofAll(trials['open-delay'], () => DELAY_MS)];
  return [
    ...delayFindings(trials['fixed-delay']),
    ...spinFindings(trials['known-spin'], available),
    ...openFindings('open loop, fixed delay', ['p50', 'p99'], trials['open-delay'], delay),
    ...openFindings(
      'open loop, queue M/D/1',
      ['p50', 'p90', 'p99'],
      trials['known-queue'],
      queues(trials['known-queue']),
    ),
    ...openFindings('open loop, freezing', ['p50', 'p90', 'p99'], freezing, [ofAll(freezing, frozenMs)]),
    ...faultNames.map((name) => faultFinding(name, trials[name])),
    controlFinding(trials.healthy),
  ];
}

function delayFindings(trials: readonly Trial[]): readonly Finding[] {
  const truth = `${DELAY_MS} ms`;
  return (['p50', 'p99'] as const).map((percentile) => {
    const name = `fixed delay, ${percentile}`;
    const failed = failure(trials);
    if (failed !== null) return missed(name, failed, truth);
    const ms = delayMs(measurementsOf(trials), percentile);
    if (ms === null) return missed(name, TOO_FEW, truth);
    const right = Math.abs(ms - DELAY_MS) <= DELAY_TOLERANCE_MS;
    return judged(name, right ? 'ok' : 'unfit', `${ms.toFixed(2)} ms`, ms < DELAY_MS ? BUG : DISTURBED, truth);
  });
}

/** p50 is the median of the trials. p99 is that of all replies together: those of one trial are too few. */
function delayMs(measurements: readonly Measurement[], percentile: 'p50' | 'p99'): number | null {
  const histograms = measurements.map(({ latencyHistogram }) => latencyHistogram);
  if (percentile === 'p99') return mergeLatencies(histograms)?.p99 ?? null;
  return medianOrNull(histograms.map((one) => mergeLatencies([one])?.p50 ?? null));
}

const spinLimit: Limit = { kind: 'cpu', requestsPerSec: SPIN_CAPACITY_PER_SEC, cpus: 1, kernelCpuMs: SPIN_MS };

function spinFindings(trials: readonly Trial[], available: Environment['availableCpus']): readonly Finding[] {
  const rate = spinFigure(trials, 'known spin, capacity', 'requests/s', SPIN_CAPACITY_PER_SEC, (m) => m.requestsPerSec);
  // The spin ends by the clock: a thread that is kept off its CPU uses less CPU time, at nearly the same rate.
  const cpu = spinFigure(trials, 'known spin, CPU time', 'ms/request', SPIN_MS, (m) => m.server.cpuMsPerRequest);
  const name = 'known spin, limited by';
  const failed = failure(trials);
  if (failed !== null) return [rate, cpu, missed(name, failed, 'workers')];
  const beside = { connections: SPIN_CONNECTIONS, available, placement: BESIDE, isDuet: false };
  const labels = measurementsOf(trials).map(
    (measurement) => limitedBy(measurement, { limit: spinLimit, ...beside }).by,
  );
  const wrong = labels.find((label) => label !== 'workers') ?? 'workers';
  // The machine may really have been the limit of a trial.
  const level = wrong === 'workers' ? 'ok' : wrong === 'machine' ? 'caution' : 'unfit';
  return [rate, cpu, judged(name, level, wrong, wrong === 'machine' ? DISTURBED : BUG, 'workers')];
}

function spinFigure(
  trials: readonly Trial[],
  name: string,
  unit: string,
  truth: number,
  figureOf: (measurement: Measurement) => number,
): Finding {
  const truthText = `${truth} ${unit}`;
  const failed = failure(trials);
  if (failed !== null) return missed(name, failed, truthText);
  const value = median(measurementsOf(trials).map(figureOf));
  const right = Math.abs(value / truth - 1) <= SPIN_TOLERANCE;
  return judged(name, right ? 'ok' : 'unfit', `${value.toFixed(2)} ${unit}`, DISTURBED, truthText);
}

/** The latencies of one or more trials that have the same truth. */
interface Measured {
  readonly latency: LatencySummary | null;
  /** The true percentile, in milliseconds. */
  truth(share: number): number;
}

const SHARES = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

/** Of several, the one with the median distance from its truth counts. */
function openFindings(
  what: string,
  names: readonly (keyof typeof SHARES)[],
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
    if (middle === undefined || compared.length < measured.length) return judged(title, 'unfit', TOO_FEW, DISTURBED);
    const { ms, right, offBy } = middle;
    const level = offBy <= Math.max(OPEN_TOLERANCE_MS, OPEN_TOLERANCE * right) ? 'ok' : 'unfit';
    const truth = `${right.toFixed(right < 100 ? 2 : 0)} ms`;
    return judged(title, level, `${ms.toFixed(2)} ms`, ms < right ? BUG : DISTURBED, truth);
  });
}

/** All trials together, because a p99 takes more requests than one of them has. */
function ofAll(trials: readonly Trial[], truth: Measured['truth']): Measured {
  const histograms = measurementsOf(trials).map(({ latencyHistogram }) => latencyHistogram);
  return { latency: mergeLatencies(histograms), truth };
}

/** The schedule follows from its seed, so the truth can be computed for the very queue that it made. */
function queues(trials: readonly Trial[]): readonly Measured[] {
  return measurementsOf(trials).map((measurement) => {
    const sojourns = sojournsOf(measurement);
    return {
      latency: mergeLatencies([measurement.latencyHistogram]),
      truth: (share) => sojourns[Math.max(0, Math.ceil(share * sojourns.length) - 1)] ?? 0,
    };
  });
}

/** Time in the system of the requests that were due within the window, in milliseconds, ascending. */
function sojournsOf({ windowMs, open }: Measurement): readonly number[] {
  const fromMs = open?.windowOffsetMs ?? 0;
  const next = dueTimes({ kind: 'poisson', requestsPerSec: QUEUE_PER_SEC, index: 0, of: 1, seed: TRUTH_SEED });
  const due: number[] = [];
  for (let dueMs = next(); dueMs < fromMs + windowMs; dueMs = next()) due.push(dueMs);
  const sojourns = sojournTimes(due, QUEUE_SERVICE_MS);
  return [...sojourns].filter((_, i) => (due[i] ?? 0) >= fromMs).toSorted((a, b) => a - b);
}

/**
 * Arrivals are evenly spaced. Those within a freeze wait for its end, which is uniform between nothing and all of it. The
 * others do not wait.
 */
function frozenMs(share: number): number {
  const slow = FREEZE_MS / FREEZE_EVERY_MS;
  return FREEZE_MS * Math.max(0, 1 - (1 - share) / slow);
}

/** A fault that is reported as another one was noticed, but a user would look in the wrong place. */
function faultFinding(name: FaultName, trials: readonly Trial[]): Finding {
  const { summary, kind } = faults[name];
  const found = trials.map(({ outcome }) => (outcome.status === 'ok' ? null : outcome.reason.kind));
  const other = found.find((one) => one !== kind);
  const value = other === undefined ? `caught: ${kind}` : other === null ? 'not noticed' : `named ${other}`;
  const right = found.length > 0 && other === undefined;
  return judged(summary, right ? 'ok' : 'unfit', value, other === 'not-ready' ? DISTURBED : BUG, kind);
}

function controlFinding(trials: readonly Trial[]): Finding {
  const failed = failure(trials);
  const level = failed === null ? 'ok' : 'unfit';
  return judged('the same without a fault', level, failed ?? 'measured', DISTURBED, 'measured');
}

/** Why a trial has no figures; null when all have some. */
function failure(trials: readonly Trial[]): string | null {
  if (trials.length === 0) return 'not measured';
  for (const { outcome } of trials) if (outcome.status === 'failed') return `failed: ${outcome.reason.kind}`;
  return null;
}

function missed(name: string, value: string, truth: string): Finding {
  return judged(name, 'unfit', value, DISTURBED, truth);
}
