import { expect, test } from 'vitest';
import { comparison } from '../fixtures/build.ts';
import { summary } from '../fixtures/summary.ts';
import { HOSTILE, scenario } from '../fixtures/variants.ts';
import { comparisonSection } from './tables.ts';

function sectionOf(source: ReturnType<typeof scenario>): string {
  return comparisonSection(summary, source);
}

test('a line per pair with ratio, verdict, costs, reason and hint', () => {
  const markup = sectionOf(scenario('hello'));
  expect(markup.match(/<th scope="row"/gu)).toHaveLength(6);
  expect(markup).toContain(
    '<td class="unranked">invalid (≈ better)</td><td class="interval">1.21× worse <span class="range">[',
  );
  expect(markup).toContain('<span class="soft">give <span class="flag">--generators</span> 2</span></td>');
  expect(markup).toContain('<td class="decided">worse</td>');
  expect(sectionOf(scenario('cpu'))).toContain('<td class="decided">equivalent</td>');
  const comparisons = [comparison('hello', ['cluster', 'single'], ['inconclusive', 1.02])];
  expect(sectionOf({ ...scenario('hello'), comparisons })).toContain('<td class="soft">inconclusive</td>');
});

test('a derived ratio is told apart from a measured one', () => {
  const markup = sectionOf(scenario('hello'));
  expect(markup).toContain('<td class="number interval derived">≈3.29× <span class="range">[3.09–3.50]</span></td>');
  expect(markup).toContain('<td class="number interval">0.379× <span class="range">[0.347–0.415]</span></td>');
});

test('the caption says once how to read it', () => {
  expect(sectionOf(scenario('cpu')).match(/hold together with 95%/gu)).toHaveLength(1);
});

test('the pairs of a large matrix are folded away', () => {
  const comparisons = Array.from({ length: 17 }, (_, i) => comparison('hello', ['cluster', `m${i}`], ['better', 2]));
  expect(sectionOf({ ...scenario('hello'), comparisons })).toContain('<summary>17 pairs</summary>');
  expect(sectionOf(scenario('hello'))).not.toContain('<details>');
});

test('hostile text is shown and not run', () => {
  const comparisons = [comparison(HOSTILE, [HOSTILE, HOSTILE], ['invalid', 1], { reason: HOSTILE, hint: HOSTILE })];
  expect(sectionOf({ ...scenario('hello'), comparisons })).not.toMatch(/<(?:img|\/script)/u);
});

test('one model is compared with none', () => {
  expect(sectionOf({ ...scenario('hello'), comparisons: [] })).toBe('');
});
