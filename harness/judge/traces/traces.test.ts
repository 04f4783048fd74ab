import { describe, expect, test } from 'vitest';
import { histogramOf, measurementOf, openMeasurementOf, repeated } from '../../fixtures/measurement.ts';
import {
  additionOf,
  cellOf,
  complete,
  failedTrial,
  manifestOf,
  okTrial,
  planOf,
  rateCellOf,
} from '../../fixtures/run.ts';
import { randomStream } from '../../stats/random.ts';
import type { Measurement, Run, Trial } from '../../store/schema.ts';
import { summarise } from '../summary.ts';
import type { Curve } from './curves.ts';
import { tracesOf } from './traces.ts';

const single = cellOf('single');
const cluster = cellOf('cluster');
const rate = rateCellOf('single', 100);
const TIMEOUT_MS = 10_000;

function runOf(trials: readonly Trial[], changes: Partial<Run> = {}): Run {
  return { manifest: manifestOf(), additions: [], trials, end: complete, ...changes };
}

/** A run with trials at a rate beside those at capacity. */
function openRun(trials: readonly Trial[]): Run {
  const plan = planOf({ rates: [{ kind: 'number', requestsPerSec: 100 }] });
  const why = { kind: 'common', basis: null, cappedAt: null } as const;
  return runOf(trials, { manifest: manifestOf({ scenarios: [plan] }), additions: [additionOf([rate], { why })] });
}

/** With a long tail, in milliseconds. */
function latencies(seed: number, count: number): number[] {
  const random = randomStream(seed);
  return Array.from({ length: count }, () => 1 + 10 ** (3 * random() ** 2));
}

function closed(latenciesMs: readonly number[]): Measurement {
  return measurementOf({ latencyHistogram: histogramOf(latenciesMs.map((ms) => Math.round(1000 * ms))) });
}

function only(run: Run): Curve {
  const { curves } = tracesOf(run);
  const [curve] = curves;
  if (curve === undefined || curves.length > 1) throw new Error(`${curves.length} curves`);
  return curve;
}

/** The point at a share. */
function at({ points }: Curve, share: number): Curve['points'][number] | undefined {
  return points.find((point) => point.share === share);
}

describe('timelines', () => {
  const timeline = { binMs: 100, completions: [10, 20, 30, 40, 50], windowStartMs: 130 };

  test('completions are told per second', () => {
    const measurement = measurementOf({ windowMs: 270, timeline });
    expect(tracesOf(runOf([okTrial(single, 2, measurement, 1)])).timelines).toEqual([
      {
        ...{ cell: single.id, round: 2, attempt: 1, binMs: 100, windowStartMs: 130, windowMs: 270 },
        perSec: [100, 200, 300, 400],
      },
    ]);
  });

  test.each([
    ['a bin in which the window ends', 255, 3],
    ['bins after the window, in which the load may have ended', 100, 2],
    ['no more bins than there are', 5000, 5],
  ])('%s', (_, windowMs, bins) => {
    const [told] = tracesOf(runOf([okTrial(single, 0, measurementOf({ windowMs, timeline }))])).timelines;
    expect(told?.perSec).toHaveLength(bins);
  });

  test('of every valid trial, in the order in which they were measured', () => {
    const trials = [
      okTrial(cluster, 0),
      okTrial(rate, 0),
      failedTrial(single, 0),
      okTrial(single, 0),
      okTrial(cluster, 1),
    ];
    const told = tracesOf(openRun(trials)).timelines.map(({ cell, round }) => `${round} ${cell}`);
    expect(told).toEqual([`0 ${cluster.id}`, `0 ${rate.id}`, `0 ${single.id}`, `1 ${cluster.id}`]);
  });
});

test('a cell that was given up has neither timelines nor curves, as it has no result', () => {
  const failures = [0, 1, 2].map((attempt) => failedTrial(single, 1, 'timeout', attempt));
  const run = runOf([okTrial(single, 0), ...failures, okTrial(cluster, 0)]);
  const { timelines, curves, efforts } = tracesOf(run);
  expect(summarise(run).scenarios[0]?.cells[0]?.result).toBeNull();
  expect([...timelines, ...curves, ...efforts].map(({ cell }) => cell)).toEqual(repeated(3, cluster.id));
});

test.each([
  ['no trial', []],
  ['failed trials alone', [failedTrial(single, 0)]],
])('%s: there is nothing to draw', (_, trials) => {
  expect(tracesOf(runOf(trials))).toMatchObject({ timelines: [], curves: [], efforts: [] });
});

describe('a curve has the figures of the summary', () => {
  const FIGURES = [
    ['p50', 0.5],
    ['p90', 0.9],
    ['p99', 0.99],
    ['p999', 0.999],
  ] as const;

  test.each([20, 49, 50, 499, 500, 2500, 4999, 5000, 30_000])('at capacity, with %d requests', (count) => {
    const parts = [latencies(1, count - 7), latencies(2, 7)];
    const run = runOf(parts.map((part, round) => okTrial(single, round, closed(part))));
    const summary = summarise(run).scenarios[0]?.cells[0]?.result?.latencyMs;
    const curve = only(run);
    for (const [name, share] of FIGURES) expect(at(curve, share)?.ms).toBe(summary?.[name]?.ms);
    expect(curve.maxMs).toBe(summary?.maxMs);
    expect([curve.trials, curve.requests, curve.unfinished]).toEqual([2, count, 0]);
  });

  test.each([0, 3, 30, 300])('at a rate, with %d requests without a reply', (unfinished) => {
    const measured = [...latencies(3, 4000), ...repeated(unfinished, TIMEOUT_MS)];
    const other = latencies(4, 3000);
    const run = openRun([
      okTrial(rate, 0, openMeasurementOf(measured, { unfinished, timeoutMs: TIMEOUT_MS })),
      okTrial(rate, 1, openMeasurementOf(other, { timeoutMs: TIMEOUT_MS })),
    ]);
    const result = summarise(run).scenarios[0]?.latency?.cells[0]?.result;
    const curve = only(run);
    for (const [name, share] of FIGURES) {
      const { ms, atLeast } = result?.latency[name] ?? { ms: Number.NaN };
      expect(at(curve, share)).toEqual({ share, ms, atLeast });
    }
    expect(curve.maxMs).toBe(result?.latency.maxMs);
    expect([curve.trials, curve.requests, curve.unfinished]).toEqual([2, result?.requests, unfinished]);
  });

  test('in each class, after that of all', () => {
    const [light, heavy] = [latencies(5, 6000), latencies(6, 600).map((ms) => 10 * ms)];
    const classOf = (name: string, latenciesMs: readonly number[], unfinished: number) => ({
      ...{ name, due: latenciesMs.length, unfinished },
      latencyHistogram: histogramOf(latenciesMs.map((ms) => Math.round(1000 * ms))),
    });
    const classes = [classOf('light', light, 0), classOf('heavy', heavy, 2)];
    const run = openRun([okTrial(rate, 0, openMeasurementOf([...light, ...heavy], { classes, unfinished: 2 }))]);
    const { curves } = tracesOf(run);
    expect(curves.map(({ requestClass }) => requestClass)).toEqual([null, 'light', 'heavy']);
    for (const expected of summarise(run).scenarios[0]?.latency?.cells[0]?.result?.classes ?? []) {
      const curve = curves.find(({ requestClass }) => requestClass === expected.name);
      expect([curve?.requests, curve?.unfinished]).toEqual([expected.requests, expected.unfinished]);
      for (const [name, share] of FIGURES) expect(curve && at(curve, share)?.ms).toBe(expected.latency[name]?.ms);
    }
  });
});

test('a single class is all requests, and has no curve of its own', () => {
  const measured = openMeasurementOf(latencies(1, 100));
  const classes = [{ name: 'hello', due: 100, latencyHistogram: measured.latencyHistogram, unfinished: 0 }];
  const run = openRun([okTrial(rate, 0, openMeasurementOf(latencies(1, 100), { classes }))]);
  expect(only(run).requestClass).toBeNull();
});

describe('the points of a curve', () => {
  const curve = only(runOf([okTrial(single, 0, closed(latencies(7, 60_000)))]));
  const shares = curve.points.map(({ share }) => share);

  test('begin with the fastest request and ascend, each share once', () => {
    expect(curve.points[0]).toEqual({ share: 0, ms: curve.minMs, atLeast: false });
    expect(shares).toEqual([...new Set(shares)].toSorted((a, b) => a - b));
    const ms = curve.points.map((point) => point.ms);
    expect(ms).toEqual(ms.toSorted((a, b) => a - b));
  });

  test('hold the percentiles that people ask for, to the letter', () => {
    expect(shares).toEqual(expect.arrayContaining([0.5, 0.9, 0.99, 0.999, 0.9999]));
  });

  test('lie evenly on an axis of nines', () => {
    const asked = [0.5, 0.75, 0.95];
    const nines = shares.filter((share) => !asked.includes(share)).map((share) => -Math.log10(1 - share));
    for (const [i, nine] of nines.entries()) expect(nine).toBeCloseTo(i / 12, 6);
    expect(shares.filter((share) => share >= 0.9 && share < 0.99)).toHaveLength(12 + 1);
    expect(shares).toEqual(expect.arrayContaining(asked));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  test.each([
    [5, 0],
    [49, 11 / 12],
    [50, 1],
    [499, 1 + 11 / 12],
    [500, 2],
    [49_999, 3 + 11 / 12],
    [50_000, 4],
  ])('of %d requests end after %d nines, because five must lie beyond', (count, nines) => {
    const { points } = only(runOf([okTrial(single, 0, closed(latencies(8, count)))]));
    expect(-Math.log10(1 - (points.at(-1)?.share ?? 1))).toBeCloseTo(nines, 6);
  });

  test('are none with fewer than five requests', () => {
    expect(only(runOf([okTrial(single, 0, closed(latencies(8, 4)))]))).toMatchObject({ requests: 4, points: [] });
  });
});

test('trials are merged and not averaged', () => {
  const [few, many] = [repeated(10, 100), repeated(990, 1)];
  const curve = only(runOf([okTrial(single, 0, closed(few)), okTrial(single, 1, closed(many))]));
  expect(at(curve, 0.9)?.ms).toBe(1);
  expect(curve.meanMs).toBeCloseTo(1.99, 2);
  expect(curve.standardDeviationMs).toBeCloseTo(9.85, 1);
  expect(curve.minMs).toBe(1);
});

test('nothing in a curve is above the limit that passed without a reply', () => {
  const all = repeated(100, TIMEOUT_MS);
  const curve = only(openRun([okTrial(rate, 0, openMeasurementOf(all, { unfinished: 100, timeoutMs: TIMEOUT_MS }))]));
  expect(curve.points.every(({ ms, atLeast }) => ms === TIMEOUT_MS && atLeast)).toBe(true);
  expect(curve.maxMs).toBe(TIMEOUT_MS);
  expect(curve.meanMs).toBeLessThanOrEqual(TIMEOUT_MS);
});

test('curves are by cell as planned, and a cell that was added twice has one', () => {
  const additions = [additionOf([rate]), additionOf([single, rate])];
  const trials = [okTrial(rate, 0, openMeasurementOf(latencies(1, 50))), okTrial(cluster, 0), okTrial(single, 0)];
  const { curves } = tracesOf(runOf(trials, { additions }));
  expect(curves.map(({ cell }) => cell)).toEqual([single.id, cluster.id, rate.id]);
});
