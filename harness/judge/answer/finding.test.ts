import { expect, test } from 'vitest';
import { cellOfRounds, type Measured } from '../fixtures/contenders.ts';
import type { Answer, Decision } from '../schema/answer.ts';
import { findingOf, overallAnswer, verdictLine } from './finding.ts';

type Standing = readonly [atLeast: number, atMost: number | null];
type Found = Parameters<typeof verdictLine>[0];

const RATES: Readonly<Record<string, number>> = { single: 98, cluster: 190, 'fork-pool': 186, 'worker-threads': 188 };

function measured(rate: number, changes: Partial<Measured> = {}): Measured {
  return { rates: [rate, rate, rate], cpuMs: 1000 / rate, mib: rate, ...changes };
}

function answerTo(
  metric: Answer['metric'],
  standings: Readonly<Record<string, Standing>>,
  changes: Partial<Answer> = {},
) {
  const models = Object.entries(standings).map(([model, [atLeastBehind, atMostBehind]]) => ({
    ...{ cell: `cpu/${model}`, atLeastBehind, atMostBehind },
  }));
  const best = models.filter(({ atLeastBehind }) => atLeastBehind === 0).map(({ cell }) => cell);
  return {
    metric,
    offeredPerSec: null,
    rounds: 5,
    best,
    within: [],
    level: false,
    models,
    roundsToAnswer: 2,
    ...changes,
  };
}

function found(answers: readonly Answer[], decision: Decision | null = null, rates = RATES): Found {
  const cells = Object.entries(rates).map(([model, rate]) => cellOfRounds(model, measured(rate)));
  const texts = { name: 'cpu', inWords: '10 ms of CPU per request', parameters: { ms: 10 } };
  return { ...texts, cells, answers: [...answers], decision, latency: null };
}

function taking(model: string, changes: Partial<Decision> = {}): Decision {
  const take = `cpu/${model}`;
  return { take, metric: 'throughput', offeredPerSec: null, among: [take], why: 'only', ...changes };
}

const AHEAD = { cluster: [0, 0.03], 'worker-threads': [0, 0.04], 'fork-pool': [0, 0.06], single: [0.46, 0.5] } as const;

test.each<[string, Answer]>([
  ['cluster and both pools serve 1.9× a single process', answerTo('throughput', AHEAD)],
  [
    'cluster and both pools serve 1.3 to 2.5× a single process',
    answerTo('throughput', { ...AHEAD, single: [0.3, 0.6] }),
  ],
  [
    'cluster serves 1.0 to 2.0× the others',
    answerTo('throughput', { ...AHEAD, 'worker-threads': [0.005, 0.02], 'fork-pool': [0.01, 0.02], cluster: [0, 0] }),
  ],
  [
    'all serve as much, at most 2.1% apart',
    answerTo('throughput', { single: [0, 0.021], cluster: [0, 0.01] }, { level: true }),
  ],
  ['requests per second are at most 12% apart', answerTo('throughput', { single: [0, 0.12], cluster: [0, 0.11] })],
  [
    'single takes the least memory, the others 1.9× as much',
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
  [[0.1, 0.5], '1.0 to 2.0×'],
  [[0.6, null], 'at least 2.3×'],
])('a figure beyond what the answer holds, %j, is not told: %s', (single, text) => {
  const standings = { cluster: [0, 0.06], single } as const;
  expect(findingOf(found([answerTo('throughput', standings)]), 'throughput')).toBe(
    `cluster serves ${text} a single process`,
  );
});

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
