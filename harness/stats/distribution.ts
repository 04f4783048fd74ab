import { decodeFromCompressedBase64, JsHistogram } from 'hdr-histogram-js';

/** Samples by rank, in the unit in which they were recorded. Only values that occur are kept. */
export interface Distribution {
  readonly total: number;
  /** The value at a rank from 1: of those in the same bucket the highest, as HdrHistogram tells percentiles. */
  readonly atRank: (rank: number) => number;
  readonly countAbove: (value: number) => number;
  /** How often each value occurs, by value. */
  readonly counts: readonly (readonly [value: number, count: number])[];
}

/** Reads a histogram (HdrHistogram V2, compressed, base64). */
export function distributionOf(text: string): Distribution {
  const histogram = decodeFromCompressedBase64(text);
  if (!(histogram instanceof JsHistogram)) throw new TypeError('not a histogram with its counts in memory');
  const counts: (readonly [number, number])[] = [];
  let left = histogram.totalCount;
  for (let index = 0; left > 0 && index < histogram.countsArrayLength; index++) {
    const count = histogram.getCountAtIndex(index);
    if (count === 0) continue;
    left -= count;
    counts.push([histogram.highestEquivalentValue(histogram.valueFromIndex(index)), count]);
  }
  return fromCounts(counts);
}

/** The samples of all distributions in one. */
export function mergedDistribution(distributions: readonly Distribution[]): Distribution {
  const merged = new Map<number, number>();
  for (const { counts } of distributions) {
    for (const [value, count] of counts) merged.set(value, (merged.get(value) ?? 0) + count);
  }
  return fromCounts([...merged].toSorted(([a], [b]) => a - b));
}

function fromCounts(counts: Distribution['counts']): Distribution {
  let total = 0;
  /** Samples up to and including each value. */
  const upTo = counts.map(([, count]) => {
    total += count;
    return total;
  });
  return {
    total,
    counts,
    atRank: (rank) => (counts[firstWhere(upTo, (count) => count >= rank)] ?? counts.at(-1))?.[0] ?? 0,
    countAbove: (value) => total - (upTo[firstWhere(counts, ([one]) => one > value) - 1] ?? 0),
  };
}

/** The first index whose item passes; all after it do too. */
function firstWhere<T>(items: readonly T[], passes: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && passes(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
