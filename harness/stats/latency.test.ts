import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { histogramOf } from '../fixtures/measurement.ts';
import { mergeHistograms, mergeLatencies } from './latency.ts';
import { randomStream } from './random.ts';

/** Three significant digits. */
const PRECISION = 1e-3;
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** The value below or at which `percent` of the samples lie (nearest rank). */
function exactMs(latenciesUs: readonly number[], percent: number): number {
  const sorted = latenciesUs.toSorted((a, b) => a - b);
  return (sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN) / 1000;
}

describe('merging trials', () => {
  const random = randomStream(5);
  // From a tenth of a millisecond to ten seconds, and of different sizes, so that a mean of percentiles would be wrong.
  const trials = [2000, 200, 5000].map((count, trial) =>
    Array.from({ length: count }, () => Math.round(100 * 10 ** (random() * (3 + trial)))),
  );
  const all = trials.flat();
  const merged = mergeLatencies(trials.map(histogramOf));

  test.each([
    ['p50', 50],
    ['p90', 90],
    ['p99', 99],
    ['p999', 99.9],
    ['max', 100],
  ] as const)('%s is that of all requests together', (name, percent) => {
    const exact = exactMs(all, percent);
    expect(Math.abs((merged?.[name] ?? Number.NaN) / exact - 1)).toBeLessThan(2 * PRECISION);
  });

  test('is the histogram of the union', () => {
    expect(merged).toEqual(mergeLatencies([histogramOf(all)]));
  });

  test('does not depend on the order of the trials', () => {
    expect(merged).toEqual(mergeLatencies(trials.toReversed().map(histogramOf)));
  });
});

test('latencies are in milliseconds', () => {
  expect(mergeLatencies([histogramOf([1500])])).toEqual({ p50: 1.5, p90: null, p99: null, p999: null, max: 1.5 });
});

test.each([
  [49, ['p50']],
  [50, ['p50', 'p90']],
  [499, ['p50', 'p90']],
  [500, ['p50', 'p90', 'p99']],
  [4999, ['p50', 'p90', 'p99']],
  [5000, ['p50', 'p90', 'p99', 'p999']],
])('%d requests tell %j, because five must lie beyond', (count, told) => {
  const { max: _, ...percentiles } = mergeLatencies([histogramOf(upTo(count))]) ?? { max: 0 };
  expect(Object.entries(percentiles).flatMap(([name, value]) => (value === null ? [] : [name]))).toEqual(told);
});

test('requests of all trials count towards a percentile', () => {
  expect(mergeLatencies([histogramOf(upTo(25)), histogramOf(upTo(25))])?.p90).not.toBeNull();
});

test.each([
  ['no trial', []],
  ['trials without a request', [histogramOf([]), histogramOf([])]],
])('%s: there is nothing to tell', (_, histograms) => {
  expect(mergeLatencies(histograms)).toBeNull();
});

describe('merging what several generators recorded', () => {
  const random = randomStream(11);
  const parts = [700, 1, 0, 3000].map((count, part) =>
    Array.from({ length: count }, () => Math.round(50 * 10 ** (random() * (2 + part)))),
  );
  const one = decodeFromCompressedBase64(histogramOf(parts.flat()));
  const merged = decodeFromCompressedBase64(mergeHistograms(parts.map(histogramOf)));

  test('no request is lost or counted twice', () => {
    expect(merged.totalCount).toBe(3701);
  });

  test.each([0.1, 1, 25, 50, 75, 90, 99, 99.9, 99.99, 100])('p%d is that of one histogram of all', (percent) => {
    expect(merged.getValueAtPercentile(percent)).toBe(one.getValueAtPercentile(percent));
  });

  test('merging again with the other trials comes to the same', () => {
    const [first = [], ...rest] = parts;
    const inSteps = mergeLatencies([histogramOf(first), mergeHistograms(rest.map(histogramOf))]);
    const atOnce = mergeLatencies([histogramOf(parts.flat())]);
    // The longest is told to three digits, as everything is.
    expect((inSteps?.max ?? 0) / (atOnce?.max ?? 0)).toBeCloseTo(1, 2);
    expect({ ...inSteps, max: null }).toEqual({ ...atOnce, max: null });
  });

  test('that of a single generator stays as it is, to the letter', () => {
    const text = histogramOf(upTo(50));
    expect(mergeHistograms([text])).toBe(text);
  });

  test('what comes out has the form that a run file takes', () => {
    expect(mergeHistograms(parts.map(histogramOf))).toMatch(/^HISTFA[\w+/]+=*$/);
    expect(mergeHistograms([histogramOf([]), histogramOf([])])).toMatch(/^HISTFA[\w+/]+=*$/);
  });
});
