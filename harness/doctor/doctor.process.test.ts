/** The servers whose figures are known, really started and really measured. Times are asserted loosely: machines are shared. */
import { afterAll, expect, test } from 'vitest';
import { examineHere } from '../../dist/harness/doctor/examining.js';
import { mergeLatencies } from '../stats/latency.ts';
import type { Measurement } from '../store/schema.ts';
import { faultNames, faults, type TruthName } from './truths/known.ts';

const examining = examineHere();
const { signal } = new AbortController();
afterAll(() => examining.close());

async function measured(name: TruthName): Promise<Measurement> {
  const { outcome } = await examining.truth(name, signal);
  if (outcome.status === 'failed') throw new Error(`${name}: ${outcome.reason.message}`);
  return outcome.measurement;
}

test.each(faultNames)('%s is caught', async (name) => {
  const { outcome } = await examining.truth(name, signal);
  expect(outcome).toMatchObject({ status: 'failed', reason: { kind: faults[name].kind } });
});

test('the same server without a fault is measured', async () => {
  expect((await measured('healthy')).requests).toBeGreaterThan(0);
});

test('the fixed delay', async () => {
  const { latencyHistogram } = await measured('fixed-delay');
  const p50 = mergeLatencies([latencyHistogram])?.p50;
  expect(p50).toBeGreaterThanOrEqual(19.9);
  expect(p50).toBeLessThan(60);
});

test('the known spin', async () => {
  const { requestsPerSec } = await measured('known-spin');
  expect(requestsPerSec).toBeGreaterThan(20);
  expect(requestsPerSec).toBeLessThan(105);
});

test('two equal servers', async () => {
  const trials = [await examining.equal(0, signal), await examining.equal(0, signal)];
  expect(trials.map(({ outcome }) => outcome.status)).toEqual(['ok', 'ok']);
});
