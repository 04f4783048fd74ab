import { describe, expect, test } from 'vitest';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { cell, comparison } from '../fixtures/build.ts';
import { spanning } from '../fixtures/ratios.ts';
import { summary } from '../fixtures/summary.ts';
import { resultWith, scenario, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import { behindTexts, comparisonCaption, hintsOf, openNotes, pairLines } from './comparisons.ts';

const hello = scenario('hello');
const cpu = scenario('cpu');
const MODELS = ['cluster', 'single'] as const;

function linesOf(...comparisons: Parameters<typeof pairLines>[0]['comparisons']) {
  return pairLines({ ...hello, comparisons });
}

/** The difference that is written for a ratio with this interval. */
function difference(low: number, high: number): string | undefined {
  return linesOf(comparison('cpu', MODELS, ['better', 1], spanning(1, low, high)))[0]?.throughput;
}

describe('how far each is behind the best', () => {
  const behind = (
    atLeastBehind: number,
    atMostBehind: number | null,
    metric: 'throughput' | 'start-up' = 'throughput',
  ) => {
    const models = [{ cell: 'a', atLeastBehind, atMostBehind }];
    const about = { offeredPerSec: null, rounds: 3, best: [], within: [], level: false, roundsToAnswer: null };
    const answers: ScenarioSummary['answers'] = [{ metric, ...about, models }];
    return behindTexts({ answers }).get('a');
  };

  test.each([
    [0, 0, 'best'],
    [0, 0.0244, '≤ 2.5%'],
    [0, 0.271, '≤ 28%'],
    [0.448, 0.501, '44–51%'],
    [0.0312, 0.0639, '3.1–6.4%'],
    [0.0312, 0.12, '3.1–12%'],
    [0.0001, 0.02, '≤ 2%'],
    [0.25, null, '≥ 25%'],
    [0, null, undefined],
  ])('at least %d and at most %j: %s', (atLeast, atMost, text) => {
    expect(behind(atLeast, atMost)).toBe(text);
  });

  test('is of requests per second, and of those of each run', () => {
    expect(behind(0, 0.02, 'start-up')).toBeUndefined();
    expect([...behindTexts(cpu).keys()]).toEqual(cpu.cells.map(({ id }) => id));
    // One that was held back served the most.
    expect([...behindTexts(hello)]).toEqual([]);
  });
});

describe('a difference', () => {
  test.each([
    [1.8, 2.09, '+80% to +109%'],
    [0.9501, 1.0499, '−5.0% to +5.0%'],
    [1.0011, 1.0009, '+0.1%'],
    [1, 1.0121, '0.0% to +1.3%'],
    [1 + 1e-15, 1 - 1e-15, '0.0%'],
    [0.359, 0.402, '−65% to −59%'],
    [0.9006, 1.0994, '−10% to +10%'],
    [11.05, 13.71, '+1,005% to +1,271%'],
  ])('from %d to %d: %s, where no digit promises more than is known', (low, high, text) => {
    expect(difference(low, high)).toBe(text);
  });

  test('of an interval that spans more than a factor of 100 has no ends worth reading', () => {
    expect(difference(1e-18, 7e17)).toBe('unsettled');
    const wide = comparison('hello', MODELS, ['inconclusive', 1], spanning(1, 1e-18, 7e17));
    expect(comparisonCaption(summaryOf({ ...hello, comparisons: [wide] }))).toContain(
      'spans more than a factor of 100',
    );
    expect(comparisonCaption(summary)).not.toContain('nsettled');
  });
});

test('one line per pair, with what it serves and what it takes', () => {
  const costs = [
    comparison('cpu', MODELS, ['better', 0.52], { metric: 'cpu-per-request' }),
    comparison('cpu', MODELS, ['inconclusive', 1.04], { metric: 'peak-memory' }),
  ];
  expect(linesOf(comparison('cpu', MODELS, ['better', 1.98], { reason: 'far' }), ...costs)).toEqual([
    {
      pair: 'cpu/cluster vs cpu/single',
      throughput: '+94% to +102%',
      state: 'settled',
      costs: ['−50% to −46%', '–', '+1.9% to +6.1%'],
      hint: null,
      moreRounds: null,
      reason: 'far',
    },
  ]);
});

describe('a pair that cannot be compared says why', () => {
  const limitedBy = (by: 'generator' | 'unclear' | 'workers' | 'upstream') =>
    resultWith({ limitedBy: { by, evidence: '' } });
  const whyNot = (...[own, other]: readonly (ReturnType<typeof resultWith> | null)[]) => {
    const cells = [cell('x', 'single', own ?? null), cell('x', 'cluster', other ?? null)];
    const invalid = comparison('x', MODELS, ['invalid', null], { reason: 'no valid figures for single' });
    return pairLines({ ...scenarioOf(...cells), comparisons: [invalid] })[0]?.throughput;
  };

  test.each([
    ['generator', 'workers', "not the server's limit: generator"],
    ['generator', 'generator', "not the server's limit: generator"],
    ['generator', 'upstream', "not the server's limit: generator and upstream"],
    ['generator', 'unclear', "not the server's limit: generator"],
    ['workers', 'unclear', 'no bottleneck was found'],
  ] as const)('%s and %s: %s', (one, other, text) => {
    expect(whyNot(limitedBy(one), limitedBy(other))).toBe(text);
  });

  test('because one of the two has no figures, whatever limited the other', () => {
    expect(whyNot(null, limitedBy('generator'))).toBe('no valid figures for single');
  });

  test('with what to change, and with its costs all the same', () => {
    expect(pairLines(hello)[0]).toMatchObject({
      pair: 'cluster vs single',
      throughput: "not the server's limit: generator",
      state: 'not-compared',
      costs: ['+20% to +22%', expect.stringMatching(/^\+/u), expect.stringMatching(/^\+/u)],
      hint: 'give --generators 2',
    });
  });

  test('because of too few rounds', () => {
    const few = { reason: 'fewer than 3 rounds in which both were valid', roundsToSettle: 3 };
    expect(linesOf(comparison('hello', MODELS, ['inconclusive', null], few))[0]).toMatchObject({
      state: 'not-compared',
      hint: 'give --rounds 3 or more',
    });
  });
});

test('every pair of models has its line, in order', () => {
  expect(pairLines(scenario('cpu')).map(({ pair }) => pair)).toEqual([
    'cluster vs single',
    'fork-pool vs single',
    'worker-threads vs single',
    'fork-pool vs cluster',
    'worker-threads vs cluster',
    'worker-threads vs fork-pool',
  ]);
});

test('cells are named as in the tables, and an unknown one by its id', () => {
  const cells = hello.cells.map((one, i) => ({ ...one, connections: 64 * (i + 1) }));
  const comparisons = [comparison('hello', ['cluster', 'nobody'], ['better', 2])];
  expect(pairLines({ ...hello, cells, comparisons })[0]?.pair).toBe('cluster · 128 c vs hello/nobody');
});

describe('an open pair', () => {
  const open = (first: string, second: string, roundsToSettle: number | null) =>
    comparison('cpu', [first, second], ['inconclusive', 1.02], { roundsToSettle, reason: 'it drifts' });

  test('says how many more rounds would settle it, all of them in one note, or why none would', () => {
    const lines = linesOf(open('a', 'b', 12), open('a', 'c', 62), open('a', 'd', null), open('a', 'e', null));
    expect(lines.map(({ state, moreRounds }) => [state, moreRounds])).toEqual([
      ['open', 7],
      ['open', 57],
      ['open', null],
      ['open', null],
    ]);
    expect(openNotes(lines, '±3%')).toEqual([
      'Differences in requests/s that reach across ±3% would probably be settled by about 7 to 57 more rounds; give --rounds, or a longer --budget.',
      'cpu/a vs cpu/d, cpu/a vs cpu/e: it drifts',
    ]);
    expect(openNotes(linesOf(open('a', 'b', 6)), '±3%')[0]).toContain('about 1 more round;');
    expect(openNotes(linesOf(open('a', 'b', null), open('a', 'c', null)), '±3%')).toEqual(['every pair: it drifts']);
  });

  test('has no note where there is none', () => {
    expect(openNotes(pairLines(scenario('cpu')), '±3%')).toEqual([]);
  });
});

test('the caption says what is compared, how sure the intervals are, and what the margin is', () => {
  const caption = comparisonCaption({ ...summary, margin: 0.025 });
  expect(caption).toContain('round by round');
  expect(caption).toContain('hold together with 95% in each scenario');
  expect(caption).toContain('±2.5%');
  expect(caption).toContain('less is better');
});

test('each hint of pairs that are not compared once, and no other', () => {
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
