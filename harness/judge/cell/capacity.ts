/** The valid trials of one cell in a few figures. */

import { estimateOf, outliersAmong } from '../../stats/estimate.ts';
import { percentilesOf } from '../../stats/percentiles.ts';
import type { Measurement } from '../../store/schema.ts';
import type { Circumstances } from '../bottleneck/causes.ts';
import { cpusOfServer, impliedCapacity } from '../bottleneck/cpus.ts';
import { labelled } from '../bottleneck/limited-by.ts';
import { metricsOver, trialFigures } from '../metrics/derived.ts';
import type { CellResult } from '../schema/capacity.ts';

/** A valid trial. */
export interface Valid {
  readonly round: number;
  readonly measurement: Measurement;
}

/** Of few, slow requests all may have been sent before the window. */
const NO_LATENCIES = { p50: null, p90: null, p99: null, p999: null, maxMs: null } as const;

/** null without a valid trial. */
export function resultOf(valid: readonly Valid[], circumstances: Circumstances): CellResult | null {
  const measurements = valid.map(({ measurement }) => measurement);
  // Under capacity load a request without a reply fails the trial, so there is none among these.
  const latencies = measurements.map(({ latencyHistogram }) => ({ histogram: latencyHistogram, unfinished: 0 }));
  const latencyMs = percentilesOf(latencies, null) ?? NO_LATENCIES;
  if (measurements.length === 0) return null;
  const { limit, available, placement } = circumstances;
  const cpus = cpusOfServer(placement, available);
  const implied = measurements.map((one) => impliedCapacity(one, cpus));
  const { label, labels, disturbed, counted } = labelled(measurements, circumstances);
  const counting = measurements.flatMap((one, i) => (counted[i] === true ? [one.requestsPerSec] : []));
  const outlying = outliersAmong(counting).values();
  const requestsPerSec = estimateOf(counting);
  const trials = valid.map(({ round, measurement }, i) => ({
    round,
    counted: counted[i] ?? true,
    steady: measurement.steady,
    disturbed: disturbed[i] ?? false,
    requestsPerSec: measurement.requestsPerSec,
    impliedPerSec: implied[i]?.requestsPerSec ?? 0,
    ...trialFigures(measurement),
    outlier: counted[i] === true && (outlying.next().value ?? false),
    limitedBy: labels[i] ?? label,
  }));
  return {
    requestsPerSec,
    shareOfLimit: limit === null ? null : requestsPerSec.point / limit.requestsPerSec,
    impliedCapacity: impliedOf(implied),
    latencyMs,
    ...metricsOver(measurements),
    limitedBy: label,
    trials,
  };
}

function impliedOf(implied: readonly ReturnType<typeof impliedCapacity>[]): CellResult['impliedCapacity'] {
  const requestsPerSec = estimateOf(implied.map((one) => one.requestsPerSec));
  const nearest = implied.toSorted(
    (a, b) => Math.abs(a.requestsPerSec - requestsPerSec.point) - Math.abs(b.requestsPerSec - requestsPerSec.point),
  );
  return { requestsPerSec, boundBy: nearest[0]?.boundBy ?? 'cpus' };
}

/** Whether every trial that counts was warm when its window began. */
export function isWarm({ trials }: Pick<CellResult, 'trials'>): boolean {
  return trials.every(({ counted, steady }) => steady || !counted);
}
