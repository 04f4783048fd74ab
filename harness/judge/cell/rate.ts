/** The valid trials of one cell of an open loop in a few figures. */

import { estimateOf } from '../../stats/estimate.ts';
import { latenciesIn, mergeLatencies } from '../../stats/latency.ts';
import { percentilesOfSamples } from '../../stats/percentiles.ts';
import type { Circumstances } from '../bottleneck/causes.ts';
import {
  cellLabel,
  fellBehind,
  isServerLatency,
  lateText,
  limitedByOthers,
  rateLimitedBy,
} from '../bottleneck/limited-by.ts';
import { rateMetricsOver } from '../metrics/derived.ts';
import { isOpen, mergedSamples, type OpenMeasurement, ofClass, type RateSamples, rateSamplesOf } from '../samples.ts';
import type { RateResult } from '../schema/rate.ts';
import type { Valid } from './capacity.ts';

interface OpenTrial {
  readonly round: number;
  readonly measurement: OpenMeasurement;
  readonly samples: RateSamples;
}

/** null without a valid trial, or without a request in any of them. */
export function rateResultOf(valid: readonly Valid[], circumstances: Circumstances): RateResult | null {
  const open = valid.flatMap(({ round, measurement }): OpenTrial[] =>
    isOpen(measurement) ? [{ round, measurement, samples: rateSamplesOf(measurement) }] : [],
  );
  const measurements = open.map(({ measurement }) => measurement);
  const opens = measurements.map(({ open }) => open);
  const samples = open.map((trial) => trial.samples);
  const merged = mergedSamples(samples);
  const latency = percentilesOfSamples(
    samples.map((one) => one.latency),
    opens[0]?.timeoutMs ?? null,
    merged.latency,
  );
  const service = mergeLatencies(opens.map(({ serviceHistogram }) => serviceHistogram));
  const sendDelay = latenciesIn(merged.sendDelay);
  if (latency === null || service === null || sendDelay === null) return null;
  const trials = open.map(({ round, measurement, samples }) => {
    const own = latenciesIn(samples.latency);
    return {
      round,
      servedPerSec: measurement.requestsPerSec,
      p50Ms: own?.p50 ?? 0,
      p99Ms: own?.p99 ?? null,
      ofFirstClass: firstOf(samples),
      cpuMsPerRequest: measurement.server.cpuMsPerRequest,
      steady: measurement.steady,
      limitedBy: rateLimitedBy(measurement, circumstances, samples),
    };
  });
  const total = (of: (open: OpenMeasurement['open']) => number): number =>
    opens.reduce((sum, open) => sum + of(open), 0);
  return {
    requests: total(({ due }) => due),
    servedPerSec: estimateOf(measurements.map((one) => one.requestsPerSec)),
    keptUp: measurements.every(({ open, windowMs }) => fellBehind(open, windowMs) === null),
    latency,
    classes: classesOf(opens, samples, merged),
    serviceMs: { p50: service.p50, p99: service.p99 },
    sendDelayMs: { p50: sendDelay.p50, p99: sendDelay.p99 },
    unfinished: total(({ unfinished }) => unfinished),
    errors: total(({ errors }) => errors),
    connections: {
      most: Math.max(...opens.map(({ connections }) => connections.most)),
      waited: total(({ connections }) => connections.waited),
    },
    backlog: {
      start: Math.max(...opens.map(({ backlog }) => backlog.start)),
      end: Math.max(...opens.map(({ backlog }) => backlog.end)),
    },
    ...rateMetricsOver(measurements),
    limitedBy: labelOf(measurements, merged, circumstances),
    trials,
  };
}

/** One that lies among the requests without a reply is not known. */
function firstOf({ latency, classes }: RateSamples): RateResult['trials'][number]['ofFirstClass'] {
  const samples = classes[0]?.latency ?? latency;
  const own = latenciesIn(samples);
  const isKnown = (share: number): boolean => samples.unfinished <= (1 - share) * samples.total;
  return { p50Ms: isKnown(0.5) ? (own?.p50 ?? null) : null, p99Ms: isKnown(0.99) ? (own?.p99 ?? null) : null };
}

/** A single trial may have too few requests to show that its generator was late; all of them together show it. */
function labelOf(
  measurements: readonly OpenMeasurement[],
  merged: RateSamples,
  circumstances: Circumstances,
): RateResult['limitedBy'] {
  const label = cellLabel(
    measurements.map((measurement) => limitedByOthers(measurement, circumstances)),
    isServerLatency,
  );
  if (!isServerLatency(label)) return label;
  const evidence = lateText(merged);
  return evidence === null ? label : { by: 'generator', evidence };
}

/** By class, where there are several. A class without a single request is left out. */
function classesOf(
  opens: readonly OpenMeasurement['open'][],
  samples: readonly RateSamples[],
  merged: RateSamples,
): RateResult['classes'] {
  if (merged.classes.length < 2) return [];
  return merged.classes.flatMap(({ name, latency: all }) => {
    const own = opens.flatMap(({ classes }) => classes.filter((one) => one.name === name));
    const latency = percentilesOfSamples(ofClass(samples, name), opens[0]?.timeoutMs ?? null, all);
    if (latency === null) return [];
    return [{ name, requests: own.reduce((sum, { due }) => sum + due, 0), unfinished: all.unfinished, latency }];
  });
}
