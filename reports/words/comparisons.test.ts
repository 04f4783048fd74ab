import { expect, test } from 'vitest';
import { comparison } from '../fixtures/build.ts';
import { summary } from '../fixtures/summary.ts';
import { scenario, summaryOf } from '../fixtures/variants.ts';
import { comparisonCaption, hintsOf, openNotes, pairLines, withInterval, withWord } from './comparisons.ts';

const hello = scenario('hello');
const MODELS = ['cluster', 'single'] as const;

function linesOf(...comparisons: Parameters<typeof pairLines>[0]['comparisons']) {
  return pairLines({ ...hello, comparisons });
}

test('one line per pair, with its ratio, what it costs and why', () => {
  const costs = [
    comparison('hello', MODELS, ['better', 0.52], { metric: 'cpu-per-request' }),
    comparison('hello', MODELS, ['inconclusive', 1.04], { metric: 'peak-memory' }),
  ];
  expect(linesOf(comparison('hello', MODELS, ['better', 1.98], { reason: 'far' }), ...costs)).toEqual([
    {
      pair: 'cluster vs single',
      ratio: { point: '1.98×', interval: '[1.94–2.02]', word: 'better' },
      isDerived: false,
      verdict: 'better',
      verdictText: 'better',
      costs: [
        { point: '0.520×', interval: '[0.510–0.530]', word: 'better' },
        { point: '1.04×', interval: '[1.02–1.06]', word: '?' },
      ],
      reason: 'far',
      hint: null,
      roundsToSettle: null,
    },
  ]);
});

test('an invalid pair is compared by implied capacity, which is marked as derived and has its own verdict', () => {
  expect(pairLines(hello)[0]).toMatchObject({
    pair: 'cluster vs single',
    ratio: { point: '≈3.29×', interval: '[3.09–3.50]' },
    isDerived: true,
    verdict: 'invalid',
    verdictText: 'invalid (≈ better)',
    reason: 'cluster: limited by the generator; ≈: the whole interval is beyond the margin of 50%',
    hint: 'give --generators 2',
  });
});

test('without ratios there are dashes', () => {
  const [line] = linesOf(comparison('hello', MODELS, ['invalid', null]));
  expect(line).toMatchObject({ verdictText: 'invalid', isDerived: false });
  expect(line && [withInterval(line.ratio), ...line.costs.map(withWord)]).toEqual(['–', '–', '–']);
});

test('every pair of models has its line, in order', () => {
  expect(pairLines(scenario('cpu')).map(({ pair, verdict }) => `${pair}: ${verdict}`)).toEqual([
    'cluster vs single: better',
    'fork-pool vs single: better',
    'worker-threads vs single: better',
    'fork-pool vs cluster: equivalent',
    'worker-threads vs cluster: equivalent',
    'worker-threads vs fork-pool: equivalent',
  ]);
});

test('cells are named as in the tables, and an unknown one by its id', () => {
  const cells = hello.cells.map((one, i) => ({ ...one, connections: 64 * (i + 1) }));
  const comparisons = [comparison('hello', ['cluster', 'nobody'], ['better', 2])];
  expect(pairLines({ ...hello, cells, comparisons })[0]?.pair).toBe('cluster · 128 c vs hello/nobody');
});

test('an inconclusive pair says how many rounds would settle it, or why none would', () => {
  const open = (first: string, second: string, roundsToSettle: number | null, ratio: number | null = 1.02) =>
    comparison('hello', [first, second], ['inconclusive', ratio], { roundsToSettle, reason: 'it drifts' });
  const lines = linesOf(open('a', 'b', 12), open('a', 'c', null), open('a', 'd', null), open('a', 'e', 3, null));
  expect(lines.map(({ roundsToSettle }) => roundsToSettle)).toEqual([12, null, null, null]);
  const [more, others, few] = openNotes(lines);
  expect(more).toContain('give --rounds, or a longer --budget');
  expect(others).toBe('hello/a vs hello/c, hello/a vs hello/d: it drifts');
  expect(few).toBe('hello/a vs hello/e: it drifts; give --rounds 3 or more');
  expect(openNotes(linesOf(open('a', 'b', null), open('a', 'c', null)))).toEqual(['every pair: it drifts']);
  expect(openNotes(pairLines(scenario('cpu')))).toEqual([]);
});

test('the caption says what is divided, how sure the intervals are, and what the margin is', () => {
  const caption = comparisonCaption({ ...summary, margin: 0.025 });
  expect(caption).toContain('First ÷ second, paired by round.');
  expect(caption).toContain('all pairs of the run hold together with 95%');
  expect(caption).toContain('(each alone with 99.8% or more)');
  expect(caption).toContain('±2.5%');
  const bare = summaryOf({ ...hello, comparisons: [comparison('hello', MODELS, ['invalid', null])] });
  expect(comparisonCaption(bare)).not.toContain('each alone');
});

test('each hint of invalid comparisons once, and no other', () => {
  const hinted = (verdict: 'invalid' | 'inconclusive', hint: string | null) =>
    comparison('hello', MODELS, [verdict, null], { hint });
  const comparisons = [
    hinted('invalid', 'b'),
    hinted('invalid', 'a'),
    hinted('invalid', 'b'),
    hinted('invalid', null),
    hinted('inconclusive', 'c'),
  ];
  expect(hintsOf({ ...hello, comparisons })).toEqual(['b', 'a']);
});

test('an interval that spans more than a factor of 100 has no ends worth reading', () => {
  const ratio = { point: 0.945, low: 1e-18, high: 7e17, level: 0.999, trials: 3 };
  const wide = { ...comparison('hello', MODELS, ['inconclusive', 0.945]), ratio };
  expect(linesOf(wide)[0]?.ratio).toMatchObject({ point: '0.945×', interval: '[unsettled]' });
  expect(comparisonCaption(summaryOf({ ...hello, comparisons: [wide] }))).toContain('spans more than a factor of 100');
  expect(comparisonCaption(summary)).not.toContain('nsettled');
});
