/** What happened over time around faults: the mean of the trials of a cell, aligned at the faults, and one trial by itself. */
import type { Fault } from '../../store/fault-schema.ts';
import type { Cell, FaultRecord, FaultTrial } from '../../store/schema.ts';
import { type BandCount, latencyAt, mergedBands, packedBands } from './latency-bands.ts';

/** Of one cell. Times are milliseconds from the first fault, in bins of `binMs` from `startMs` on, which is below 0. */
export interface FaultTrace extends Pick<Cell, 'model' | 'style' | 'workers'> {
  /** Id of the cell. */
  readonly cell: string;
  readonly fault: Fault;
  /** Whether workers that die are replaced. */
  readonly restarts: boolean;
  readonly trials: number;
  readonly binMs: number;
  readonly startMs: number;
  /** Per second, the mean over trials: requests that were due, good replies by when they came, requests without one by when they were due. */
  readonly duePerSec: readonly number[];
  readonly answeredPerSec: readonly number[];
  readonly lostPerSec: readonly number[];
  /** Of the good replies to requests due in each bin, all trials together; null without any. */
  readonly p50Ms: readonly (number | null)[];
  readonly p99Ms: readonly (number | null)[];
  /** The same by band of latency, packed (`unpackedBands`). */
  readonly bands: readonly (readonly number[])[];
  /** When each fault was put in, and of a reload when it was over: means over trials. */
  readonly faultsMs: readonly number[];
  readonly overMs: number | null;
  /** The trial with the median of lost requests. */
  readonly shown: ShownTrial;
}

/** One trial as it was recorded: whole requests in its own bins, of which the first begins `startMs` from the first fault. */
export interface ShownTrial {
  readonly round: number;
  readonly binMs: number;
  readonly startMs: number;
  readonly due: readonly number[];
  readonly answered: readonly number[];
  readonly lost: readonly number[];
  readonly faultsMs: readonly number[];
}

/** Bins are as narrow as fill a chart, and as wide as it takes for a percentile of each. */
const STEPS_MS = [50, 100, 200, 500, 1000, 2000, 5000];
const MOST_BINS = 160;
const FEWEST_REQUESTS = 20;

/** Null of a cell without faults, or without a valid trial. */
export function faultTraceOf(
  { id, model, style, workers, load }: Cell,
  trials: readonly FaultTrial[],
): FaultTrace | null {
  const valid = trials.flatMap(({ round, outcome }) => (outcome.status === 'ok' ? [{ round, ...outcome.record }] : []));
  const [first] = valid;
  if (load.kind !== 'fault' || first === undefined) return null;
  const binMs = binFor(valid, load.requestsPerSec);
  const time = alignedTime(valid, binMs);
  const sums = summed(valid, time);
  const covered = (counts: readonly number[]): number[] =>
    counts.map((count, i) => ((sums.coveredMs[i] ?? 0) > 0 ? (count * MS_PER_SEC) / (sums.coveredMs[i] ?? 1) : 0));
  const merged = sums.latencies.map((parts) => mergedBands(parts));
  const over = valid.flatMap(({ injected: [one] }) =>
    one === undefined || one.overMs === null ? [] : [one.overMs - one.atMs],
  );
  return {
    ...{ cell: id, model, style, workers, fault: load.fault, restarts: load.restarts },
    ...{ trials: valid.length, binMs, startMs: time.startMs },
    duePerSec: covered(sums.due),
    answeredPerSec: covered(sums.answered),
    lostPerSec: covered(sums.lost),
    p50Ms: merged.map((bands) => percentile(bands, 0.5)),
    p99Ms: merged.map((bands) => percentile(bands, 0.99)),
    bands: merged.map(packedAgain),
    faultsMs: time.faultsMs,
    overMs: over.length === 0 ? null : mean(over),
    shown: shownOf(valid),
  };
}

const MS_PER_SEC = 1000;

type Valid = FaultRecord & { readonly round: number };

/** Where bins are, and which moment of a trial belongs where. */
interface AlignedTime {
  readonly binMs: number;
  readonly startMs: number;
  readonly bins: number;
  readonly faultsMs: readonly number[];
  /** From the start of the window of a trial to the time from the first fault: what follows a fault keeps its distance from it. */
  at(trial: Valid, ms: number): number;
}

function binFor(trials: readonly Valid[], requestsPerSec: number): number {
  const windowMs = Math.max(...trials.map((trial) => trial.windowMs));
  const recordedMs = Math.max(...trials.map(({ trace }) => trace.binMs));
  const isEnough = (ms: number): boolean =>
    ms >= recordedMs &&
    windowMs / ms <= MOST_BINS &&
    (requestsPerSec * trials.length * ms) / MS_PER_SEC >= FEWEST_REQUESTS;
  // Wider ones would hide what happened.
  const most = Math.max(recordedMs, windowMs / FEWEST_BINS);
  return STEPS_MS.find((ms) => isEnough(ms) || ms * 2 > most) ?? recordedMs;
}

const FEWEST_BINS = 12;

/** Faults are put in at moments that differ from trial to trial: here each has one place, the mean, on the edge of a bin. */
function alignedTime(trials: readonly Valid[], binMs: number): AlignedTime {
  const toEdge = (ms: number): number => Math.round(ms / binMs) * binMs;
  const firstOf = ({ injected: [one] }: Valid): number => one?.atMs ?? 0;
  const times = Math.min(...trials.map(({ injected }) => injected.length));
  const faultsMs = Array.from({ length: times }, (_, nth) =>
    toEdge(mean(trials.map((trial) => (trial.injected[nth]?.atMs ?? 0) - firstOf(trial)))),
  );
  const last = faultsMs.length - 1;
  const startMs = -Math.floor(Math.min(...trials.map(firstOf)) / binMs) * binMs;
  const tails = trials.map(({ windowMs, injected }) => windowMs - (injected[last]?.atMs ?? windowMs));
  const endMs = (faultsMs[last] ?? 0) + Math.floor(Math.min(...tails) / binMs) * binMs;
  return {
    ...{ binMs, startMs, bins: Math.max(1, Math.round((endMs - startMs) / binMs)), faultsMs },
    at: ({ injected }, ms) => {
      const nth = Math.max(
        0,
        injected.slice(0, times).findLastIndex(({ atMs }) => atMs <= ms),
      );
      const at = (faultsMs[nth] ?? 0) + ms - (injected[nth]?.atMs ?? 0);
      // Where this trial had longer until the next fault than others, the rest has no place.
      return at >= (faultsMs[nth + 1] ?? Number.POSITIVE_INFINITY) ? Number.NaN : at;
    },
  };
}

/** Counts of all trials by aligned bin, and how many milliseconds of trials each bin covers. */
function summed(trials: readonly Valid[], time: AlignedTime) {
  const zeros = (): number[] => Array.from({ length: time.bins }, () => 0);
  const [coveredMs, due, answered, lost] = [zeros(), zeros(), zeros(), zeros()];
  const latencies: (readonly number[])[][] = zeros().map(() => []);
  for (const trial of trials) {
    const { trace } = trial;
    const lostByBin = lostIn(trace);
    for (const [bin, requests] of trace.due.entries()) {
      const fromMs = placeOf(trial, bin * trace.binMs, time);
      for (const { to, share } of partsOf(fromMs, trace.binMs, time)) {
        coveredMs[to] = (coveredMs[to] ?? 0) + share * trace.binMs;
        due[to] = (due[to] ?? 0) + share * requests;
        answered[to] = (answered[to] ?? 0) + share * (trace.answered[bin] ?? 0);
        lost[to] = (lost[to] ?? 0) + share * (lostByBin[bin] ?? 0);
      }
      latencies[binAt(fromMs + trace.binMs / 2, time)]?.push(trace.latencies[bin] ?? []);
    }
  }
  return { coveredMs, due, answered, lost, latencies };
}

/** Where a recorded bin begins. One in which a fault was put in begins with it: what it did must not be seen before. */
function placeOf(trial: Valid, ms: number, time: AlignedTime): number {
  const { trace, injected } = trial;
  const within = injected.find(({ atMs }) => atMs > ms && atMs < ms + trace.binMs);
  return time.at(trial, within?.atMs ?? ms);
}

function binAt(ms: number, { startMs, binMs }: AlignedTime): number {
  return Math.floor((ms - startMs) / binMs);
}

/** A recorded bin may lie in two: requests are taken to be spread evenly over it. */
function partsOf(
  fromMs: number,
  lengthMs: number,
  time: AlignedTime,
): { readonly to: number; readonly share: number }[] {
  if (Number.isNaN(fromMs)) return [];
  const [first, last] = [binAt(fromMs, time), binAt(fromMs + lengthMs, time)];
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const start = time.startMs + (first + i) * time.binMs;
    const within = Math.min(fromMs + lengthMs, start + time.binMs) - Math.max(fromMs, start);
    return { to: first + i, share: within / lengthMs };
  }).filter(({ to, share }) => to >= 0 && to < time.bins && share > 0);
}

/** Of all kinds, by bin. */
function lostIn({ due, lost }: FaultRecord['trace']): number[] {
  const counts = due.map(() => 0);
  for (const { bins } of lost) {
    for (let i = 0; i + 1 < bins.length; i += 2) {
      const bin = bins[i] ?? 0;
      counts[bin] = (counts[bin] ?? 0) + (bins[i + 1] ?? 0);
    }
  }
  return counts;
}

function percentile(bands: readonly BandCount[], share: number): number | null {
  return bands.length === 0 ? null : latencyAt(bands, share);
}

function packedAgain(bands: readonly BandCount[]): number[] {
  const counts: number[] = [];
  for (const { band, count } of bands) counts[band] = count;
  return packedBands(counts);
}

function shownOf(trials: readonly Valid[]): ShownTrial {
  const lostOf = ({ trace }: Valid): number => lostIn(trace).reduce((sum, count) => sum + count, 0);
  const sorted = trials.toSorted((a, b) => lostOf(a) - lostOf(b) || a.round - b.round);
  const trial = sorted[Math.floor((sorted.length - 1) / 2)] ?? sorted[0];
  if (trial === undefined) throw new Error('there is no trial');
  const { round, trace, injected } = trial;
  const firstMs = injected[0]?.atMs ?? 0;
  return {
    ...{ round, binMs: trace.binMs, startMs: -firstMs },
    ...{ due: trace.due, answered: trace.answered, lost: lostIn(trace) },
    faultsMs: injected.map(({ atMs }) => atMs - firstMs),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
