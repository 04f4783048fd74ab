import { describe, expect, test } from 'vitest';
import { cellOf, failedTrial, histogramOf, measurementOf, okTrial, serverOf, workerOf } from '../fixtures/run.ts';
import type { Limit, Measurement } from '../store/schema.ts';
import { summariseCell } from './cell-summary.ts';

const HOST = { count: 4, capacity: 4, host: 4, decidedBy: 'host' } as const;
const cell = cellOf('cluster');
const summaryOf = (measurements: readonly Partial<Measurement>[], limit: Limit | null = null) =>
  summariseCell(
    cell,
    measurements.map((changes, round) => okTrial(cell, round, measurementOf(changes))),
    limit,
    HOST,
  ).result;

describe('failed trials', () => {
  const valid = [900, 1000, 1100].map((requestsPerSec, round) =>
    okTrial(cell, round, measurementOf({ requestsPerSec })),
  );

  test('are counted, and change no figure', () => {
    const without = summariseCell(cell, valid, null, HOST);
    const with2 = summariseCell(
      cell,
      [failedTrial(cell, 3), ...valid, failedTrial(cell, 4, 'wrong-reply')],
      null,
      HOST,
    );
    expect(without).toMatchObject({ trialsOk: 3, trialsFailed: 0 });
    expect(with2).toEqual({ ...without, trialsFailed: 2 });
  });

  test('alone are no result', () => {
    expect(summariseCell(cell, [failedTrial(cell, 0)], null, HOST)).toMatchObject({
      trialsOk: 0,
      trialsFailed: 1,
      result: null,
    });
  });
});

test('a cell that was never visited has no result', () => {
  expect(summariseCell(cell, [], null, HOST)).toMatchObject({ trialsOk: 0, trialsFailed: 0, result: null });
});

test('the trial is the unit: medians and ranges are over trials', () => {
  const result = summaryOf([
    { requestsPerSec: 900, server: serverOf({ cpuMsPerRequest: 3 }) },
    { requestsPerSec: 1000, server: serverOf({ cpuMsPerRequest: 1 }) },
    { requestsPerSec: 1400, server: serverOf({ cpuMsPerRequest: 2 }) },
  ]);
  expect(result).toMatchObject({
    requestsPerSec: { median: 1000, min: 900, max: 1400, trials: 3 },
    cpuMsPerRequest: { median: 2, min: 1, max: 3, trials: 3 },
  });
});

test('latencies are those of all requests, not a mean of the trials', () => {
  const result = summaryOf([
    { latencyHistogram: histogramOf(Array.from({ length: 900 }, () => 1000)) },
    { latencyHistogram: histogramOf(Array.from({ length: 100 }, () => 100_000)) },
  ]);
  expect(result?.latencyMs.p50).toBeCloseTo(1, 2);
});

test('the share of the limit is that of the median', () => {
  const limit: Limit = { kind: 'cpu', requestsPerSec: 2000, cpus: 2, kernelCpuMs: 1 };
  const rates = [{ requestsPerSec: 500 }, { requestsPerSec: 1000 }, { requestsPerSec: 1900 }];
  expect(summaryOf(rates, limit)?.shareOfLimit).toBe(0.5);
  expect(summaryOf(rates, null)?.shareOfLimit).toBeNull();
});

test('memory counts as proportional only when it was in every trial', () => {
  const [pss, rss] = (['pss', 'rss'] as const).map((kind) => ({ memory: { kind, bytes: 1000 } }));
  expect(summaryOf([pss ?? {}, pss ?? {}])?.memory.kind).toBe('pss');
  expect(summaryOf([pss ?? {}, rss ?? {}])?.memory.kind).toBe('rss');
});

describe('the shares of the workers', () => {
  const split = (...requests: readonly number[]): Partial<Measurement> => ({
    server: serverOf({ workers: requests.map((count) => workerOf(count)) }),
  });

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

  test('fairness is told from each trial, not from the sum: being uneven in turn is not even', () => {
    expect(summaryOf([split(1000, 0), split(0, 1000)])?.fairness).toBe(0.5);
    expect(summaryOf([split(500, 500), split(500, 500)])?.fairness).toBe(1);
  });
});

describe('what held the cell back', () => {
  const generator: Partial<Measurement> = { generator: { cpuMs: 990, utilisation: 0.99 } };

  test('is told plainly when all trials agree', () => {
    expect(summaryOf([{}, {}])?.limitedBy).toEqual({
      by: 'workers',
      evidence: 'workers were busy 99% of the time',
    });
  });

  test('is what most trials say, and says in how many', () => {
    const front: Partial<Measurement> = {
      server: serverOf({ front: { utilisation: 0.99, cpuMs: 990 }, workers: [workerOf(1000, 0.5)] }),
    };
    expect(summaryOf([front, {}, {}])?.limitedBy).toEqual({
      by: 'workers',
      evidence: 'in 2 of 3 trials workers were busy 99% of the time',
    });
  });

  test('one trial that may not be ranked is in the median too, so the cell may not be ranked', () => {
    expect(summaryOf([{}, generator, {}])?.limitedBy).toEqual({
      by: 'generator',
      evidence: 'in 1 of 3 trials the generator was busy 99% of the time',
    });
  });
});
