import { describe, expect, test } from 'vitest';
import {
  generatorOf,
  histogramOf,
  isolated,
  loopOf,
  measurementOf,
  serverOf,
  shared,
  workerOf,
} from '../fixtures/run.ts';
import type { Measurement } from '../store/schema.ts';
import { resultOf } from './cell-result.ts';
import type { Circumstances } from './limited-by.ts';

const here: Circumstances = {
  limit: null,
  connections: 64,
  available: { count: 4, capacity: 4, host: 4, decidedBy: 'host' },
  placement: shared,
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

test('the trial is the unit: medians and ranges are over trials', () => {
  const result = summaryOf([
    { requestsPerSec: 900, startUpMs: 80, server: serverOf({ cpuMsPerRequest: 3 }) },
    { requestsPerSec: 1000, startUpMs: 70, server: serverOf({ cpuMsPerRequest: 1 }) },
    { requestsPerSec: 1400, startUpMs: 95, server: serverOf({ cpuMsPerRequest: 2 }) },
  ]);
  expect(result).toMatchObject({
    requestsPerSec: { median: 1000, min: 900, max: 1400, trials: 3 },
    cpuMsPerRequest: { median: 2, min: 1, max: 3, trials: 3 },
    startUpMs: { median: 80, min: 70, max: 95, trials: 3 },
  });
  expect(result?.trials.map(({ round, requestsPerSec }) => [round, requestsPerSec])).toEqual([
    [0, 900],
    [1, 1000],
    [2, 1400],
  ]);
});

test('latencies are those of all requests, not a mean of the trials', () => {
  const result = summaryOf([
    { latencyHistogram: histogramOf(Array.from({ length: 900 }, () => 1000)) },
    { latencyHistogram: histogramOf(Array.from({ length: 100 }, () => 100_000)) },
  ]);
  expect(result?.latencyMs.p50).toBeCloseTo(1, 2);
});

test('the share of the limit is that of the median', () => {
  const limit = { kind: 'cpu', requestsPerSec: 2000, cpus: 2, kernelCpuMs: 1 } as const;
  const rates = [{ requestsPerSec: 500 }, { requestsPerSec: 1000 }, { requestsPerSec: 1900 }];
  expect(summaryOf(rates, { limit })?.shareOfLimit).toBe(0.5);
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
    const median = (circumstances: Partial<Circumstances>): number | undefined =>
      summaryOf(trials, circumstances)?.impliedCapacity.requestsPerSec.point;
    expect(median({})).toBeCloseTo(4000);
    expect(median({ available: { ...here.available, capacity: 2.5, decidedBy: 'quota' } })).toBeCloseTo(2500);
    expect(median({ placement: isolated })).toBeCloseTo(3000);
  });

  test('is a spread over trials, bound by what bounds the trial in the middle', () => {
    // 4000, 2000 and 4000 ÷ 3 a second.
    const trials = [trial(1000, null), trial(1000, 500), trial(3000, null)];
    expect(summaryOf(trials)?.impliedCapacity).toEqual({
      requestsPerSec: {
        median: expect.closeTo(2000),
        min: expect.closeTo(4000 / 3),
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
  const machine: Partial<Measurement> = { machine: { cpus: 4, idle: 0, steal: 0 }, generators: generatorOf(900, 0.6) };
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

  test('one trial that may not be ranked is in the median too, so the cell may not be ranked', () => {
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
