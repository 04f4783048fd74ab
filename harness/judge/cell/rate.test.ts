import { describe, expect, test } from 'vitest';
import {
  histogramOf,
  measurementOf,
  openMeasurementOf,
  repeated,
  serverOf,
  workerOf,
} from '../../fixtures/measurement.ts';
import { shared } from '../../fixtures/run.ts';
import type { Measurement } from '../../store/schema.ts';
import { rateResultSchema } from '../schema/rate.ts';
import { rateResultOf } from './rate.ts';

type Open = NonNullable<Measurement['open']>;

const circumstances = {
  limit: null,
  connections: 64,
  available: { count: 4, capacity: 4, host: 4, decidedBy: 'host' },
  placement: shared,
  isDuet: false,
} as const;

function resultOf(measurements: readonly Measurement[]) {
  return rateResultOf(
    measurements.map((measurement, round) => ({ round, measurement })),
    circumstances,
  );
}
/** A thousand requests, 900 of one latency and 100 of another. */
const mostly = (ms: number, some: number, open: Partial<Open> = {}, changes: Partial<Measurement> = {}): Measurement =>
  openMeasurementOf([...repeated(900, ms), ...repeated(100, some)], open, changes);

describe('latency', () => {
  test('is that of all requests, from merged histograms: one slow trial of three is in the tail, not in the mean', () => {
    const result = resultOf([mostly(5, 5), mostly(5, 5), mostly(5, 400)]);
    expect(result?.latency.p50?.ms).toBeCloseTo(5, 1);
    expect(result?.latency.p90?.ms).toBeCloseTo(5, 1);
    // The mean of the three p99 would be 137 ms.
    expect(result?.latency.p99?.ms).toBeCloseTo(400, -1);
    expect(result?.trials.map(({ p99Ms }) => Math.round(p99Ms ?? 0))).toEqual([5, 5, 400]);
  });

  test('has an interval from three trials on', () => {
    const trials = [mostly(5, 20), mostly(6, 22), mostly(5.5, 21)];
    const two = resultOf(trials.slice(1))?.latency.p50;
    const three = resultOf(trials)?.latency.p50;
    expect(two).toMatchObject({ low: null, high: null });
    expect(three?.low).toBeLessThan(three?.ms ?? 0);
    expect(three?.high).toBeGreaterThan(three?.ms ?? 0);
  });

  test('that too few requests support is not told', () => {
    const result = resultOf([openMeasurementOf(repeated(60, 5))]);
    expect(result?.latency).toMatchObject({ p90: { atLeast: false }, p99: null, p999: null });
    expect(result?.trials[0]?.p99Ms).toBeNull();
    expect(
      resultOf([openMeasurementOf(repeated(300, 5)), openMeasurementOf(repeated(300, 5))])?.latency.p99,
    ).not.toBeNull();
  });

  test('that lies among requests without a reply is the limit or more', () => {
    const result = resultOf(repeated(3, mostly(5, 10_000, { unfinished: 100 })));
    expect(result).toMatchObject({ unfinished: 300, latency: { p99: { ms: 10_000, atLeast: true, high: null } } });
    expect(result?.latency.p50?.atLeast).toBe(false);
  });
});

describe('classes', () => {
  const light = { name: 'light', due: 900, latencyHistogram: histogramOf(repeated(900, 5000)), unfinished: 0 };
  const heavy = { name: 'heavy', due: 100, latencyHistogram: histogramOf(repeated(100, 80_000)), unfinished: 2 };

  test('have figures of their own, in the order of the scenario', () => {
    const result = resultOf(repeated(3, mostly(5, 80, { classes: [light, heavy] })));
    expect(result?.classes.map(({ name, requests, unfinished }) => ({ name, requests, unfinished }))).toEqual([
      { name: 'light', requests: 2700, unfinished: 0 },
      { name: 'heavy', requests: 300, unfinished: 6 },
    ]);
    expect(result?.classes[0]?.latency.p99?.ms).toBeCloseTo(5, 1);
    expect(result?.classes[1]?.latency.p50?.ms).toBeCloseTo(80, 0);
    expect(result?.latency.p99?.ms).toBeCloseTo(80, 0);
  });

  test('cannot be told apart where there is one', () => {
    expect(resultOf([mostly(5, 5, { classes: [{ ...light, name: 'hello' }] })])?.classes).toEqual([]);
  });

  test('of which no request was due are left out', () => {
    const none = { name: 'heavy', due: 0, latencyHistogram: histogramOf([]), unfinished: 0 };
    expect(resultOf([mostly(5, 5, { classes: [light, none] })])?.classes.map(({ name }) => name)).toEqual(['light']);
  });
});

describe('whether the server kept up', () => {
  const behind = mostly(5, 5, { backlog: { start: 0, end: 200 } });

  test('takes every trial', () => {
    expect(resultOf([mostly(5, 5), mostly(5, 5)])?.keptUp).toBe(true);
    expect(resultOf([mostly(5, 5), behind])?.keptUp).toBe(false);
  });

  test('is one thing, and what held it back another', () => {
    const busy = { ...behind, server: serverOf({ workers: [workerOf(800, 0.99)] }) };
    expect(resultOf([busy])).toMatchObject({ keptUp: false, limitedBy: { by: 'workers' } });
    expect(resultOf([behind])).toMatchObject({ keptUp: false, limitedBy: { by: 'unclear' } });
  });
});

test('one trial in which the generator was late shows in the tail of all of them', () => {
  const late = mostly(5, 5, { sendDelayHistogram: histogramOf(repeated(1000, 3000)) });
  expect(resultOf([mostly(5, 5), late, mostly(5, 5)])?.limitedBy).toEqual({
    by: 'generator',
    evidence: 'the generator sent requests late: p99 delay 3 ms, p99 latency 5 ms',
  });
});

test('a few late requests in one trial of many do not', () => {
  const late = mostly(5, 5, { sendDelayHistogram: histogramOf([...repeated(995, 100), ...repeated(5, 3000)]) });
  const trials = [mostly(5, 5), late, mostly(5, 5)];
  expect(resultOf(trials)?.limitedBy.by).not.toBe('generator');
});

test('requests, errors and connections are those of all trials, and the backlog the longest of any', () => {
  const trials = [
    mostly(
      5,
      5,
      { errors: 1, connections: { most: 70, waited: 0 }, backlog: { start: 5, end: 2 } },
      { requestsPerSec: 800 },
    ),
    mostly(
      5,
      5,
      { errors: 2, connections: { most: 90, waited: 4 }, backlog: { start: 1, end: 6 } },
      { requestsPerSec: 1250 },
    ),
  ];
  expect(resultOf(trials)).toMatchObject({
    requests: 2000,
    errors: 3,
    connections: { most: 90, waited: 4 },
    backlog: { start: 5, end: 6 },
    servedPerSec: { point: expect.closeTo(1000), min: 800, max: 1250, trials: 2 },
  });
});

test('the result is what the schema says', () => {
  const result = resultOf([mostly(5, 20), mostly(5, 21), mostly(5, 22)]);
  expect(rateResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
});

test.each<[string, readonly Measurement[]]>([
  ['no trial', []],
  ['no request in any of them', [openMeasurementOf([], { serviceHistogram: histogramOf([]) })]],
  ['trials of a closed loop', [measurementOf()]],
])('%s: no result', (_, measurements) => {
  expect(resultOf(measurements)).toBeNull();
});
