/** What a trial that nobody measured recorded: latencies with a long tail, and a server that was the limit. */
import { encoded, latencyHistogram, recordMs } from '../stats/latency.ts';
import type { Cell, Measurement } from '../store/schema.ts';

type Random = () => number;
type Open = NonNullable<Measurement['open']>;

/** Different trials of one cell; the encoding of histograms is what takes the time. */
const VARIANTS = 5;
const BIN_MS = 100;
const WARM_UP_BINS = 18;
const CAPACITY_MS = 2000;
const RATE_MS = 2000;
const TIMEOUT_MS = 10_000;
/** Of latencies and of rates from trial to trial, as standard deviations of logarithms. */
const SIGMA = 0.6;
const NOISE = 0.02;

/** A source of trials of this cell, whose model serves `capacity` requests per second. */
export function recordings(
  cell: Cell,
  random: Random,
  capacity: number,
  classes: readonly string[],
): () => Measurement {
  const variants = new Map<number, Measurement>();
  return () => {
    const which = Math.floor(random() * VARIANTS);
    const variant = variants.get(which) ?? recorded(cell, random, capacity, classes);
    variants.set(which, variant);
    return noisy(variant, random);
  };
}

/** The same trial, with figures that are its own. */
function noisy(measurement: Measurement, random: Random): Measurement {
  const factor = Math.exp(NOISE * normal(random));
  return {
    ...measurement,
    requestsPerSec: measurement.requestsPerSec * (measurement.open === null ? factor : 1),
    startUpMs: (measurement.startUpMs ?? 80) * Math.exp(5 * NOISE * normal(random)),
    memory: { ...measurement.memory, peakBytes: Math.round(measurement.memory.peakBytes * factor) },
    server: { ...measurement.server, cpuMsPerRequest: measurement.server.cpuMsPerRequest / factor },
  };
}

function recorded(cell: Cell, random: Random, capacity: number, classes: readonly string[]): Measurement {
  const { load } = cell;
  const isOpen = load.kind === 'rate';
  const windowMs = isOpen ? RATE_MS : CAPACITY_MS;
  const perSec = isOpen ? load.requestsPerSec : capacity;
  const busy = Math.min(0.99, perSec / capacity);
  // Little's law at capacity; at a rate, the longer the nearer to the capacity.
  const medianMs = isOpen ? 500 / capacity / (1 - 0.9 * busy) + 0.3 : (1000 * cell.connections) / capacity;
  const parts = classes.map((name, i) => {
    const requests = Math.max(1, Math.round((perSec * windowMs * (i === 0 ? 1 : 0.05)) / 1000));
    return { name, latenciesUs: logNormal(requests, 1000 * medianMs * (1 + 4 * i), random) };
  });
  const all = parts.flatMap(({ latenciesUs }) => latenciesUs);
  const requests = all.length;
  const count = cell.workers ?? 1;
  const cpuMs = count * windowMs * busy;
  const perWorker = splitEvenly(requests, count);
  const loop = {
    utilisation: busy,
    cpuMs: cpuMs / count,
    queuedMs: 1,
    loopDelayP99Ms: 1.5,
    gcMs: 12,
    waiting: 0,
  };
  const hasFront = cell.style === 'offload';
  return {
    startUpMs: 80,
    windowMs,
    requests,
    requestsPerSec: (requests * 1000) / windowMs,
    latencyHistogram: histogram(all),
    mix: [],
    latencySlices: null,
    longestGapMs: 10,
    lost: null,
    compared: 1000,
    strangers: 0,
    steady: true,
    timeline: {
      binMs: BIN_MS,
      completions: timeline(perSec, WARM_UP_BINS + windowMs / BIN_MS + 2, random),
      windowStartMs: WARM_UP_BINS * BIN_MS + 30,
    },
    server: {
      ...{ cpuMs, userMs: 0.9 * cpuMs, systemMs: 0.1 * cpuMs, cpuMsPerRequest: cpuMs / requests },
      contextSwitches: { voluntary: 500, involuntary: 20 },
      front: hasFront ? { ...loop, utilisation: 0.3, cpuMs: 0.3 * windowMs, requests: 0 } : null,
      workers: perWorker.map((own, id) => ({ ...loop, id, requests: own })),
      busiestThread: busy,
      threadPools: null,
    },
    generators: [{ connections: cell.connections, requests, cpuMs: 0.2 * windowMs, utilisation: 0.2 }],
    services: [],
    harnessCpuMs: 5,
    machine: { cpus: 8, idle: 0.5, steal: 0 },
    serverCpus: { cpus: 4, idle: Math.max(0, 1 - cpuMs / windowMs / 4), steal: 0 },
    memory: {
      kind: 'pss',
      idleBytes: count * 30 * 2 ** 20,
      peakBytes: count * 45 * 2 ** 20,
      front: hasFront ? { idleBytes: 25 * 2 ** 20, peakBytes: 32 * 2 ** 20 } : null,
    },
    open: isOpen ? openOf(parts, all, random) : null,
  };
}

function openOf(
  parts: readonly { readonly name: string; readonly latenciesUs: readonly number[] }[],
  all: readonly number[],
  random: Random,
): Open {
  return {
    windowOffsetMs: 300,
    due: all.length,
    serviceHistogram: histogram(all.map((us) => 0.9 * us)),
    sendDelayHistogram: histogram(logNormal(all.length, 40, random)),
    classes: parts.map(({ name, latenciesUs }) => ({
      name,
      due: latenciesUs.length,
      latencyHistogram: histogram(latenciesUs),
      unfinished: 0,
    })),
    unfinished: 0,
    timeoutMs: TIMEOUT_MS,
    errors: 0,
    backlog: { start: 3, end: 3 },
    connections: { most: 64, waited: 0 },
  };
}

function histogram(latenciesUs: readonly number[]): string {
  const all = latencyHistogram();
  for (const us of latenciesUs) recordMs(all, us / 1000);
  return encoded(all);
}

function logNormal(count: number, median: number, random: Random): number[] {
  return Array.from({ length: count }, () => median * Math.exp(SIGMA * normal(random)));
}

/** A warm-up that takes half a second, and then what the server does. */
function timeline(perSec: number, bins: number, random: Random): number[] {
  return Array.from({ length: bins }, (_, bin) => {
    const warm = 1 - 0.6 * Math.exp(-bin / 5);
    return Math.round((perSec * BIN_MS * warm * Math.exp(NOISE * normal(random))) / 1000);
  });
}

function splitEvenly(total: number, parts: number): number[] {
  return Array.from({ length: parts }, (_, i) => Math.floor((total + i) / parts));
}

/** Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
