import { expect, test } from 'vitest';
import { comparison } from '../fixtures/build.ts';
import { summary } from '../fixtures/summary.ts';
import { HOSTILE, scenario, unlabelled } from '../fixtures/variants.ts';
import { comparisonSection } from './tables.ts';

function sectionOf(source: ReturnType<typeof scenario>): string {
  return unlabelled(comparisonSection(summary, source));
}

test('a line per pair with what it serves and takes, or why not and what to change', () => {
  const markup = sectionOf(scenario('hello'));
  expect(markup.match(/<th scope="row"/gu)).toHaveLength(6);
  expect(markup).toContain(
    '<td class="difference unranked">not the server&#39;s limit: generator; <span class="soft">give <span class="flag">--generators</span> 2</span></td><td class="difference">+20% to +22%</td>',
  );
  expect(markup).toContain('<td class="difference decided">−64% to −60%</td>');
});

test('what is open is not set as what is settled, and a note below says what it takes', () => {
  const comparisons = [comparison('hello', ['cluster', 'single'], ['inconclusive', 1.02], { roundsToSettle: 12 })];
  const markup = sectionOf({ ...scenario('hello'), comparisons });
  expect(markup).toContain('<td class="difference soft">−0.1% to +4.1%</td>');
  expect(markup).toMatch(/<p class="soft">Differences in requests\/s .* about 7 more rounds; give --rounds, .*<\/p>$/u);
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
