/** Latencies over the trials of a cell, from histograms that are merged and never averaged. */
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { type Distribution, distributionOf, mergedDistribution } from './distribution.ts';

export interface LatencySummary {
  readonly p50: number;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number;
}

/**
 * Samples that must lie beyond a percentile for it to be told: p99 takes 500 and p99.9 takes 5,000. With fewer, a single
 * slow request decides.
 */
export const SAMPLES_BEYOND = 5;
const US_PER_MS = 1000;

/** Whether so many samples support a percentile, given in thousandths because 1 - 0.999 is not quite a thousandth. */
export function isSupported(samples: number, perMille: number): boolean {
  return samples * (1000 - perMille) >= SAMPLES_BEYOND * 1000;
}

/**
 * Merges histograms in microseconds (HdrHistogram V2, compressed, base64) and reads percentiles in milliseconds.
 * A percentile without enough samples beyond it is null; null altogether without a single sample.
 */
export function mergeLatencies(histograms: readonly string[]): LatencySummary | null {
  return latenciesIn(mergedDistribution(histograms.map(distributionOf)));
}

/** The same of a histogram that has been read. */
export function latenciesIn({ total, atRank }: Distribution): LatencySummary | null {
  if (total === 0) return null;
  const at = (perMille: number): number => atRank(Math.ceil((total * perMille) / 1000)) / US_PER_MS;
  const tail = (perMille: number): number | null => (isSupported(total, perMille) ? at(perMille) : null);
  return { p50: at(500), p90: tail(900), p99: tail(990), p999: tail(999), max: atRank(total) / US_PER_MS };
}

/** Adds histograms up into one of the same form. A single one is returned as it is. */
export function mergeHistograms(histograms: readonly string[]): string {
  const [only] = histograms;
  return histograms.length === 1 && only !== undefined ? only : encodeIntoCompressedBase64(addedUp(histograms));
}

/** The samples of all histograms in one. */
export function addedUp(histograms: readonly string[]): Histogram {
  const sum = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 2,
    autoResize: true,
    numberOfSignificantValueDigits: 3,
  });
  for (const text of histograms) sum.add(decodeFromCompressedBase64(text));
  return sum;
}

/** One hour in microseconds: longer than any time-out. */
const HIGHEST_US = 3_600_000_000;

/** HDR histogram in microseconds with three digits, in which generators record, so that those of several can be added up. */
export type LatencyHistogram = Histogram;

export function latencyHistogram(): LatencyHistogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: HIGHEST_US, numberOfSignificantValueDigits: 3 });
}

export function recordMs(histogram: LatencyHistogram, ms: number): void {
  histogram.recordValue(Math.max(1, Math.round(ms * US_PER_MS)));
}

/** Compressed, in base64. */
export function encoded(histogram: LatencyHistogram): string {
  return encodeIntoCompressedBase64(histogram);
}
