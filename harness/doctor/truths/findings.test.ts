import { expect, test } from 'vitest';
import {
  delayTrial,
  freezingTrial,
  openTrial,
  queueTrial,
  spinTrial,
  trueTrial,
} from '../../fixtures/fake-examining.ts';
import { environment, failedTrial, okTrial } from '../../fixtures/run.ts';
import type { Trial } from '../../store/schema.ts';
import { type TruthTrials, truthFindings } from './findings.ts';
import { faultNames, faults, type TruthName } from './known.ts';

const right: TruthTrials = {
  'fixed-delay': [trueTrial('fixed-delay'), trueTrial('fixed-delay'), trueTrial('fixed-delay')],
  'known-spin': [trueTrial('known-spin')],
  'open-delay': [trueTrial('open-delay'), trueTrial('open-delay'), trueTrial('open-delay')],
  'known-queue': [trueTrial('known-queue')],
  freezing: [trueTrial('freezing')],
  'wrong-reply': [trueTrial('wrong-reply')],
  closing: [trueTrial('closing')],
  unavailable: [trueTrial('unavailable')],
  hanging: [trueTrial('hanging')],
  healthy: [trueTrial('healthy')],
};
const cell = { id: 'doctor/truth' };

function finding(name: string, changed: TruthName, trials: readonly Trial[]) {
  const all = truthFindings({ ...right, [changed]: trials }, environment.availableCpus);
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no check '${name}'`);
  expect(found.nextStep === null).toBe(found.level === 'ok');
  return found;
}

test('what is measured as it is', () => {
  const all = truthFindings(right, environment.availableCpus);
  expect(all.map(({ name, value, truth, level }) => [name, value, truth, level])).toEqual([
    ['fixed delay, p50', '20.25 ms', '20 ms', 'ok'],
    ['fixed delay, p99', '20.25 ms', '20 ms', 'ok'],
    ['known spin, capacity', '99.80 requests/s', '100 requests/s', 'ok'],
    ['known spin, CPU time', '10.05 ms/request', '10 ms/request', 'ok'],
    ['known spin, limited by', 'workers', 'workers', 'ok'],
    ['open loop, fixed delay, p50', '20.25 ms', '20.00 ms', 'ok'],
    ['open loop, fixed delay, p99', '20.25 ms', '20.00 ms', 'ok'],
    ['open loop, queue M/D/1, p50', expect.any(String), expect.any(String), 'ok'],
    ['open loop, queue M/D/1, p90', expect.any(String), expect.any(String), 'ok'],
    ['open loop, queue M/D/1, p99', expect.any(String), expect.any(String), 'ok'],
    ['open loop, freezing, p50', '0.20 ms', '0.00 ms', 'ok'],
    ['open loop, freezing, p90', '600.06 ms', '600 ms', 'ok'],
    ['open loop, freezing, p99', '960.51 ms', '960 ms', 'ok'],
    ['a wrong reply in a hundred', 'caught: wrong-reply', 'wrong-reply', 'ok'],
    ['closes connections', 'caught: connection-closed', 'connection-closed', 'ok'],
    ['answers 503 quickly', 'caught: status', 'status', 'ok'],
    ['hangs', 'caught: timeout', 'timeout', 'ok'],
    ['the same without a fault', 'measured', 'measured', 'ok'],
  ]);
});

test.each([
  [[20.9], 'ok'],
  [[21.1], 'unfit'],
  [[18.9], 'unfit'],
  [[20.2, 45, 20.3], 'ok'],
  [[20.2, 45, 23], 'unfit'],
])('a delay of %j ms is %s: for p50 the median of the trials counts', (ms, level) => {
  const trials = ms.map((one) => delayTrial(one));
  expect(finding('fixed delay, p50', 'fixed-delay', trials).level).toBe(level);
});

test.each([
  [[20.9, 20.9, 20.9], 'ok'],
  [[18.9, 18.9, 18.9], 'unfit'],
  [[20.2, 45, 20.3], 'unfit'],
])('a delay of %j ms is %s: for p99 the replies of all trials count', (ms, level) => {
  const trials = ms.map((one) => delayTrial(one));
  expect(finding('fixed delay, p99', 'fixed-delay', trials).level).toBe(level);
});

test('a percentile of too few replies is not guessed', () => {
  const trials = [delayTrial(20), delayTrial(20, 249)];
  expect(finding('fixed delay, p50', 'fixed-delay', trials).level).toBe('ok');
  expect(finding('fixed delay, p99', 'fixed-delay', trials)).toMatchObject({
    level: 'unfit',
    value: 'too few replies to tell',
  });
});

test('a harness that measures too short a delay is wrong, and not the machine', () => {
  expect(finding('fixed delay, p50', 'fixed-delay', [delayTrial(18)]).nextStep).toContain('bug of fourways');
  expect(finding('fixed delay, p50', 'fixed-delay', [delayTrial(24)]).nextStep).toContain('end other programs');
});

test.each([
  [97.1, 'ok'],
  [96.9, 'unfit'],
  [103.1, 'unfit'],
])('a capacity of %d requests/s is %s', (requestsPerSec, level) => {
  expect(finding('known spin, capacity', 'known-spin', [spinTrial(requestsPerSec)]).level).toBe(level);
});

test.each([
  [10.29, 'ok'],
  [9.6, 'unfit'],
])('CPU time of %d ms a request is %s', (cpuMs, level) => {
  expect(finding('known spin, CPU time', 'known-spin', [spinTrial(100, cpuMs)]).level).toBe(level);
});

test('a trial of the spin that was held back by something else', () => {
  const trials = [spinTrial(100), spinTrial(100, 10, 0.5)];
  expect(finding('known spin, limited by', 'known-spin', trials)).toMatchObject({ value: 'unclear', level: 'unfit' });
});

test.each(faultNames)('%s: not noticed, or under another name', (name) => {
  const { summary } = faults[name];
  expect(finding(summary, name, [okTrial(cell, 0)])).toMatchObject({ value: 'not noticed', level: 'unfit' });
  expect(finding(summary, name, [failedTrial(cell, 0, 'no-requests')])).toMatchObject({
    value: 'named no-requests',
    level: 'unfit',
  });
  expect(finding(summary, name, []).level).toBe('unfit');
});

test('a healthy server that fails is no measurement', () => {
  const failed = [failedTrial(cell, 0, 'not-ready')];
  expect(finding('the same without a fault', 'healthy', failed)).toMatchObject({
    value: 'failed: not-ready',
    level: 'unfit',
  });
  expect(finding('fixed delay, p50', 'fixed-delay', failed)).toMatchObject({ level: 'unfit' });
  expect(finding('known spin, limited by', 'known-spin', failed)).toMatchObject({ level: 'unfit' });
});

test('a queue that is measured too short or too long is found', () => {
  expect(finding('open loop, queue M/D/1, p50', 'known-queue', [queueTrial(0.9)]).level).toBe('ok');
  expect(finding('open loop, queue M/D/1, p50', 'known-queue', [queueTrial(1.1)]).level).toBe('unfit');
  expect(finding('open loop, queue M/D/1, p50', 'known-queue', [queueTrial(-1.1)])).toMatchObject({
    level: 'unfit',
    nextStep: expect.stringContaining('bug'),
  });
});

test('of three queues the middle one counts', () => {
  const trials = [queueTrial(0.1), queueTrial(9), queueTrial(0.2)];
  expect(finding('open loop, queue M/D/1, p99', 'known-queue', trials).level).toBe('ok');
  const disturbed = [queueTrial(0.1), queueTrial(9), queueTrial(9)];
  expect(finding('open loop, queue M/D/1, p99', 'known-queue', disturbed).level).toBe('unfit');
});

test('a generator that waits with the frozen server is found', () => {
  const polite = openTrial(
    'freezing',
    Array.from({ length: 4000 }, (_, i) => (i < 5 ? 1000 : 0.2)),
  );
  expect(finding('open loop, freezing, p90', 'freezing', [polite]).level).toBe('unfit');
  expect(finding('open loop, freezing, p99', 'freezing', [freezingTrial(1.04)]).level).toBe('unfit');
  expect(finding('open loop, freezing, p99', 'freezing', [freezingTrial(1.02)]).level).toBe('ok');
});

test('an open loop that failed, or has too few replies, is unfit', () => {
  expect(finding('open loop, freezing, p99', 'freezing', []).value).toBe('not measured');
  expect(finding('open loop, freezing, p99', 'freezing', [failedTrial(cell, 0)]).value).toBe('failed: timeout');
  expect(finding('open loop, fixed delay, p99', 'open-delay', [trueTrial('open-delay')]).value).toBe(
    'too few replies to tell',
  );
});
