import { expect, test } from 'vitest';
import { comparisonLines, hintsOf } from './comparison-lines.ts';
import { comparison } from './fixtures/build.ts';
import { scenario } from './fixtures/variants.ts';

const hello = scenario('hello');

test('a measured comparison', () => {
  expect(comparisonLines(hello)[2]).toEqual({
    pair: 'fork-pool vs single',
    metric: 'throughput',
    ratio: '0.379×',
    isDerived: false,
    verdict: 'worse',
    reason: 'every trial of one is above every trial of the other',
    hint: null,
  });
});

test('a comparison of implied capacities is marked as derived', () => {
  expect(comparisonLines(hello)[1]).toMatchObject({
    pair: 'cluster vs single',
    metric: 'implied capacity',
    ratio: '≈3.30×',
    isDerived: true,
  });
});

test('without a ratio there is a dash', () => {
  expect(comparisonLines(hello)[0]).toMatchObject({ ratio: '–', verdict: 'invalid', hint: 'give --generators 2' });
});

test('cells are named as in the tables, and an unknown one by its id', () => {
  const cells = hello.cells.map((one, i) => ({ ...one, connections: 64 * (i + 1) }));
  const comparisons = [comparison('hello', ['cluster', 'nobody'], ['better', 2])];
  expect(comparisonLines({ ...hello, cells, comparisons })[0]?.pair).toBe('cluster · 128 c vs hello/nobody');
});

test('each hint of invalid comparisons once, and no other', () => {
  const hinted = (verdict: 'invalid' | 'inconclusive', hint: string | null) =>
    comparison('hello', ['cluster', 'single'], [verdict, null], { hint });
  const comparisons = [
    hinted('invalid', 'b'),
    hinted('invalid', 'a'),
    hinted('invalid', 'b'),
    hinted('invalid', null),
    hinted('inconclusive', 'c'),
  ];
  expect(hintsOf({ ...hello, comparisons })).toEqual(['b', 'a']);
});
