import { describe, expect, test } from 'vitest';
import { measurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import { cellOf, failedTrial, isolated, manifestOf, okTrial, planOf, shared } from '../../fixtures/run.ts';
import type { Trial } from '../../store/schema.ts';
import { measurementsOf, summariseCell } from './summary.ts';

const cell = cellOf('cluster');
const RETRIES = 2;
const summaryOf = (trials: readonly Trial[], retries = RETRIES) =>
  summariseCell(cell, trials, planOf(), manifestOf({ retries }));
const valid = [900, 1000, 1100].map((requestsPerSec, round) => okTrial(cell, round, measurementOf({ requestsPerSec })));
const failedOften = (round: number, times: number): Trial[] =>
  Array.from({ length: times }, (_, attempt) => failedTrial(cell, round, 'timeout', attempt));

test('a cell is told as it was planned', () => {
  expect(summaryOf([])).toEqual({
    id: 'hello/cluster',
    model: 'cluster',
    style: 'replicated',
    workers: 2,
    connections: 64,
    connectionMode: 'keep-alive',
    placement: shared,
    trialsOk: 0,
    trialsFailed: 0,
    trialsDisturbed: 0,
    givenUp: null,
    unable: false,
    mix: [],
    result: null,
  });
});

describe('failed trials', () => {
  test('are counted, and change no figure', () => {
    const without = summaryOf(valid);
    const with2 = summaryOf([failedTrial(cell, 3), ...valid, failedTrial(cell, 4, 'wrong-reply')]);
    expect(without).toMatchObject({ trialsOk: 3, trialsFailed: 0, result: { requestsPerSec: { trials: 3 } } });
    expect(with2).toEqual({ ...without, trialsFailed: 2 });
  });

  test('alone are no result', () => {
    expect(summaryOf([failedTrial(cell, 0)])).toMatchObject({ trialsOk: 0, trialsFailed: 1, result: null });
  });

  test('have no measurement to be averaged in', () => {
    expect(measurementsOf([failedTrial(cell, 0), ...valid]).map((one) => one.requestsPerSec)).toEqual([
      900, 1000, 1100,
    ]);
  });
});

describe('a cell that was given up', () => {
  test('has the reason and no result, also when trials before that were valid', () => {
    const found = summaryOf([...valid.slice(0, 2), ...failedOften(2, RETRIES + 1)]);
    const reason = { kind: 'timeout', message: 'a request had no reply within 10 s' };
    expect(found).toMatchObject({ trialsOk: 2, trialsFailed: 3, givenUp: reason, result: null });
  });

  test('is none that may still be tried again', () => {
    const trials = [...valid, ...failedOften(3, RETRIES)];
    expect(summaryOf(trials)).toMatchObject({ givenUp: null, result: { requestsPerSec: { trials: 3 } } });
    expect(summaryOf(trials, RETRIES - 1)).toMatchObject({ givenUp: { kind: 'timeout' }, result: null });
  });
});

test('the circumstances of the cell reach the label and the implied capacity', () => {
  const server = serverOf({ workers: [workerOf(500, 0.5), workerOf(500, 0.5)] });
  const trials = [okTrial(cell, 0, measurementOf({ requestsPerSec: 950, server }))];
  const limit = { kind: 'waiting', requestsPerSec: 1000, connections: 64, waitingMs: 64 } as const;
  const { result } = summariseCell({ ...cell, placement: isolated }, trials, planOf({ limit }), manifestOf());
  expect(result).toMatchObject({ limitedBy: { by: 'connections' }, shareOfLimit: expect.closeTo(0.95, 12) });
  // Three CPUs for the server, at 0.99 ms a request.
  expect(result?.impliedCapacity.requestsPerSec.point).toBeCloseTo(3000 / 0.99);
});
