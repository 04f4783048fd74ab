import { describe, expect, test } from 'vitest';
import type { ScenarioSummary } from '../../../harness/judge/schema/summary.ts';
import { cell } from '../../fixtures/build.ts';
import { latencySummary } from '../../fixtures/latency-summary.ts';
import { summary } from '../../fixtures/summary.ts';
import { resultWith, scenario, scenarioOf, summaryOf } from '../../fixtures/variants.ts';
import { sideBySide } from '../../side-by-side/summary.ts';
import { answers } from './answer.ts';

type Decision = NonNullable<ScenarioSummary['decision']>;
type Answer = ScenarioSummary['answers'][number];

const MODELS = ['single', 'cluster', 'fork-pool', 'worker-threads'];
const idOf = (model: string) => `x/${model}`;

/** Four models; by model how far it is behind at least and at most. */
function judged(
  standings: Readonly<Record<string, readonly [atLeast: number, atMost: number | null]>>,
  decision: Pick<Decision, 'take' | 'among'> | null,
  models = MODELS,
): ScenarioSummary {
  const known = Object.entries(standings).map(([model, [atLeastBehind, atMostBehind]]) => {
    return { cell: idOf(model), atLeastBehind, atMostBehind };
  });
  const answer: Answer = {
    ...{ metric: 'throughput', offeredPerSec: null, rounds: 3, within: [], level: false, roundsToAnswer: null },
    best: known.filter(({ atLeastBehind }) => atLeastBehind === 0).map((one) => one.cell),
    models: known,
  };
  const ids = decision && { take: idOf(decision.take), among: decision.among.map(idOf) };
  return {
    ...scenarioOf(...models.map((model) => cell('x', model, resultWith({})))),
    answers: [answer],
    decision: ids && { metric: 'throughput', offeredPerSec: null, why: 'only', ...ids },
  };
}

const apart = {
  cluster: [0, 0.012],
  single: [0.44, 0.5],
  'fork-pool': [0, 0.06],
  'worker-threads': [0, 0.04],
} as const;

describe('the model to take', () => {
  test('with how far it may be behind, where no other is as good', () => {
    expect(answers(judged(apart, { take: 'cluster', among: ['cluster'] }))).toEqual([
      'take cluster, the best or at most 1.2% behind',
      'take cluster',
      'cluster',
    ]);
    expect(answers(scenario('hello'))).toEqual(['not decided']);
  });

  test('and those that are as good', () => {
    expect(answers(judged(apart, { take: 'cluster', among: ['fork-pool', 'cluster', 'worker-threads'] }))).toEqual([
      'take cluster; fork-pool and worker-threads are as good',
      'take cluster (or fork-pool or worker-threads)',
      'take cluster; 2 others as good',
      'take cluster',
      'cluster',
    ]);
    expect(answers(judged(apart, { take: 'cluster', among: ['fork-pool', 'cluster'] }))[0]).toBe(
      'take cluster; fork-pool is as good',
    );
  });

  test('by what the same work costs, where requests per second do not decide', () => {
    const io = latencySummary.scenarios[2];
    expect(io && answers(io)).toEqual([
      'take single: least CPU per request at 1,490 requests/s',
      'take single: least CPU per request',
      'take single: least CPU',
      'take single',
      'single',
    ]);
  });
});

describe('where none is to be taken', () => {
  test('those that may be the best, unless that is all of them', () => {
    expect(answers(judged(apart, null))).toEqual([
      'cluster, fork-pool or worker-threads, not decided yet',
      'not decided yet',
      'not decided',
    ]);
    const open = { ...apart, single: [0, 0.5] } as const;
    expect(answers(judged(open, null))).toEqual(['not decided yet', 'not decided']);
    const two = { cluster: [0, 0.1], single: [0, 0.05] } as const;
    expect(answers(judged(two, null, ['single', 'cluster']))[0]).toBe('cluster or single, not decided yet');
  });

  test('nothing that is not known', () => {
    const unknown = { cluster: [0, null], single: [0, null] } as const;
    expect(answers(judged(unknown, null))).toEqual(['not decided']);
    expect(answers({ ...judged(apart, null), answers: [] })).toEqual(['not decided']);
  });

  test('that nothing is ranked, or nothing was measured', () => {
    expect(answers(scenario('io'))).toEqual(['nothing is ranked', 'nothing ranked']);
    const failed = scenarioOf(...MODELS.map((model) => cell('x', model, null)));
    expect(answers(failed)).toEqual(['nothing measured']);
  });

  test('of a single model there is nothing to answer', () => {
    expect(answers(scenarioOf(cell('x', 'single', resultWith({}))))).toEqual([]);
  });
});

describe('of several runs', () => {
  const beside = (...all: readonly ScenarioSummary[]) => {
    const runs = all.map((one, i) => ({ label: `run ${i + 1}`, summary: summaryOf(one) }));
    return sideBySide(runs).summary.scenarios.flatMap(answers);
  };
  const one = judged(apart, { take: 'cluster', among: ['cluster'] });

  test('what all of them say', () => {
    expect(beside(one, one)).toEqual(answers(one));
    expect(beside(one, judged(apart, { take: 'cluster', among: ['fork-pool', 'cluster'] }))).toEqual([
      'take cluster',
      'cluster',
    ]);
  });

  test('or that they differ', () => {
    const other = judged(apart, { take: 'fork-pool', among: ['fork-pool'] });
    expect(beside(one, other)).toEqual(['the answers of the runs differ', 'answers differ', 'runs differ']);
  });
});

test('no answer of the fixture is empty', () => {
  for (const one of summary.scenarios) expect(answers(one).length).toBeGreaterThan(0);
});
