import { expect, test } from 'vitest';
import { AHEAD, answerTo, found, taking } from '../fixtures/found.ts';
import type { Comparison } from '../schema/summary.ts';
import { changeText, overallAnswer, qualification, verdictLine } from './decision.ts';
import type { Found } from './finding.ts';

test('what is to be taken, how sure that is, and what is as good', () => {
  const among = ['cpu/cluster', 'cpu/worker-threads'];
  const answer = answerTo('throughput', AHEAD);
  expect(verdictLine(found([answer], taking('worker-threads', { among, why: 'peak-memory' })))).toBe(
    'take worker-threads: 188/s, the best or at most 4% behind; cluster is as good',
  );
  const cpu = answerTo('cpu-per-request', { single: [0, 0.02], cluster: [0.1, 0.2] });
  expect(verdictLine(found([cpu], taking('single', { metric: 'cpu-per-request' })))).toBe(
    'take single: 10.2 ms of CPU per request, the least or at most 2% more',
  );
});

test('what is open says between which, and by how much it can matter', () => {
  expect(verdictLine(found([answerTo('throughput', AHEAD)]))).toBe(
    'not decided yet: cluster, worker-threads or fork-pool, at most 6% behind',
  );
  expect(verdictLine(found([]))).toBe('not decided: something other than the server was the limit');
  expect(overallAnswer({ scenarios: [found([]), { ...found([]), inWords: 'another' }] })).toBe(
    'Not decided, as something other than the server was the limit: 10 ms of CPU per request and another.',
  );
});

test('over all scenarios, each model once, with what it is worth', () => {
  const cpu = found([answerTo('throughput', AHEAD)], taking('cluster'));
  const cheap = answerTo('cpu-per-request', { single: [0, 0.02], cluster: [0.1, 0.2] });
  const io = {
    ...found([cheap], taking('single', { metric: 'cpu-per-request' })),
    name: 'io',
    inWords: '20 ms of waiting',
  };
  const open = { ...found([answerTo('throughput', AHEAD)]), name: 'own', inWords: null, parameters: { n: 2 } };
  const told = (...scenarios: readonly Found[]): string => overallAnswer({ scenarios });
  expect(told(cpu, io, open)).toBe(
    'Take cluster for 10 ms of CPU per request (1.9× a single process); single for 20 ms of waiting (least CPU). ' +
      'Not decided yet: own n=2 (cluster, worker-threads or fork-pool).',
  );
  expect(told(cpu, { ...cpu, inWords: 'more' })).toMatch(
    /^Take cluster for all: 10 ms of CPU per request .* and more/u,
  );
});

test('a short answer over all has nothing in brackets', () => {
  const cpu = found([answerTo('throughput', AHEAD)], taking('cluster'));
  const open = { ...found([answerTo('throughput', AHEAD)]), inWords: 'another' };
  expect(overallAnswer({ scenarios: [cpu, open] }, 'short')).toBe(
    'Take cluster for 10 ms of CPU per request. Not decided yet: another.',
  );
});

const decided = found([answerTo('throughput', AHEAD)], taking('cluster'));
const costing = (verdict: Comparison['verdict']) => ({
  ...decided,
  comparisons: [{ candidate: 'cpu/cluster', baseline: 'cpu/single', metric: 'cpu-per-request', verdict } as const].map(
    (one) => ({ ...one, ratio: null, roundsToSettle: null, reason: '', hint: null }),
  ),
});

test.each<[string, Comparison['verdict']]>([
  ['on one CPU cluster would still be ahead', 'better'],
  ['on one CPU single would be ahead', 'worse'],
  ['on one CPU single would do as well', 'equivalent'],
  ['on one CPU single may do as well', 'inconclusive'],
])('what would change it: %s', (text, verdict) => {
  expect(changeText(costing(verdict))).toBe(text);
  expect(qualification(costing(verdict))).toBe(`190 MiB of memory, single 98 MiB; ${text}`);
});

test('one CPU changes nothing where the single process is not shown to be behind, or nothing is decided', () => {
  const near = { ...costing('better'), answers: [answerTo('throughput', { ...AHEAD, single: [0, 0.2] })] };
  expect(changeText(near)).toBe('');
  expect(changeText({ ...costing('better'), decision: null })).toBe('');
  expect(qualification({ ...costing('better'), decision: null })).toBe('');
});

test('one model alone is not undecided, and its name stays as it was given', () => {
  const own = { ...found([], null, { one: 985 }), inWords: null, name: 'orders', parameters: {} };
  expect(overallAnswer({ scenarios: [own] })).toBe('orders: one serves 985/s.');
  const alone = found([], null, { single: 985 });
  expect(verdictLine(alone)).toBe('there is nothing to compare single with');
  expect(overallAnswer({ scenarios: [alone] })).toBe('10 ms of CPU per request: single serves 985/s.');
});
