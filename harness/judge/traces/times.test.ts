import { expect, test } from 'vitest';
import { openMeasurementOf } from '../../fixtures/measurement.ts';
import { cellOf, complete, failedTrial, manifestOf, okTrial } from '../../fixtures/run.ts';
import type { Run, Trial } from '../../store/schema.ts';
import { timesOf } from './times.ts';

const single = cellOf('single');

function runOf(trials: readonly Trial[], end: Run['end'] = null): Run {
  return { manifest: manifestOf(), additions: [], trials, end };
}

test('from the start of the run to its end, which one that goes on has not', () => {
  const { startedAt } = manifestOf();
  const at = new Date(Date.parse(startedAt) + 90_000).toISOString();
  expect(timesOf(runOf([], { ...complete, at })).elapsedMs).toBe(90_000);
  expect(timesOf(runOf([])).elapsedMs).toBeNull();
});

test('a clock that was moved back does not tell how long the run took', () => {
  const { startedAt } = manifestOf();
  expect(timesOf(runOf([okTrial(single, 0)], { ...complete, at: startedAt })).elapsedMs).toBeNull();
});

test('failed trials take time too', () => {
  const failed = { ...failedTrial(single, 0), phasesMs: { spawn: 70 } };
  expect(timesOf(runOf([okTrial(single, 0), failed])).trialsMs).toBe(1050 + 70);
});

test('phases are medians of the valid trials that had them, in their order, by kind of load', () => {
  const phased = (phasesMs: Trial['phasesMs'], round: number): Trial => ({ ...okTrial(single, round), phasesMs });
  const trials = [
    phased({ measure: 1000, spawn: 10 }, 0),
    phased({ measure: 1001, spawn: 30, stop: 5 }, 1),
    phased({ measure: 1002, spawn: 20 }, 2),
    { ...failedTrial(single, 3), phasesMs: { spawn: 9000 } },
    okTrial(single, 0, openMeasurementOf([5], {}, { windowMs: 2000 })),
  ];
  expect(timesOf(runOf(trials)).trials).toEqual([
    {
      load: 'capacity',
      totalMs: 1022,
      phases: [
        { phase: 'spawn', ms: 20 },
        { phase: 'measure', ms: 1001 },
        { phase: 'stop', ms: 5 },
      ],
      windowMs: 1000,
    },
    expect.objectContaining({ load: 'rate', totalMs: 1050, windowMs: 2000 }),
  ]);
});
