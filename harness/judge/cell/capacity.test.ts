import { describe, expect, test } from 'vitest';
import { generatorOf, histogramOf, loopOf, measurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import { isolated, shared } from '../../fixtures/run.ts';
import type { Measurement } from '../../store/schema.ts';
import type { Circumstances } from '../bottleneck/causes.ts';
import { resultOf } from './capacity.ts';

const here: Circumstances = {
  limit: null,
  connections: 64,
  available: { count: 4, capacity: 4, host: 4, decidedBy: 'host' },
  placement: shared,
  isDuet: false,
};

const summaryOf = (measurements: readonly Partial<Measurement>[], circumstances: Partial<Circumstances> = {}) =>
  resultOf(
    measurements.map((changes, round) => ({ round, measurement: measurementOf(changes) })),
    { ...here, ...circumstances },
  );
const split = (...requests: readonly number[]): Partial<Measurement> => ({
  server: serverOf({ workers: requests.map((count) => workerOf(count)) }),
});

test('without a valid trial there is none', () => {
  expect(summaryOf([])).toBeNull();
});

test('the trial is the unit: estimates are over trials, on the log scale', () => {
  const result = summaryOf([
    { requestsPerSec: 500, startUpMs: 80, server: serverOf({ cpuMsPerRequest: 4 }) },
    { requestsPerSec: 1000, startUpMs: 40, server: serverOf({ cpuMsPerRequest: 1 }) },
    { requestsPerSec: 2000, startUpMs: 160, server: serverOf({ cpuMsPerRequest: 2 }) },
  ]);
  expect(result).toMatchObject({
    requestsPerSec: { point: expect.closeTo(1000), min: 500, max: 2000, level: 0.95, trials: 3 },
    cpuMsPerRequest: { point: expect.closeTo(2), min: 1, max: 4, level: 0.95, trials: 3 },
    startUpMs: { point: expect.closeTo(80), min: 40, max: 160, level: 0.95, trials: 3 },
  });
  // A factor of two either way: half of the width is t(0.975; 2) · ln 2 ÷ √3 on the log scale.
  const factor = Math.exp((4.302653 * Math.log(2)) / Math.sqrt(3));
  expect(result?.requestsPerSec.low).toBeCloseTo(1000 / factor, 3);
  expect(result?.requestsPerSec.high).toBeCloseTo(1000 * factor, 1);
});

test('two trials have no interval', () => {
  const result = summaryOf([{ requestsPerSec: 500 }, { requestsPerSec: 2000 }]);
  expect(result?.requestsPerSec).toMatchObject({ point: expect.closeTo(1000), low: null, high: null, trials: 2 });
});

test('each trial keeps what pairs of cells are compared by, and its round', () => {
  const trial = (round: number, requestsPerSec: number, cpuMsPerRequest: number, peakBytes: number) => ({
    round,
    measurement: measurementOf({
      requestsPerSec,
      server: serverOf({ cpuMsPerRequest }),
      memory: { kind: 'pss', idleBytes: 1, peakBytes, front: null },
    }),
  });
  const trials = resultOf([trial(1, 900, 2, 30), trial(4, 1000, 4, 40)], here)?.trials ?? [];
  expect(trials).toMatchObject([
    { round: 1, requestsPerSec: 900, cpuMsPerRequest: 2, peakBytes: 30, outlier: false },
    { round: 4, requestsPerSec: 1000, cpuMsPerRequest: 4, peakBytes: 40, outlier: false },
  ]);
  // One worker and one thread, whatever CPUs there are.
  expect(trials.map(({ impliedPerSec }) => impliedPerSec)).toEqual([500, 250]);
});

test('a trial that lies far from the others is marked, and is in the figures all the same', () => {
  const rates = [1000, 1010, 990, 1005, 300, 995];
  const result = summaryOf(rates.map((requestsPerSec) => ({ requestsPerSec })));
  expect(result?.trials.map(({ outlier }) => outlier)).toEqual([false, false, false, false, true, false]);
  expect(result?.requestsPerSec).toMatchObject({ min: 300, trials: 6 });
  expect(result?.requestsPerSec.point, 'it hardly counts').toBeGreaterThan(985);
  expect(result?.requestsPerSec.point).toBeLessThan(1000);
});

test('latencies are those of all requests, not a mean of the trials', () => {
  const result = summaryOf([
    { latencyHistogram: histogramOf(Array.from({ length: 900 }, () => 1000)) },
    { latencyHistogram: histogramOf(Array.from({ length: 100 }, () => 100_000)) },
  ]);
  expect(result?.latencyMs.p50?.ms).toBeCloseTo(1, 2);
  expect(result?.latencyMs.maxMs).toBeCloseTo(100, 0);
});

test('a percentile has the interval that the trials give, and none with two of them', () => {
  const trial = (us: number) => ({ latencyHistogram: histogramOf(Array.from({ length: 1000 }, () => us)) });
  const three = summaryOf([9000, 10_000, 11_000].map(trial))?.latencyMs;
  expect(three?.p50?.ms).toBeCloseTo(10, 1);
  expect(three?.p50?.low).toBeLessThan(9);
  expect(three?.p50?.high).toBeGreaterThan(11);
  expect(three?.p50?.atLeast).toBe(false);
  expect(three?.p999, 'too few requests').toBeNull();
  expect(summaryOf([9000, 11_000].map(trial))?.latencyMs.p50).toMatchObject({ low: null, high: null });
});

test('the share of the limit is that of the estimate', () => {
  const limit = { kind: 'cpu', requestsPerSec: 2000, cpus: 2, kernelCpuMs: 1 } as const;
  const rates = [{ requestsPerSec: 500 }, { requestsPerSec: 1000 }, { requestsPerSec: 2000 }];
  expect(summaryOf(rates, { limit })?.shareOfLimit).toBeCloseTo(0.5, 12);
  expect(summaryOf(rates)?.shareOfLimit).toBeNull();
});

describe('implied capacity', () => {
  /** Two workers whose threads are told apart, or are not. */
  const trial = (cpuMs: number, workers: number | null): Partial<Measurement> => ({
    server: serverOf({
      cpuMs,
      cpuMsPerRequest: cpuMs / 1000,
      workers: [1, 2].map((id) => workerOf(500, 0.5, { id, cpuMs: workers })),
    }),
  });

  test('is over the CPUs there are, or over those of the server where generators have their own', () => {
    const trials = [trial(1000, null)];
    const point = (circumstances: Partial<Circumstances>): number | undefined =>
      summaryOf(trials, circumstances)?.impliedCapacity.requestsPerSec.point;
    expect(point({})).toBeCloseTo(4000);
    expect(point({ available: { ...here.available, capacity: 2.5, decidedBy: 'quota' } })).toBeCloseTo(2500);
    expect(point({ placement: isolated })).toBeCloseTo(3000);
  });

  test('is an estimate over trials, bound by what bounds the trial in the middle', () => {
    // 4000, 2000 and 1000 a second.
    const trials = [trial(1000, null), trial(1000, 500), trial(4000, null)];
    expect(summaryOf(trials)?.impliedCapacity).toMatchObject({
      requestsPerSec: {
        point: expect.closeTo(2000),
        min: expect.closeTo(1000),
        max: expect.closeTo(4000),
        trials: 3,
      },
      boundBy: 'workers',
    });
  });
});

describe('the shares of the workers', () => {
  test('are by rank, because worker 1 of one trial is not worker 1 of the next', () => {
    expect(summaryOf([split(700, 300), split(300, 700)])?.workerShares).toEqual([0.7, 0.3]);
  });

  test.each([[[split(1, 2, 3), split(5, 5, 5)]], [[split(1000, 0)]], [[split(1), split(999_999)]]])(
    'sum to one, largest first',
    (trials) => {
      const shares = summaryOf(trials)?.workerShares ?? [];
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    },
  );

  test('a trial counts as much as another, however many requests it had', () => {
    expect(summaryOf([split(600, 400), split(80_000, 20_000)])?.workerShares).toEqual([
      expect.closeTo(0.7),
      expect.closeTo(0.3),
    ]);
  });

  test('workers that answered nothing have no shares, and none is favoured', () => {
    const front = loopOf(0.99, { requests: 1000 });
    const result = summaryOf([{ server: serverOf({ front, workers: [workerOf(0), workerOf(0)] }) }]);
    expect(result).toMatchObject({ workerShares: [0, 0], fairness: 1 });
  });

  test('fairness is told from each trial, not from the sum: being uneven in turn is not even', () => {
    expect(summaryOf([split(1000, 0), split(0, 1000)])?.fairness).toBe(0.5);
    expect(summaryOf([split(500, 500), split(500, 500)])?.fairness).toBe(1);
  });
});

describe('what held the cell back', () => {
  const generator: Partial<Measurement> = { generators: generatorOf(990, 0.99) };
  /** Server and generator have all there is. */
  const machine: Partial<Measurement> = {
    machine: { cpus: 4, idle: 0, steal: 0 },
    server: serverOf({ cpuMs: 3000 }),
    generators: generatorOf(900, 0.6),
  };
  const front: Partial<Measurement> = { server: serverOf({ front: loopOf(0.99), workers: [workerOf(1000, 0.5)] }) };

  test('is told plainly when all trials agree', () => {
    const workers = { by: 'workers', evidence: 'workers were busy 99% of the time' };
    expect(summaryOf([{}, {}])).toMatchObject({
      limitedBy: workers,
      trials: [{ limitedBy: workers }, { limitedBy: workers }],
    });
  });

  test('is what most trials say, and says in how many; each trial keeps its own', () => {
    const result = summaryOf([front, {}, {}]);
    const evidence = 'in 2 of 3 trials workers were busy 99% of the time';
    expect(result?.limitedBy).toEqual({ by: 'workers', evidence });
    expect(result?.trials.map(({ limitedBy }) => limitedBy.by)).toEqual(['front', 'workers', 'workers']);
  });

  test('one trial of three that may not be ranked is in the estimate too, so the cell may not be ranked', () => {
    expect(summaryOf([{}, generator, {}])?.limitedBy).toEqual({
      by: 'generator',
      evidence: 'in 1 of 3 trials the generator was busy 99% of the time',
    });
  });

  test('among several that may not be ranked the most common counts', () => {
    expect(summaryOf([{}, {}, {}, generator, machine, machine])?.limitedBy).toMatchObject({
      by: 'machine',
      evidence: expect.stringMatching(/^in 2 of 6 trials no CPU was idle/),
    });
  });
});
