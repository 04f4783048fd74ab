import { bucketOf, type Counts, type Form, highestIn, middleOf, readHistogram } from './histogram.ts';

/** Samples by rank, in the unit in which they were recorded. Only buckets with samples are kept. */
export interface Distribution {
  readonly form: Form;
  /** Ascending. */
  readonly buckets: Int32Array;
  /** Samples up to and including those in each bucket. */
  readonly upTo: Float64Array;
  readonly total: number;
  /** The value at a rank from 1: of those in the same bucket the highest, as HdrHistogram tells percentiles. */
  readonly atRank: (rank: number) => number;
  readonly countAbove: (value: number) => number;
}

const EMPTY: Counts = { form: { half: 1024, unit: 1 }, buckets: new Int32Array(), counts: new Float64Array() };

/** Reads a histogram (HdrHistogram V2, compressed, base64). */
export function distributionOf(text: string): Distribution {
  return fromCounts(readHistogram(text));
}

/** The samples of all distributions in one. */
export function mergedDistribution(distributions: readonly Distribution[]): Distribution {
  const [first, ...others] = distributions;
  if (first === undefined) return fromCounts(EMPTY);
  if (others.length === 0) return first;
  // Every bucket of a coarser form ends where one of the finest does, so no value is moved.
  const form = distributions.reduce(
    ({ half, unit }, one) => ({ half: Math.max(half, one.form.half), unit: Math.min(unit, one.form.unit) }),
    first.form,
  );
  const alike = distributions.map((one) => ({ ...one, buckets: bucketsIn(form, one) }));
  const sums = new Float64Array(1 + alike.reduce((last, { buckets }) => Math.max(last, buckets.at(-1) ?? -1), -1));
  for (const { buckets, upTo } of alike) {
    let before = 0;
    for (let i = 0; i < buckets.length; i++) {
      const bucket = buckets[i] ?? 0;
      const now = upTo[i] ?? 0;
      sums[bucket] = (sums[bucket] ?? 0) + now - before;
      before = now;
    }
  }
  return fromCounts({ form, ...occurring(sums) });
}

/** The buckets with samples, of all. */
function occurring(sums: Float64Array): Pick<Counts, 'buckets' | 'counts'> {
  const buckets = new Int32Array(sums.length);
  const counts = new Float64Array(sums.length);
  let found = 0;
  for (let bucket = 0; bucket < sums.length; bucket++) {
    const count = sums[bucket] ?? 0;
    if (count === 0) continue;
    buckets[found] = bucket;
    counts[found++] = count;
  }
  return { buckets: buckets.slice(0, found), counts: counts.slice(0, found) };
}

/** Mean and standard deviation, with the samples of a bucket in its middle, as HdrHistogram tells them. 0 without a sample. */
export function momentsOf({ form, buckets, upTo, total }: Distribution): { mean: number; standardDeviation: number } {
  const sumOf = (term: (value: number) => number): number => {
    let sum = 0;
    for (let i = 0; i < buckets.length; i++) {
      const count = (upTo[i] ?? 0) - (i === 0 ? 0 : (upTo[i - 1] ?? 0));
      sum += count * term(middleOf(form, buckets[i] ?? 0));
    }
    return sum;
  };
  if (total === 0) return { mean: 0, standardDeviation: 0 };
  const mean = sumOf((value) => value) / total;
  return { mean, standardDeviation: Math.sqrt(sumOf((value) => (value - mean) ** 2) / total) };
}

/** The mean of the samples from a rank on, from 1, with those of a bucket in its middle; 0 without any. */
export function meanFrom({ form, buckets, upTo, total }: Distribution, rank: number): number {
  let sum = 0;
  for (let i = buckets.length - 1; i >= 0 && (upTo[i] ?? 0) >= rank; i--) {
    const before = Math.max(i === 0 ? 0 : (upTo[i - 1] ?? 0), rank - 1);
    sum += ((upTo[i] ?? 0) - before) * middleOf(form, buckets[i] ?? 0);
  }
  return total < rank ? 0 : sum / (total - rank + 1);
}

function bucketsIn(form: Form, one: Distribution): Int32Array {
  if (one.form.half === form.half && one.form.unit === form.unit) return one.buckets;
  return one.buckets.map((bucket) => bucketOf(form, highestIn(one.form, bucket)));
}

function fromCounts({ form, buckets, counts }: Counts): Distribution {
  const upTo = new Float64Array(counts.length);
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    total += counts[i] ?? 0;
    upTo[i] = total;
  }
  const valueAt = (index: number): number => highestIn(form, buckets[index] ?? 0);
  return {
    form,
    buckets,
    upTo,
    total,
    atRank: (rank) => {
      const index = firstWhere(upTo.length, (i) => (upTo[i] ?? 0) >= rank);
      return total === 0 ? 0 : valueAt(Math.min(index, upTo.length - 1));
    },
    countAbove: (value) => total - (upTo[firstWhere(buckets.length, (i) => valueAt(i) > value) - 1] ?? 0),
  };
}

/** The first of so many indices that passes, or their number where none does; all after it pass too. */
function firstWhere(length: number, passes: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
