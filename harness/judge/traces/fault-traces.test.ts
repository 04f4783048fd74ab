import { describe, expect, test } from 'vitest';
import { faultCellOf, faultOf, faultRecordOf, type FaultStory, faultTrialOf } from '../../fixtures/faults.ts';
import { type FaultTrace, faultTraceOf } from './fault-traces.ts';
import { unpackedBands } from './latency-bands.ts';

const cell = faultCellOf('cluster', faultOf('kill'));
const STORY: FaultStory = { requestsPerSec: 500, beforeMs: 2000, eachMs: 4000, jitterMs: 250 };

function traceOf(story: Partial<FaultStory>, rounds = 5): FaultTrace {
  const trials = Array.from({ length: rounds }, (_, round) =>
    faultTrialOf(cell, round, faultRecordOf({ ...STORY, seed: round + 1, ...story }).record),
  );
  const trace = faultTraceOf(cell, trials);
  if (trace === null) throw new Error('there is no trace');
  return trace;
}

/** The bins from one time to another, in ms from the fault. */
function between<T>({ startMs, binMs }: FaultTrace, values: readonly T[], fromMs: number, toMs: number): readonly T[] {
  return values.slice(Math.round((fromMs - startMs) / binMs), Math.round((toMs - startMs) / binMs));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('trials in which the fault came at different moments', () => {
  const trace = traceOf({ lost: { forMs: 500 } });

  test('are aligned at it: what was lost stands from there on, and nothing before', () => {
    expect(trace).toMatchObject({ trials: 5, binMs: 50, faultsMs: [0] });
    expect(Math.max(...between(trace, trace.lostPerSec, -1900, 0))).toBe(0);
    expect(mean(between(trace, trace.lostPerSec, 0, 500))).toBeCloseTo(500, -2);
    expect(Math.max(...between(trace, trace.lostPerSec, 550, 3500))).toBe(0);
    expect(Math.max(...between(trace, trace.answeredPerSec, 50, 450))).toBe(0);
    expect(mean(between(trace, trace.answeredPerSec, -1900, -50))).toBeCloseTo(500, -1);
  });

  test('have latencies where there were replies, in figures and in bands', () => {
    expect(between(trace, trace.p50Ms, 100, 400).every((ms) => ms === null)).toBe(true);
    const before = between(trace, trace.p50Ms, -1900, -100).map((ms) => ms ?? 0);
    expect(mean(before)).toBeGreaterThan(1.5);
    expect(mean(before)).toBeLessThan(2.5);
    const counts = trace.bands.flatMap(unpackedBands).reduce((sum, { count }) => sum + count, 0);
    expect(counts).toBeGreaterThan(5 * 500 * 5);
  });

  test('are shown by the one whose losses are the median, as it was recorded', () => {
    const { shown } = trace;
    expect(shown.faultsMs).toEqual([0]);
    expect(shown.startMs).toBeLessThanOrEqual(-2000);
    const lost = shown.lost.reduce((sum, count) => sum + count, 0);
    expect(Math.abs(lost - 250)).toBeLessThan(2);
  });
});

test('requests that were held until later are late, and come all at once', () => {
  const trace = traceOf({ held: { forMs: 1000 } });
  expect(Math.max(...between(trace, trace.answeredPerSec, 1000, 1050))).toBeGreaterThan(3000);
  expect(between(trace, trace.p50Ms, 0, 50)[0]).toBeGreaterThan(800);
});

test('each of several faults has one place, whatever the time between them', () => {
  const trace = traceOf({ times: 3, lost: { forMs: 300 } });
  expect(trace.faultsMs).toHaveLength(3);
  for (const ms of trace.faultsMs) {
    expect(mean(between(trace, trace.lostPerSec, ms, ms + 300))).toBeGreaterThan(400);
    expect(mean(between(trace, trace.lostPerSec, ms - 500, ms))).toBeLessThan(10);
  }
});

test('few requests are told in wider bins', () => {
  const slow = faultCellOf('cluster', faultOf('kill'), { requestsPerSec: 20 });
  const { record } = faultRecordOf({ ...STORY, requestsPerSec: 20 });
  expect(faultTraceOf(slow, [faultTrialOf(slow, 0, record)])?.binMs).toBeGreaterThan(200);
});

test('when a reload was over is the mean of the trials', () => {
  expect(traceOf({ reloadMs: 400 }).overMs).toBeCloseTo(400);
  expect(traceOf({}).overMs).toBeNull();
});

test('there is none without a valid trial', () => {
  expect(faultTraceOf(cell, [])).toBeNull();
});
