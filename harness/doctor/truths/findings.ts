/** Does the harness measure what is true? From the trials of servers whose figures are known to findings. Pure. */

import { limitedBy } from '../../judge/bottleneck/limited-by.ts';
import { measurementsOf } from '../../judge/cell/summary.ts';
import { mergeLatencies } from '../../stats/latency.ts';
import { median, medianOrNull } from '../../stats/spread.ts';
import type { Environment, Limit, Measurement, Trial } from '../../store/schema.ts';
import { type Finding, judged } from '../finding.ts';
import {
  BESIDE,
  DELAY_MS,
  DELAY_TOLERANCE_MS,
  type FaultName,
  faultNames,
  faults,
  SPIN_CAPACITY_PER_SEC,
  SPIN_CONNECTIONS,
  SPIN_MS,
  SPIN_TOLERANCE,
  type TruthName,
} from './known.ts';
import { openFindings } from './open-findings.ts';

/** All trials of each server, in the order in which they were run. */
export type TruthTrials = Readonly<Record<TruthName, readonly Trial[]>>;

const spinLimit: Limit = { kind: 'cpu', requestsPerSec: SPIN_CAPACITY_PER_SEC, cpus: 1, kernelCpuMs: SPIN_MS };

const DISTURBED = 'Something takes the CPU away for moments: end other programs and try again, or use another machine.';
const BUG = 'This is a bug of fourways: report it with the output of fourways doctor --format json.';

export function truthFindings(trials: TruthTrials, available: Environment['availableCpus']): readonly Finding[] {
  return [
    ...delayFindings(trials['fixed-delay']),
    ...spinFindings(trials['known-spin'], available),
    ...openFindings(trials),
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
    if (ms === null) return missed(name, 'too few replies to tell', truth);
    const right = Math.abs(ms - DELAY_MS) <= DELAY_TOLERANCE_MS;
    return judged(name, right ? 'ok' : 'unfit', `${ms.toFixed(2)} ms`, ms < DELAY_MS ? BUG : DISTURBED, truth);
  });
}

/** p50 is the median of trials. p99 takes the replies of all of them together: those of one trial are too few. */
function delayMs(measurements: readonly Measurement[], percentile: 'p50' | 'p99'): number | null {
  const histograms = measurements.map(({ latencyHistogram }) => latencyHistogram);
  if (percentile === 'p99') return mergeLatencies(histograms)?.p99 ?? null;
  return medianOrNull(histograms.map((one) => mergeLatencies([one])?.p50 ?? null));
}

function spinFindings(trials: readonly Trial[], available: Environment['availableCpus']): readonly Finding[] {
  const rate = spinFigure(trials, 'known spin, capacity', 'requests/s', SPIN_CAPACITY_PER_SEC, (m) => m.requestsPerSec);
  // The spin ends by the clock: a thread that others keep from its CPU has used less CPU time, at nearly the same rate.
  const cpu = spinFigure(trials, 'known spin, CPU time', 'ms/request', SPIN_MS, (m) => m.server.cpuMsPerRequest);
  const name = 'known spin, limited by';
  const failed = failure(trials);
  if (failed !== null) return [rate, cpu, missed(name, failed, 'workers')];
  const beside = { connections: SPIN_CONNECTIONS, available, placement: BESIDE, isDuet: false };
  const labels = measurementsOf(trials).map(
    (measurement) => limitedBy(measurement, { limit: spinLimit, ...beside }).by,
  );
  const wrong = labels.find((label) => label !== 'workers') ?? 'workers';
  // That the machine held a trial back is no mistake when it did.
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

/** A fault that was given the wrong name was seen, but a user would look in the wrong place. */
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

/** Why a trial has no figures, or null when all have. */
function failure(trials: readonly Trial[]): string | null {
  if (trials.length === 0) return 'not measured';
  for (const { outcome } of trials) if (outcome.status === 'failed') return `failed: ${outcome.reason.kind}`;
  return null;
}

function missed(name: string, value: string, truth: string): Finding {
  return judged(name, 'unfit', value, DISTURBED, truth);
}
