import { expect, test } from 'vitest';
import { cell } from './fixtures/build.ts';
import { resultWith, scenario, scenarioOf } from './fixtures/variants.ts';
import { outlierNotes } from './outliers.ts';

test('a trial far from the others is named with its round and its figure', () => {
  expect(outlierNotes(scenario('cpu'))).toEqual([
    'single: round 3 lies far from the others (81.2/s) and hardly counts',
  ]);
});

test('several of one cell share a line', () => {
  const { trials } = resultWith({});
  const far = trials.map((trial, i) =>
    i === 0 || i === 3 ? { ...trial, requestsPerSec: 50 + i, outlier: true } : trial,
  );
  expect(outlierNotes(scenarioOf(cell('a', 'cluster', resultWith({ trials: far }))))).toEqual([
    'cluster: rounds 1 and 4 lie far from the others (50.0/s, 53.0/s) and hardly count',
  ]);
});

test('without any there is nothing to say, nor of a cell without a result', () => {
  expect(outlierNotes(scenarioOf(cell('a', 'cluster', resultWith({})), cell('a', 'single', null)))).toEqual([]);
});
