/** How a run file tells latency over time: counts of requests by band of latency, on a logarithmic scale. */

const US_PER_MS = 1000;

/** Bands of latency over time: ten to each factor of ten, from a microsecond up to 100 seconds; the last one is open. */
export const BANDS_PER_DECADE = 10;
export const LATENCY_BANDS = 8 * BANDS_PER_DECADE;

/** The band that holds a latency. */
export function bandOf(ms: number): number {
  const band = Math.floor(Math.log10(ms * US_PER_MS) * BANDS_PER_DECADE);
  return Math.min(LATENCY_BANDS - 1, Math.max(0, band));
}

/** The lower end of a band, in milliseconds. */
export function bandStartMs(band: number): number {
  return 10 ** (band / BANDS_PER_DECADE) / US_PER_MS;
}

/**
 * Requests by band, as a run file has them: the lowest band that has any, then the counts from there on, with each run of empty bands
 * as its negative length. Empty without a request.
 */
export function packedBands(counts: ArrayLike<number>): number[] {
  const packed: number[] = [];
  let empty = 0;
  for (let band = 0; band < counts.length; band++) {
    const count = counts[band] ?? 0;
    if (count === 0) {
      empty++;
      continue;
    }
    if (packed.length === 0) packed.push(band);
    else if (empty > 0) packed.push(-empty);
    packed.push(count);
    empty = 0;
  }
  return packed;
}

/** Requests of one band. */
export interface BandCount {
  readonly band: number;
  readonly count: number;
}

/** What `packedBands` packed. */
export function unpackedBands([first = 0, ...rest]: readonly number[]): BandCount[] {
  let band = first;
  return rest.flatMap((one) => {
    const own = { band, count: one };
    band += one < 0 ? -one : 1;
    return one > 0 && own.band < LATENCY_BANDS ? [own] : [];
  });
}

/** Several packed counts as one, by ascending band. */
export function mergedBands(all: readonly (readonly number[])[]): BandCount[] {
  const counts = new Map<number, number>();
  for (const { band, count } of all.flatMap(unpackedBands)) counts.set(band, (counts.get(band) ?? 0) + count);
  return [...counts].toSorted(([a], [b]) => a - b).map(([band, count]) => ({ band, count }));
}

/** The latency in milliseconds within which a share of the requests was answered, as if those of a band were spread evenly over it. */
export function latencyAt(bands: readonly BandCount[], share: number): number {
  const rank = share * bands.reduce((sum, { count }) => sum + count, 0);
  let below = 0;
  for (const { band, count } of bands) {
    if (below + count >= rank) return bandStartMs(band) * 10 ** ((rank - below) / count / BANDS_PER_DECADE);
    below += count;
  }
  return bandStartMs(0);
}
