/** One trial with faults → what each of them did. Figures are of the generators' trace alone: they say what clients saw. */
import { stretchOf } from '../../stats/series/stretch.ts';
import type { FaultRecord } from '../../store/schema.ts';
import { bandOf, bandStartMs, unpackedBands } from '../traces/latency-bands.ts';

/** What a client saw of a request without a good reply. */
export type Loss = Pick<FaultRecord['trace']['lost'][number], 'kind' | 'status'>;

/** Requests of some time. */
export interface Counts {
  readonly due: number;
  readonly lost: number;
  readonly late: number;
  /** Lost ones by what clients saw, in the order of the trace. */
  readonly seen: readonly (Loss & { readonly count: number })[];
}

/** What one fault did, until the next or the end. */
export interface Aftermath extends Counts {
  readonly closedIdle: number;
  /** Longest time without a good reply, beyond the longest before the first fault. */
  readonly outageMs: number;
  /** Until requests were neither lost nor late; null where that was not before the next fault or the end. */
  readonly recoveryMs: number | null;
  /** To the next fault or the end: nothing can have lasted longer. */
  readonly restMs: number;
}

export interface FaultsOfTrial {
  readonly before: Counts;
  readonly each: readonly Aftermath[];
}

/** A good reply is late in a band so many above that of the p99 of before … */
const LATE_BANDS = 2;
/** … and from here on. */
const LATE_FROM_MS = 10;

export function faultsOf({ windowMs, trace, injected }: FaultRecord): FaultsOfTrial {
  const { binMs, due } = trace;
  const faultBins = injected.map(({ atMs }) => Math.min(due.length - 1, Math.floor(atMs / binMs)));
  const sound = trace.latencies.slice(0, faultBins[0]);
  const p99Band = bandOfShare(sound, 0.99);
  const lateFrom = Math.max(bandOf(LATE_FROM_MS), (p99Band ?? 0) + LATE_BANDS);
  const all = binsOf(trace, lateFrom);
  const underWay = Math.ceil(underWayMs(sound) / binMs);
  const starts = faultBins.map((bin, i) => {
    const last = faultBins[i - 1] ?? 0;
    return Math.max(last + Math.ceil((bin - last) / 2), bin - underWay);
  });
  const before = countsIn(all, trace, 0, starts[0] ?? 0);
  const usual = before.due === 0 ? 0 : (before.lost + before.late) / before.due;
  const usualGapMs = longestGapMs(trace, 0, faultBins[0] ?? 0);
  return {
    before,
    each: injected.map(({ atMs }, i): Aftermath => {
      const bin = faultBins[i] ?? 0;
      const end = starts[i + 1] ?? due.length;
      const restMs = (injected[i + 1]?.atMs ?? windowMs) - atMs;
      const bins = all.slice(bin, end).map(({ due: count, lost, late }) => ({ all: count, bad: lost + late }));
      const wrong = stretchOf(bins, usual);
      const recoveryMs = wrong === 0 ? 0 : (bin + wrong) * binMs - atMs;
      const gapMs = longestGapMs(trace, bin, faultBins[i + 1] ?? due.length);
      return {
        ...countsIn(all, trace, starts[i] ?? bin, end),
        closedIdle: countIn(trace.closedIdle, bin, faultBins[i + 1] ?? due.length),
        outageMs: Math.min(restMs, Math.max(0, gapMs - usualGapMs)),
        recoveryMs: wrong === bins.length ? null : Math.max(0, recoveryMs),
        restMs,
      };
    }),
  };
}

/** A request that was due so shortly before a fault may have been lost to it, */
const LEAST_UNDER_WAY_MS = 100;
/** and so may one that was due so many times the longest latency before. */
const UNDER_WAY = 2;

/** How long before a fault requests were due that it may have met, from the good replies of the time before it. */
export function underWayMs(sound: FaultRecord['trace']['latencies']): number {
  const longestMs = Math.max(0, ...sound.flatMap(unpackedBands).map(({ band }) => bandStartMs(band + 1)));
  return Math.max(LEAST_UNDER_WAY_MS, UNDER_WAY * longestMs);
}

/** What happened to the requests that were due in a bin. */
type BinCounts = Pick<Counts, 'due' | 'lost' | 'late'>;

function binsOf({ due, lost, latencies }: FaultRecord['trace'], lateFrom: number): readonly BinCounts[] {
  const lostIn = due.map(() => 0);
  for (const { bins } of lost) {
    for (const [bin, count] of pairs(bins)) lostIn[bin] = (lostIn[bin] ?? 0) + count;
  }
  return due.map((count, bin) => ({
    due: count,
    lost: lostIn[bin] ?? 0,
    late: unpackedBands(latencies[bin] ?? []).reduce((sum, one) => sum + (one.band >= lateFrom ? one.count : 0), 0),
  }));
}

function countsIn(bins: readonly BinCounts[], { lost }: FaultRecord['trace'], from: number, to: number): Counts {
  const own = bins.slice(from, to);
  const sum = (of: (bin: BinCounts) => number): number => own.reduce((total, bin) => total + of(bin), 0);
  return {
    due: sum((bin) => bin.due),
    lost: sum((bin) => bin.lost),
    late: sum((bin) => bin.late),
    seen: lost.map(({ kind, status, bins: counts }) => ({ kind, status, count: countIn(counts, from, to) })),
  };
}

function countIn(sparse: readonly number[], from: number, to: number): number {
  return pairs(sparse).reduce((sum, [bin, count]) => sum + (bin >= from && bin < to ? count : 0), 0);
}

/** Of a sparse list: bin and count. */
function pairs(sparse: readonly number[]): (readonly [bin: number, count: number])[] {
  return sparse.flatMap((bin, i) => (i % 2 === 0 ? [[bin, sparse[i + 1] ?? 0] as const] : []));
}

/** The band that a share of the good replies do not exceed; null without any. */
function bandOfShare(latencies: FaultRecord['trace']['latencies'], share: number): number | null {
  const counts = new Map<number, number>();
  let total = 0;
  for (const { band, count } of latencies.flatMap(unpackedBands)) {
    counts.set(band, (counts.get(band) ?? 0) + count);
    total += count;
  }
  let left = Math.ceil(share * total);
  for (const band of [...counts.keys()].toSorted((a, b) => a - b)) {
    left -= counts.get(band) ?? 0;
    if (left <= 0) return band;
  }
  return null;
}

/**
 * The longest time without a good reply from one bin to another: k bins without any lie between two replies that are k + 1 bins apart
 * on average. Shorter gaps than a bin are not seen.
 */
function longestGapMs({ answered, binMs }: FaultRecord['trace'], from: number, to: number): number {
  let [longest, empty] = [0, 0];
  for (let bin = from; bin < to; bin++) {
    empty = (answered[bin] ?? 0) === 0 ? empty + 1 : 0;
    longest = Math.max(longest, empty);
  }
  return longest === 0 ? 0 : (longest + 1) * binMs;
}
