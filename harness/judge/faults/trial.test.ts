import { describe, expect, test } from 'vitest';
import { faultRecordOf, type FaultStory } from '../../fixtures/faults.ts';
import { faultsOf } from './trial.ts';

const base: FaultStory = { requestsPerSec: 1000, arrivals: 'poisson', beforeMs: 2000, eachMs: 4000, jitterMs: 250 };

describe.each([
  ['an outage of 500 ms of all', { lost: { forMs: 500 } }],
  ['an outage of 500 ms of half', { lost: { forMs: 500, every: 2 } }],
  ['replies held for 800 ms', { held: { forMs: 800 } }],
  ['nothing at all', {}],
  ['gone for good', { lost: { forMs: Number.POSITIVE_INFINITY } }],
  ['three outages of 300 ms', { lost: { forMs: 300 }, times: 3 }],
] as const)('%s', (_, story: Partial<FaultStory>) => {
  const { record, truth } = faultRecordOf({ ...base, ...story });
  const { each, before } = faultsOf(record);

  test('what was lost and late is counted, request by request', () => {
    expect(each.map(({ lost }) => lost)).toEqual(truth.map(({ lost }) => lost));
    expect(each.map(({ late }) => late)).toEqual(truth.map(({ late }) => late));
    expect(before).toMatchObject({ lost: 0, late: 0 });
    expect(before.due + each.reduce((sum, { due }) => sum + due, 0)).toBe(
      record.trace.due.reduce((sum, count) => sum + count, 0),
    );
  });

  test('outage and recovery are those of the story, but for bins', () => {
    each.forEach((one, i) => {
      const { outageMs, recoveryMs } = truth[i] ?? { outageMs: 0, recoveryMs: null };
      expect(Math.abs(one.outageMs - outageMs)).toBeLessThanOrEqual(2 * record.trace.binMs);
      if (recoveryMs === null) expect(one.recoveryMs).toBeNull();
      else expect(Math.abs((one.recoveryMs ?? Number.NaN) - recoveryMs)).toBeLessThanOrEqual(50);
      expect(one.outageMs).toBeLessThanOrEqual(one.restMs);
    });
  });
});

test('requests that were under way when the fault came are of the fault', () => {
  const { record } = faultRecordOf({ ...base, jitterMs: 0, usualMs: 90 });
  const atBin = Math.floor(2000 / record.trace.binMs);
  const lost = [{ kind: 'reset', status: null, bins: [atBin - 9, 5, atBin - 60, 1] } as const];
  const { before, each } = faultsOf({ ...record, trace: { ...record.trace, lost } });
  expect([before.lost, each[0]?.lost]).toEqual([1, 5]);
});

test('what goes wrong at all times is no fault, and does not hide one', () => {
  const { record } = faultRecordOf({ ...base, lostAnyway: { every: 50 }, lost: { forMs: 400 } });
  const { before, each } = faultsOf(record);
  expect(before.lost / before.due).toBeCloseTo(0.02, 2);
  expect(each[0]?.recoveryMs).toBeGreaterThan(350);
  expect(each[0]?.recoveryMs).toBeLessThan(450);
});
