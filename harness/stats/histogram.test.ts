import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, JsHistogram } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { distributionOf, mergedDistribution, momentsOf } from './distribution.ts';
import { bucketOf, highestIn, middleOf, readHistogram } from './histogram.ts';
import { randomStream } from './random.ts';

interface Shape {
  readonly digits: 1 | 2 | 3 | 4;
  readonly lowest: number;
}

function encoded(values: readonly number[], { digits, lowest }: Shape = { digits: 3, lowest: 1 }): string {
  const histogram = build({
    lowestDiscernibleValue: lowest,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: digits,
  });
  for (const value of values) histogram.recordValue(value);
  return encodeIntoCompressedBase64(histogram);
}

/** What the library reads: the highest value of each bucket with samples, and how many there are. */
function byLibrary(text: string): [value: number, count: number][] {
  const histogram = decodeFromCompressedBase64(text);
  if (!(histogram instanceof JsHistogram)) throw new TypeError('not a histogram with its counts in memory');
  return Array.from({ length: histogram.countsArrayLength }, (_, index): [number, number] => [
    histogram.highestEquivalentValue(histogram.valueFromIndex(index)),
    histogram.getCountAtIndex(index),
  ]).filter(([, count]) => count > 0);
}

function read(text: string): [value: number, count: number][] {
  const { form, buckets, counts } = readHistogram(text);
  return Array.from(buckets, (bucket, i): [number, number] => [highestIn(form, bucket), counts[i] ?? 0]);
}

/** From one to 100 s in microseconds, several at a time. */
function spread(seed: number, count: number): number[] {
  const random = randomStream(seed);
  return Array.from({ length: count }, () => Math.floor(10 ** (random() * 8)));
}

const shapes: readonly Shape[] = [
  { digits: 3, lowest: 1 },
  { digits: 2, lowest: 1 },
  { digits: 4, lowest: 1 },
  { digits: 3, lowest: 1000 },
];

describe('reading is what the library reads', () => {
  test.each(shapes)('$digits digits from $lowest on', (shape) => {
    const text = encoded(spread(3, 5000), shape);
    expect(read(text)).toEqual(byLibrary(text));
  });

  test.each([
    ['nothing', []],
    ['zero', [0, 0, 1]],
    ['the edges of buckets', [2047, 2048, 2049, 4095, 4096, 8191, 8192, 3_600_000_000]],
    ['runs of one and of many empty buckets', [1, 3, 4, 9, 1_000_000]],
  ])('%s', (_, values) => {
    const text = encoded(values);
    expect(read(text)).toEqual(byLibrary(text));
  });

  test.each([1, 63, 64, 8191, 8192, 1_048_575, 1_048_576, 2_000_000_000])('%d samples of one value', (count) => {
    const histogram = build({ lowestDiscernibleValue: 1, highestTrackableValue: 10_000, bitBucketSize: 64 });
    histogram.recordValueWithCount(500, count);
    expect(read(encodeIntoCompressedBase64(histogram))).toEqual([[500, count]]);
  });
});

test.each(['', 'HISTFA==', 'AAAAAAAAAAAAAAAA', encoded(spread(1, 100)).slice(0, 60)])('%j is no histogram', (text) => {
  expect(() => readHistogram(text)).toThrow();
});

test.each(shapes)('a value finds its bucket with $digits digits from $lowest on', (shape) => {
  const { form, buckets } = readHistogram(encoded(spread(9, 2000), shape));
  for (const bucket of buckets) expect(bucketOf(form, highestIn(form, bucket))).toBe(bucket);
});

test('the middle of a bucket is that of the library', () => {
  const histogram = decodeFromCompressedBase64(encoded([1]));
  if (!(histogram instanceof JsHistogram)) throw new TypeError('not a histogram with its counts in memory');
  for (const value of [0, 1, 2047, 2048, 5000, 123_456, 98_765_432]) {
    const form = { half: 1024, unit: 1 };
    expect(middleOf(form, bucketOf(form, value))).toBe(histogram.medianEquivalentValue(value));
  }
});

describe('merging', () => {
  const parts = [spread(1, 3000), [], spread(2, 17), spread(5, 800)];
  const merged = mergedDistribution(parts.map((values) => distributionOf(encoded(values))));
  const whole = distributionOf(encoded(parts.flat()));

  test('is the distribution of the union', () => {
    expect(merged.buckets).toEqual(whole.buckets);
    expect(merged.upTo).toEqual(whole.upTo);
    expect(merged.total).toBe(3817);
  });

  test('moves no value where one histogram is coarser than the other', () => {
    const fine = encoded(spread(1, 500));
    const coarse = encoded(spread(2, 500), { digits: 2, lowest: 16 });
    const both = mergedDistribution([coarse, fine].map(distributionOf));
    const values = [...byLibrary(fine), ...byLibrary(coarse)].flatMap(([value, count]) =>
      Array<number>(count).fill(value),
    );
    const sorted = values.toSorted((a, b) => a - b);
    expect(sorted.map((_, i) => both.atRank(i + 1))).toEqual(sorted);
  });

  test('of nothing is nothing', () => {
    const none = mergedDistribution([]);
    expect([none.total, none.atRank(1), none.countAbove(0)]).toEqual([0, 0, 0]);
  });

  test('mean and standard deviation are those of the library', () => {
    const histogram = decodeFromCompressedBase64(encoded(parts.flat()));
    const { mean, standardDeviation } = momentsOf(merged);
    expect(mean).toBeCloseTo(histogram.mean, 6);
    expect(standardDeviation).toBeCloseTo(histogram.stdDeviation, 6);
    expect(momentsOf(distributionOf(encoded([])))).toEqual({ mean: 0, standardDeviation: 0 });
  });
});
