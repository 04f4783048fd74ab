/** Where the latencies of several models part: for titles, which say no more than the intervals hold. */
import type { Percentiles } from '../../harness/judge/schema/capacity.ts';
import { milliseconds } from './figures.ts';
import { settledInterval } from './rates.ts';

interface Timed {
  readonly label: string;
  readonly latency: Percentiles;
}

interface Parting {
  /** The lowest percentile in which the fastest and the slowest are apart. */
  readonly percentile: string;
  /** `0.506 ms with cluster, 50.5 ms with single`. */
  readonly text: string;
}

const PERCENTILES = [
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p99', 'p99'],
  ['p999', 'p99.9'],
] as const;
/** Closer figures are no finding, however well they are known. */
const LEAST_APART = 1.1;

/** Null where no percentile shows the slowest to be slower than the fastest. */
export function partingOf(all: readonly Timed[]): Parting | null {
  for (const [key, percentile] of PERCENTILES) {
    const known = all.flatMap(({ label, latency }) => {
      const figure = latency[key];
      const interval = settledInterval(figure);
      return figure === null || figure.atLeast || interval === null || interval === 'unsettled'
        ? []
        : [{ label, ms: figure.ms, ...interval }];
    });
    const [fastest, ...others] = known.toSorted((a, b) => a.ms - b.ms);
    const slowest = others.at(-1);
    if (fastest === undefined || slowest === undefined) continue;
    if (fastest.high >= slowest.low || slowest.ms < fastest.ms * LEAST_APART) continue;
    const [low, high] = [fastest, slowest].map(({ label, ms }) => `${milliseconds(ms)} with ${label}`);
    return { percentile, text: `${low}, ${high}` };
  }
  return null;
}
