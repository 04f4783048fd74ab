import { expect, test } from 'vitest';
import { histogramOf } from '../../fixtures/measurement.ts';
import { readMs } from '../fixtures/sending.ts';
import { mergeOpen } from './generators.ts';
import type { OpenRecord } from './messages.ts';

/** What one generator recorded; latencies in milliseconds. */
function recordOf(light: readonly number[], heavy: readonly number[], changes: Partial<OpenRecord> = {}): OpenRecord {
  const histogram = (ms: readonly number[]): string => histogramOf(ms.map((one) => one * 1000));
  const classOf = (name: string, ms: readonly number[]) => ({
    name,
    due: ms.length,
    latencyHistogram: histogram(ms),
    unfinished: 1,
  });
  return {
    windowOffsetMs: 300,
    due: light.length + heavy.length,
    serviceHistogram: histogram([...light, ...heavy]),
    sendDelayHistogram: histogram([1]),
    classes: [classOf('light', light), classOf('heavy', heavy)],
    unfinished: 2,
    errors: 3,
    backlog: { start: 4, end: 5 },
    connections: { most: 6, waited: 7 },
    ...changes,
  };
}

test('of a single one it is the same', () => {
  const one = recordOf([1, 2], [30]);
  expect(mergeOpen([one])).toEqual(one);
});

test('without any there is none', () => {
  expect(mergeOpen([])).toBeNull();
});

test('counts and histograms add up, class by class', () => {
  const merged = mergeOpen([
    recordOf([1, 2], [30]),
    recordOf([3], [], { windowOffsetMs: 302, unfinished: 10, errors: 20, backlog: { start: 0, end: 100 } }),
  ]);
  expect(merged).toMatchObject({
    windowOffsetMs: 301,
    due: 4,
    unfinished: 12,
    errors: 23,
    backlog: { start: 4, end: 105 },
    connections: { most: 12, waited: 14 },
    classes: [
      { name: 'light', due: 3, unfinished: 2 },
      { name: 'heavy', due: 1, unfinished: 2 },
    ],
  });
  const service = readMs(merged?.serviceHistogram ?? '');
  expect([service.count, Math.round(service.at(100))]).toEqual([4, 30]);
  expect(readMs(merged?.sendDelayHistogram ?? '').count).toBe(2);
  const classes = merged?.classes.map(({ latencyHistogram }) => readMs(latencyHistogram));
  expect(classes?.map((one) => [one.count, Math.round(one.at(100))])).toEqual([
    [3, 3],
    [1, 30],
  ]);
});
