/** How latency went within trials: how many requests of each slice of the window took how long. */
import { distributionOf } from '../../stats/distribution.ts';
import { highestIn } from '../../stats/histogram.ts';
import type { Measurement, Trial } from '../../store/schema.ts';
import { bandOf, LATENCY_BANDS, packedBands } from './latency-bands.ts';

/** Of one trial. */
export interface LatencyOverTime {
  /** Id of the cell. */
  readonly cell: string;
  readonly round: number;
  readonly attempt: number;
  /** The last slice has what is left of the window, too. */
  readonly sliceMs: number;
  readonly windowMs: number;
  /** Whether slices were recorded; otherwise the whole window is one. */
  readonly isDivided: boolean;
  /** Requests by band of latency, packed (`unpackedBands`). */
  readonly slices: readonly (readonly number[])[];
}

const US_PER_MS = 1000;

export function latencyOverTime(
  { cell, round, attempt }: Pick<Trial, 'cell' | 'round' | 'attempt'>,
  { latencySlices, latencyHistogram, windowMs }: Measurement,
): LatencyOverTime {
  const of = { cell, round, attempt, windowMs };
  if (latencySlices !== null) return { ...of, ...latencySlices, isDivided: true };
  return { ...of, sliceMs: windowMs, isDivided: false, slices: [bandsOf(latencyHistogram)] };
}

/** A whole histogram as one slice. */
function bandsOf(histogram: string): number[] {
  const { form, buckets, upTo } = distributionOf(histogram);
  const counts = Array.from({ length: LATENCY_BANDS }, () => 0);
  for (const [i, bucket] of buckets.entries()) {
    const band = bandOf(highestIn(form, bucket) / US_PER_MS);
    counts[band] = (counts[band] ?? 0) + (upTo[i] ?? 0) - (upTo[i - 1] ?? 0);
  }
  return packedBands(counts);
}
