import { expect, test } from 'vitest';
import { cellOfRounds } from '../fixtures/contenders.ts';
import type { Answer, Decision } from '../schema/answer.ts';
import { headline } from './headline.ts';

const MODELS = ['single', 'cluster', 'fork-pool'];
const cells = MODELS.map((model) => cellOfRounds(model, null));
const idOf = (model: string): string => `cpu/${model}`;
const told = (answers: readonly Answer[], decision: Decision | null): string =>
  headline({ name: 'cpu', cells, answers: [...answers], decision });

function throughput(best: readonly string[], changes: Partial<Answer> = {}): Answer {
  return {
    ...{ metric: 'throughput', offeredPerSec: null, rounds: 3, within: [], level: false, roundsToAnswer: 2 },
    best: best.map(idOf),
    models: MODELS.map((model) => ({ cell: idOf(model), atLeastBehind: 0, atMostBehind: 0.1 })),
    ...changes,
  };
}

function decided(changes: Partial<Decision> = {}): Decision {
  const take = idOf('cluster');
  return { take, metric: 'throughput', offeredPerSec: null, among: [take], why: 'only', ...changes };
}

test.each<[string, Decision]>([
  ['cpu → cluster', decided()],
  ['cpu → cluster (least CPU)', decided({ metric: 'cpu-per-request' })],
  ['cpu → cluster (least CPU at 1,440 requests/s)', decided({ metric: 'cpu-per-request', offeredPerSec: 1440 })],
])('what is to be taken: %s', (text, decision) => {
  expect(told([throughput(['cluster'])], decision)).toBe(text);
});

test('between which it is open, where some are out', () => {
  expect(told([throughput(['cluster', 'fork-pool'])], null)).toBe('cpu → cluster or fork-pool, not decided yet');
  expect(told([throughput(MODELS)], null)).toBe('cpu → not decided yet');
});

test('nothing is decided where nothing is known, or rounds contradict each other', () => {
  const unknown = MODELS.map((model) => ({ cell: idOf(model), atLeastBehind: 0, atMostBehind: null }));
  for (const answers of [[], [throughput(MODELS, { models: unknown })], [throughput([])]]) {
    expect(told(answers, null)).toBe('cpu → not decided');
  }
});

test('of models with several ways of using connections both are named', () => {
  const fresh = cellOfRounds('cluster', null, { id: 'cpu/cluster/per-request', connectionMode: 'per-request' });
  expect(headline({ name: 'cpu', cells: [...cells, fresh], answers: [], decision: decided({ take: fresh.id }) })).toBe(
    'cpu → cluster with a connection per request',
  );
});
