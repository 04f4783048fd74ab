import { expect, test } from 'vitest';
import { summary } from '../fixtures/summary.ts';
import { methodSection } from './method.ts';

/** The facts by their names. */
function factsOf(source: typeof summary): Record<string, string> {
  const entries = methodSection(source).matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/gu);
  return Object.fromEntries([...entries].map(([, name = '', text = '']) => [name, text]));
}

test('says whether the number of rounds was fixed or followed from the verdicts', () => {
  expect(factsOf(summary)['Rounds']).toBe(
    '3 rounds of every cell, then more of those whose verdict was not settled, within a budget of 5 minutes, in a random order drawn from seed 42',
  );
  expect(factsOf({ ...summary, rounds: 1, budgetMs: null })['Rounds']).toBe(
    '1 round of every cell, in a random order drawn from seed 42',
  );
});

test('says how estimates and comparisons come about, and what the margin is', () => {
  const facts = factsOf({ ...summary, margin: 0.05 });
  expect(facts['Estimates']).toMatch(/Huber.*log scale.*95% interval.*Student/u);
  expect(facts['Comparisons']).toMatch(/same round.*every look.*all pairs of the run together.*95%/u);
  expect(facts['Margin']).toContain('±5%');
  expect(facts['Spread']).toBeUndefined();
});
