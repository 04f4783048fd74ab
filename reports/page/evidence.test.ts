import { expect, test } from 'vitest';
import { cell } from '../fixtures/build.ts';
import { scenario, scenarioOf, unlabelled } from '../fixtures/variants.ts';
import { evidence } from './evidence.ts';

test('each label with its evidence', () => {
  const markup = evidence(scenario('io'));
  expect(markup).toContain('<dt>single</dt><dd>connections: evidence for connections');
  expect(markup).toContain('<dt>cluster</dt><dd>upstream: evidence for upstream');
});

test('how many trials got each label, where they differ', () => {
  const markup = evidence(scenario('hello'));
  expect(markup.match(/The trials differ:/gu)).toHaveLength(1);
  expect(markup).toContain('The trials differ:</strong> generator in 3 trials, machine in 1, workers in 1.');
  expect(evidence(scenario('io'))).toContain('unclear in 3 trials, connections in 2.');
});

test('every trial with its round, figure, label and evidence', () => {
  const markup = unlabelled(evidence(scenario('hello')));
  expect(markup).toMatch(
    /<th scope="row">2<\/th><td class="number">64,880<\/td><td class="number">0\.0\d+<\/td><td class="number">[\d.]+<\/td><td>machine<\/td><td class="prose">evidence for machine in round 2<\/td>/u,
  );
  expect(markup).toMatch(
    /<caption><span>Requests\/s: median 63,\d+, median absolute deviation [\d,.]+; mean 63,\d+, standard deviation 1,\d+ \([\d.]+%\)<\/span><\/caption>/u,
  );
  expect(markup.match(/<summary>5 trials<\/summary>/gu)).toHaveLength(4);
});

test('an outlier is labelled, and keeps its figure', () => {
  const markup = unlabelled(evidence(scenario('cpu')));
  expect(markup).toMatch(
    /<th scope="row">3<\/th><td class="number">81\.2<\/td>.{0,99}<td>workers<\/td><td class="prose"><strong>Outlier, down-weighted\.<\/strong> evidence/u,
  );
  expect(markup.match(/Outlier/gu)).toHaveLength(1);
});

test('a model that was not measured is not listed', () => {
  expect(evidence(scenario('io'))).not.toContain('fork-pool');
  expect(evidence(scenarioOf(cell('x', 'single', null)))).toBe('');
});
