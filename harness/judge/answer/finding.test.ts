import { expect, test } from 'vitest';
import { AHEAD, answerTo, found, RATES, type Standing } from '../fixtures/found.ts';
import type { Answer } from '../schema/answer.ts';
import { findingOf } from './finding.ts';

test.each<[string, Answer]>([
  ['cluster and both pools serve 1.9× a single process', answerTo('throughput', AHEAD)],
  [
    'cluster and both pools serve 1.3 to 2.5× a single process',
    answerTo('throughput', { ...AHEAD, single: [0.3, 0.6] }),
  ],
  [
    'cluster serves 1.01 to 2.0× the others',
    answerTo('throughput', { ...AHEAD, 'worker-threads': [0.005, 0.02], 'fork-pool': [0.01, 0.02], cluster: [0, 0] }),
  ],
  [
    'all serve as much, at most 2.1% apart',
    answerTo('throughput', { single: [0, 0.021], cluster: [0, 0.01] }, { level: true }),
  ],
  ['requests per second are at most 12% apart', answerTo('throughput', { single: [0, 0.12], cluster: [0, 0.11] })],
  [
    'single takes the least memory, the others 89% to 94% more',
    answerTo('peak-memory', {
      single: [0, 0],
      cluster: [0.9, 1],
      'fork-pool': [0.85, 0.95],
      'worker-threads': [0.9, 0.95],
    }),
  ],
  [
    'single needs the least CPU per request, cluster 12% to 21% more',
    answerTo('cpu-per-request', { single: [0, 0], cluster: [0.12, 0.21] }),
  ],
])('%s', (text, answer) => {
  const inverse = Object.fromEntries(Object.entries(RATES).map(([model, rate]) => [model, 1e4 / rate]));
  expect(findingOf(found([answer], null, answer.metric === 'cpu-per-request' ? inverse : RATES), answer.metric)).toBe(
    text,
  );
});

test('a model that may be the best is not put before another that it is not shown to be before', () => {
  const answer = answerTo('throughput', { ...AHEAD, cluster: [0, 0.55] });
  expect(findingOf(found([answer]), 'throughput')).toBe('both pools serve 1.9× a single process');
});

test.each<[string, readonly Answer[]]>([
  ['is not there', []],
  ['has too few rounds', [answerTo('throughput', { single: [0, null], cluster: [0, null] })]],
  ['contradicts itself', [answerTo('throughput', AHEAD, { best: [] })]],
  ['leaves any difference possible', [answerTo('cpu-per-request', { single: [0, 4], cluster: [0, 3] })]],
])('nothing is found where the answer %s', (_, answers) => {
  expect(findingOf(found(answers), answers[0]?.metric ?? 'throughput')).toBeNull();
});

test.each<[Standing, string]>([
  [[0.2, 0.22], '1.1 to 1.3×'],
  [[0.1, 0.5], '1.04 to 2.0×'],
  [[0.6, null], 'at least 2.3×'],
])('a figure beyond what the answer holds, %j, is not told: %s', (single, text) => {
  const standings = { cluster: [0, 0.06], single } as const;
  expect(findingOf(found([answerTo('throughput', standings)]), 'throughput')).toBe(
    `cluster serves ${text} a single process`,
  );
});
