import { expect, test } from 'vitest';
import { comparison } from '../fixtures/build.ts';
import { scenario } from '../fixtures/variants.ts';
import { comparisonSection } from './comparisons.ts';

test('a line per comparison with ratio, verdict, reason and hint', () => {
  const markup = comparisonSection(scenario('hello'));
  expect(markup.match(/<th scope="row"/gu)).toHaveLength(9);
  expect(markup).toContain(
    '<td class="unranked">invalid</td><td class="prose">cluster: limited by generator; <span class="soft">give <span class="flag">--generators</span> 2</span></td>',
  );
  expect(markup).toContain('<td class="decided">worse</td>');
  expect(comparisonSection(scenario('cpu'))).toContain('<td class="soft">inconclusive</td>');
});

test('a derived ratio is told apart from a measured one', () => {
  const markup = comparisonSection(scenario('hello'));
  expect(markup).toContain('<td>implied capacity</td><td class="number derived">≈3.30×</td>');
  expect(markup).toContain('<td>throughput</td><td class="number">0.379×</td>');
});

test('the pairs of a large matrix are folded away', () => {
  const comparisons = Array.from({ length: 17 }, () => comparison('hello', ['cluster', 'single'], ['better', 2]));
  const folded = comparisonSection({ ...scenario('hello'), comparisons });
  expect(folded).toContain('<summary>17 comparisons</summary>');
  expect(comparisonSection(scenario('hello'))).not.toContain('<details>');
});

test('one model is compared with none', () => {
  expect(comparisonSection({ ...scenario('hello'), comparisons: [] })).toBe('');
});
