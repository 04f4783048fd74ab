import { expect, test } from 'vitest';
import { cell } from '../fixtures/build.ts';
import { summary } from '../fixtures/summary.ts';
import { scenarioOf, summaryOf } from '../fixtures/variants.ts';
import { sideBySide } from '../side-by-side/summary.ts';
import { heading, tabTitle } from './heading.ts';

function of(...models: readonly string[]) {
  return summaryOf(scenarioOf(...models.map((model) => cell('hello', model, null))));
}

function runs(...labels: readonly string[]) {
  return sideBySide(labels.map((label) => ({ label, summary }))).summary;
}

test('a run is called by its models, of which a few are listed and many counted', () => {
  expect(heading(of('single', 'cluster', 'fork-pool'))).toBe('single, cluster or fork-pool?');
  expect(heading(of('a', 'b', 'c', 'd', 'e', 'f'))).toBe('Which of 6 concurrency models?');
  expect(heading(of('cluster'))).toBe('How well does cluster do?');
});

test('several runs are called by their labels', () => {
  expect(heading(runs('before', 'after'))).toBe('before and after side by side');
  expect(heading(runs('a', 'b', 'c', 'd', 'e', 'f'))).toBe('6 runs side by side');
});

test('the tab says of which scenarios', () => {
  expect(tabTitle(of('single', 'cluster'))).toBe('single or cluster? hello – fourways');
  expect(tabTitle(runs('before', 'after'))).toMatch(/^before and after side by side hello · cpu/u);
  const many = { ...summary, scenarios: Array.from({ length: 6 }, () => scenarioOf(cell('hello', 'single', null))) };
  expect(tabTitle(many)).toContain(' 6 scenarios – ');
});
