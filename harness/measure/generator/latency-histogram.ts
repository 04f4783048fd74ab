/** The histograms in which generators record, so that those of several can be added up. */
import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';

/** One hour in microseconds: longer than any time-out. */
const HIGHEST_US = 3_600_000_000;

/** HDR histogram in microseconds, with three digits. */
export type LatencyHistogram = Histogram;

export function latencyHistogram(): LatencyHistogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: HIGHEST_US, numberOfSignificantValueDigits: 3 });
}

export function recordMs(histogram: LatencyHistogram, ms: number): void {
  histogram.recordValue(Math.max(1, Math.round(ms * 1000)));
}

/** Compressed, in base64. */
export function encoded(histogram: LatencyHistogram): string {
  return encodeIntoCompressedBase64(histogram);
}
