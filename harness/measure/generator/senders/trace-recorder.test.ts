import { expect, test } from 'vitest';
import { unpackedBands, bandOf } from '../../../judge/traces/latency-bands.ts';
import { TIMED_OUT, TraceRecorder } from './trace-recorder.ts';

const RESET = { kind: 'reset', status: null } as const;

test('every request is in the bin in which it was due, and a good reply in the bin in which it came as well', () => {
  const recorder = new TraceRecorder();
  for (const dueMs of [999, 1000, 1019, 1020, 1059.9, 1060]) recorder.due(dueMs);
  recorder.good(999, 1001);
  recorder.good(1000, 1045);
  recorder.good(1019, 1200);
  recorder.lost(1020, RESET);
  recorder.lost(1059.9, TIMED_OUT);
  recorder.lost(1060, RESET);
  const { due, answered, latencies, lost } = recorder.trace(1000, 60);
  expect(due).toEqual([2, 1, 1]);
  expect(answered).toEqual([1, 0, 1]);
  expect(latencies.map((one) => unpackedBands(one))).toEqual([
    [
      { band: bandOf(45), count: 1 },
      { band: bandOf(181), count: 1 },
    ],
    [],
    [],
  ]);
  expect(lost).toEqual([
    { ...RESET, bins: [1, 1] },
    { ...TIMED_OUT, bins: [2, 1] },
  ]);
});

test('what clients saw is told apart by kind and status, and what was not in the window is left out', () => {
  const recorder = new TraceRecorder();
  for (const status of [500, 503, 503]) recorder.lost(10, { kind: 'status', status });
  recorder.lost(-1, RESET);
  for (const atMs of [-5, 15, 15, 30]) recorder.closedIdle(atMs);
  recorder.opened(39);
  expect(recorder.trace(0, 40)).toMatchObject({
    lost: [
      { kind: 'status', status: 500, bins: [0, 1] },
      { kind: 'status', status: 503, bins: [0, 2] },
    ],
    closedIdle: [0, 2, 1, 1],
    opened: [1, 1],
  });
});

test.each([
  [1, 1, 20],
  [6_000, 300, 20],
  [20_000, 1_000, 20],
  [20_010, 501, 40],
  [200_000, 625, 320],
])('a window of %i ms has %i bins of %i ms', (windowMs, bins, binMs) => {
  const trace = new TraceRecorder().trace(0, windowMs);
  expect([trace.due.length, trace.latencies.length, trace.answered.length, trace.binMs]).toEqual([
    bins,
    bins,
    bins,
    binMs,
  ]);
});
