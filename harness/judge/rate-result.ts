/** The valid trials of one cell of an open loop in a few figures. */

import { estimateOf } from '../stats/estimate.ts';
import { mergeLatencies } from '../stats/latency.ts';
import { type Percentiles, percentilesOf } from '../stats/percentiles.ts';
import { jainIndex, mean, median, medianOrNull } from '../stats/spread.ts';
import type { Measurement } from '../store/schema.ts';
import type { Circumstances } from './causes.ts';
import { cellLabel, meanShares } from './cell-figures.ts';
import type { Valid } from './cell-result.ts';
import { fellBehind } from './fell-behind.ts';
import { isServers, lateText, limitedByOthers, rateLimitedBy } from './rate-limited-by.ts';
import type { RateResult } from './rate-schema.ts';

/** A measurement of an open loop. */
interface OpenMeasurement extends Measurement {
  readonly open: NonNullable<Measurement['open']>;
}

/** null without a valid trial, or without a request in any of them. */
export function rateResultOf(valid: readonly Valid[], circumstances: Circumstances): RateResult | null {
  const measurements = valid.flatMap(({ measurement }) => (isOpen(measurement) ? [measurement] : []));
  const opens = measurements.map(({ open }) => open);
  const latency = latencyOf(measurements);
  const serviceMs = briefly(opens.map(({ serviceHistogram }) => serviceHistogram));
  const sendDelayMs = briefly(opens.map(({ sendDelayHistogram }) => sendDelayHistogram));
  if (latency === null || serviceMs === null || sendDelayMs === null) return null;
  const trials = valid.map(({ round, measurement }) => {
    const own = briefly([measurement.latencyHistogram]);
    return {
      round,
      servedPerSec: measurement.requestsPerSec,
      p50Ms: own?.p50 ?? 0,
      p99Ms: own?.p99 ?? null,
      limitedBy: rateLimitedBy(measurement, circumstances),
    };
  });
  const total = (of: (open: OpenMeasurement['open']) => number): number =>
    opens.reduce((sum, open) => sum + of(open), 0);
  const servers = measurements.map(({ server }) => server);
  return {
    requests: total(({ due }) => due),
    servedPerSec: estimateOf(measurements.map((one) => one.requestsPerSec)),
    keptUp: measurements.every(({ open, windowMs }) => fellBehind(open, windowMs) === null),
    latency,
    classes: classesOf(opens),
    serviceMs,
    sendDelayMs,
    unfinished: total(({ unfinished }) => unfinished),
    errors: total(({ errors }) => errors),
    connections: {
      most: Math.max(...opens.map(({ connections }) => connections.most)),
      waited: total(({ connections }) => connections.waited),
    },
    cpuMsPerRequest: estimateOf(servers.map(({ cpuMsPerRequest }) => cpuMsPerRequest)),
    utilisation: {
      front: medianOrNull(servers.map(({ front }) => front?.utilisation ?? null)),
      workers: median(servers.map(({ workers }) => mean(workers.map(({ utilisation }) => utilisation)))),
    },
    workerShares: meanShares(measurements),
    fairness: mean(servers.map(({ workers }) => jainIndex(workers.map(({ requests }) => requests)))),
    limitedBy: labelOf(measurements, circumstances),
    trials,
  };
}

/** A single trial may have too few requests to show that its generator was late; all of them together show it. */
function labelOf(measurements: readonly OpenMeasurement[], circumstances: Circumstances): RateResult['limitedBy'] {
  const label = cellLabel(
    measurements.map((measurement) => limitedByOthers(measurement, circumstances)),
    isServers,
  );
  if (!isServers(label)) return label;
  const names = measurements[0]?.open.classes.map(({ name }) => name) ?? [];
  const byClass = names.map((name) =>
    measurements.flatMap(({ open }) =>
      open.classes.filter((one) => one.name === name).map(({ latencyHistogram }) => latencyHistogram),
    ),
  );
  const all = [measurements.map(({ latencyHistogram }) => latencyHistogram)];
  const delays = measurements.map(({ open }) => open.sendDelayHistogram);
  const evidence = lateText(byClass.length > 0 ? byClass : all, delays);
  return evidence === null ? label : { by: 'generator', evidence };
}

function isOpen(measurement: Measurement): measurement is OpenMeasurement {
  return measurement.open !== null;
}

function latencyOf(measurements: readonly OpenMeasurement[]): Percentiles | null {
  const [first] = measurements;
  if (first === undefined) return null;
  const trials = measurements.map(({ latencyHistogram, open: { unfinished } }) => ({
    histogram: latencyHistogram,
    unfinished,
  }));
  return percentilesOf(trials, first.open.timeoutMs);
}

/** By class, where there are several. A class without a single request is left out. */
function classesOf(opens: readonly OpenMeasurement['open'][]): RateResult['classes'] {
  const names = opens[0]?.classes.map(({ name }) => name) ?? [];
  if (names.length < 2) return [];
  return names.flatMap((name) => {
    const own = opens.flatMap(({ classes }) => classes.filter((one) => one.name === name));
    const latency = percentilesOf(
      own.map(({ latencyHistogram, unfinished }) => ({ histogram: latencyHistogram, unfinished })),
      opens[0]?.timeoutMs ?? null,
    );
    if (latency === null) return [];
    const sum = (of: (one: (typeof own)[number]) => number): number => own.reduce((total, one) => total + of(one), 0);
    return [{ name, requests: sum(({ due }) => due), unfinished: sum(({ unfinished }) => unfinished), latency }];
  });
}

function briefly(histograms: readonly string[]): { readonly p50: number; readonly p99: number | null } | null {
  const merged = mergeLatencies(histograms);
  return merged === null ? null : { p50: merged.p50, p99: merged.p99 };
}
