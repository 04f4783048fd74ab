/** The valid trials of one cell in a few figures. */

import { estimateOf, outliersAmong } from '../../stats/estimate.ts';
import { percentilesOf } from '../../stats/percentiles.ts';
import { jainIndex, mean, median, medianOrNull } from '../../stats/spread.ts';
import type { Measurement } from '../../store/schema.ts';
import type { Circumstances } from '../bottleneck/causes.ts';
import { cpusOfServer, impliedCapacity } from '../bottleneck/cpus.ts';
import { labelled } from '../bottleneck/limited-by.ts';
import type { CellResult } from '../schema/capacity.ts';
import { meanShares } from './figures.ts';

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
    cpuMsPerRequest: measurement.server.cpuMsPerRequest,
    peakBytes: measurement.memory.peakBytes,
    outlier: counted[i] === true && (outlying.next().value ?? false),
    limitedBy: labels[i] ?? label,
  }));
  return {
    requestsPerSec,
    shareOfLimit: limit === null ? null : requestsPerSec.point / limit.requestsPerSec,
    impliedCapacity: impliedOf(implied),
    latencyMs,
    cpuMsPerRequest: estimateOf(measurements.map(({ server }) => server.cpuMsPerRequest)),
    cpuByRole: cpuByRole(measurements),
    startUpMs: estimateOf(measurements.map(({ startUpMs }) => startUpMs)),
    memory: memoryOf(measurements),
    utilisation: {
      front: medianOrNull(measurements.map(({ server }) => server.front?.utilisation ?? null)),
      workers: median(measurements.map(({ server }) => mean(server.workers.map((one) => one.utilisation)))),
    },
    loopDelayP99Ms: {
      front: medianOrNull(measurements.map(({ server }) => server.front?.loopDelayP99Ms ?? null)),
      workers: medianOrNull(measurements.map(({ server }) => worst(server.workers.map((one) => one.loopDelayP99Ms)))),
    },
    contextSwitches: switchesOf(measurements),
    gcShare: median(measurements.map(({ server, windowMs }) => mean(server.workers.map((one) => one.gcMs)) / windowMs)),
    workerShares: meanShares(measurements),
    fairness: mean(measurements.map(({ server }) => jainIndex(server.workers.map(({ requests }) => requests)))),
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

function cpuByRole(measurements: readonly Measurement[]): CellResult['cpuByRole'] {
  const perRequest = (used: (measurement: Measurement) => number | null): number | null =>
    medianOrNull(
      measurements.map((one) => {
        const ms = used(one);
        // Server, generators and services are all over the window, so its requests are what they are shared out over.
        return ms === null ? null : ms / one.requests;
      }),
    );
  const front = ({ server }: Measurement): number | null => server.front?.cpuMs ?? null;
  const workers = ({ server }: Measurement): number | null => sumOrNull(server.workers.map(({ cpuMs }) => cpuMs));
  const generators = ({ generators }: Measurement): number => generators.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  return {
    front: perRequest(front),
    workers: perRequest(workers),
    helpers: perRequest((one) => {
      const [ofFront, ofWorkers] = [one.server.front === null ? 0 : front(one), workers(one)];
      if (ofFront === null || ofWorkers === null) return null;
      return Math.max(0, one.server.cpuMs - ofFront - ofWorkers);
    }),
    generators: median(measurements.map((one) => generators(one) / one.requests)),
    services: perRequest(({ services }) =>
      services === null || services.length === 0 ? null : sumOrNull(services.map(({ cpuMs }) => cpuMs)),
    ),
  };
}

function memoryOf(measurements: readonly Measurement[]): CellResult['memory'] {
  const idleBytes = medianOrNull(measurements.map(({ memory }) => memory.front?.idleBytes ?? null));
  const peakBytes = medianOrNull(measurements.map(({ memory }) => memory.front?.peakBytes ?? null));
  return {
    kind: measurements.every(({ memory }) => memory.kind === 'pss') ? 'pss' : 'rss',
    idleBytes: estimateOf(measurements.map(({ memory }) => memory.idleBytes)),
    peakBytes: estimateOf(measurements.map(({ memory }) => memory.peakBytes)),
    front: idleBytes === null || peakBytes === null ? null : { idleBytes, peakBytes },
  };
}

function switchesOf(measurements: readonly Measurement[]): CellResult['contextSwitches'] {
  const voluntary = medianOrNull(
    measurements.map(({ server, requests }) => perOrNull(server.contextSwitches?.voluntary, requests)),
  );
  const involuntary = medianOrNull(
    measurements.map(({ server, requests }) => perOrNull(server.contextSwitches?.involuntary, requests)),
  );
  return voluntary === null || involuntary === null ? null : { voluntary, involuntary };
}

function worst(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  return values.reduce((sum: number | null, value) => (sum === null || value === null ? null : sum + value), 0);
}

function perOrNull(count: number | undefined, requests: number): number | null {
  return count === undefined ? null : count / requests;
}
