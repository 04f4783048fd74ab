import { expect, test } from 'vitest';
import type { Comparison, ScenarioSummary, Summary } from '../../../harness/judge/schema/summary.ts';
import { cell, comparison } from '../../fixtures/build.ts';
import { resultWith, scenarioOf, summaryOf } from '../../fixtures/variants.ts';
import { sideBySide } from '../../side-by-side/summary.ts';
import { answers } from './answer.ts';
import { gridOf } from './grid.ts';

const MODELS = ['single', 'cluster', 'fork-pool', 'worker-threads'];

const against = (models: readonly [string, string], verdict: Comparison['verdict'], ratio: number) =>
  comparison('x', models, [verdict, ratio]);

function judged(...comparisons: readonly Comparison[]): ScenarioSummary {
  return { ...scenarioOf(...MODELS.map((model) => cell('x', model, resultWith({})))), comparisons: [...comparisons] };
}

function answersOf(summary: Summary): string[] {
  return gridOf({ summary }).columns.flatMap(answers);
}

const ALL_BETTER = [
  against(['cluster', 'single'], 'better', 3.62),
  against(['fork-pool', 'single'], 'better', 3),
  against(['worker-threads', 'single'], 'better', 3.13),
];
const OTHERS = against(['worker-threads', 'fork-pool'], 'better', 1.04);
const AHEAD = judged(
  ...ALL_BETTER,
  against(['fork-pool', 'cluster'], 'worse', 0.83),
  against(['cluster', 'worker-threads'], 'better', 1.16),
  OTHERS,
);

test('a model that is better than all others is named, whichever way round it was judged', () => {
  expect(answersOf(summaryOf(AHEAD))).toEqual([
    'cluster served the most, 3.62× single',
    'cluster: the most, 3.62× single',
    'up to 3.62× single',
  ]);
});

test('no model is named first that one of the others cannot be told apart from', () => {
  const close = judged(
    ...ALL_BETTER,
    against(['fork-pool', 'cluster'], 'worse', 0.83),
    against(['cluster', 'worker-threads'], 'inconclusive', 1.16),
    OTHERS,
  );
  expect(answersOf(summaryOf(close))[0]).toBe('cluster, fork-pool and worker-threads at 3.00–3.62× single');
});

test('a model beside one that is not ranked is the first of the ranked only', () => {
  const held = { by: 'generator', evidence: 'its loop was busy' } as const;
  const cells = [...AHEAD.cells, cell('x', 'my-pool', resultWith({ limitedBy: held }))];
  expect(answersOf(summaryOf({ ...AHEAD, cells }))[0]).toBe('cluster served the most of the ranked, 3.62× single');
});

test('a model is named first of several runs only where it is so in each', () => {
  const of = (later: ScenarioSummary) =>
    answersOf(
      sideBySide([
        { label: 'before', summary: summaryOf(AHEAD) },
        { label: 'after', summary: summaryOf(later) },
      ]).summary,
    )[0];
  expect(of(AHEAD)).toBe('cluster served the most, 3.62× single');
  expect(of(judged(...ALL_BETTER, OTHERS))).toBe('cluster, fork-pool and worker-threads at 3.00–3.62× single');
});

test('a model that is better does not seem to win where others are only inconclusive', () => {
  const open = judged(
    against(['cluster', 'single'], 'inconclusive', 1.79),
    against(['fork-pool', 'single'], 'inconclusive', 1.75),
    against(['worker-threads', 'single'], 'better', 1.82),
  );
  expect(answersOf(summaryOf(open))).toEqual([
    'worker-threads at 1.82× single, the others inconclusive',
    '1 of 3 better than single, 2 inconclusive',
    '1 of 3 better, 2 inconclusive',
    '1 of 3 better',
  ]);
});

test('the inconclusive ones are named where there are also others', () => {
  const open = judged(
    against(['cluster', 'single'], 'better', 1.79),
    against(['fork-pool', 'single'], 'inconclusive', 1.1),
    against(['worker-threads', 'single'], 'worse', 0.82),
  );
  expect(answersOf(summaryOf(open))[0]).toBe('cluster at 1.79× single, fork-pool inconclusive');
});
