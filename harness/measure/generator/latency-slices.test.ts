import { describe, expect, test } from 'vitest';
import { bandOf, unpackedBands } from '../../judge/traces/latency-bands.ts';
import { type LatencySlices, mergeSlices, SliceRecorder } from './latency-slices.ts';

/** Requests at these moments, in milliseconds from the start of the window, all of one latency. */
function recorded(windowMs: number, moments: readonly number[], latencyMs = 5): LatencySlices {
  const recorder = new SliceRecorder();
  for (const atMs of moments) recorder.record(atMs, latencyMs);
  return recorder.slices(windowMs);
}

function totals({ slices }: LatencySlices): number[] {
  return slices.map((slice) => unpackedBands(slice).reduce((sum, { count }) => sum + count, 0));
}

describe('slices', () => {
  test('hold the requests of their time, and none where there was none', () => {
    const of = recorded(400, [0, 99, 100, 350]);
    expect(of.sliceMs).toBe(100);
    expect(totals(of)).toEqual([2, 1, 0, 1]);
    expect(unpackedBands(of.slices[0] ?? [])).toEqual([{ band: bandOf(5), count: 2 }]);
  });

  test('what is left behind the last whole one belongs to it', () => {
    expect(totals(recorded(250, [10, 110, 210, 249]))).toEqual([1, 3]);
    expect(totals(recorded(40, [10, 30]))).toEqual([2]);
  });

  test('of a long window are longer, so that there are few, and lose no request', () => {
    const moments = Array.from({ length: 6000 }, (_, i) => 10 * i);
    const of = recorded(60_000, moments);
    expect(of.slices.length).toBeLessThanOrEqual(40);
    expect(of.sliceMs * of.slices.length).toBeCloseTo(60_000, -4);
    expect(totals(of).reduce((sum, count) => sum + count)).toBe(6000);
  });
});

test('those of several generators add up, whatever the length of their slices', () => {
  const short = recorded(4000, [50, 3950]);
  const long = recorded(4100, [50, 4050]);
  expect([short.sliceMs, long.sliceMs]).toEqual([100, 200]);
  const both = mergeSlices([short, long]);
  expect(both.sliceMs).toBe(200);
  expect(totals(both)[0]).toBe(2);
  expect(totals(both).reduce((sum, count) => sum + count)).toBe(4);
});
