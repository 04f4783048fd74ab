/**
 * That any of many pairs is called wrongly, when all are looked at again and again until they are settled: a matrix of four
 * models and six scenarios, measured round by round as a run does, on a machine that drifts and with noise of heavy tails.
 */
import { describe, expect, test } from 'vitest';
import { drift, heavyTailed } from '../../stats/fixtures/noise.ts';
import { lookAfter } from '../../stats/looks.ts';
import { randomStream } from '../../stats/random.ts';
import { pairsIn } from './comparison.ts';
import { FAMILY_ERROR, judge, type Pair, type Standard, standardFor, type Word } from './verdict.ts';

const MODELS = [0, 1, 2, 3] as const;
const SCENARIOS = 6;
const MARGIN = 0.03;
const MOST_ROUNDS = 62;
const COMPARISONS = pairsIn(Array.from({ length: SCENARIOS }, () => MODELS.length));

const corrected = standardFor({ margin: MARGIN, budgetMs: 1 }, COMPARISONS);
/** Each look at each pair as if it were the only one. */
const uncorrected: Standard = { margin: MARGIN, error: FAMILY_ERROR, looks: 'once' };

interface Truth {
  /** Of each model, what it serves. */
  readonly speeds: readonly number[];
  /** What may not be said of a pair. */
  readonly isWrong: (ratio: number, word: Word) => boolean;
}

const equal: Truth = {
  speeds: MODELS.map(() => 1),
  isWrong: (_, word) => word === 'better' || word === 'worse',
};
/** On the margin any word but inconclusive is wrong. */
const onTheMargin: Truth = {
  speeds: MODELS.map((model) => (model % 2 === 0 ? 1 : 1 + MARGIN)),
  isWrong: (ratio, word) => (ratio === 1 ? word === 'better' || word === 'worse' : word !== 'inconclusive'),
};

/** What a cell served, by round; there is nothing of rounds in which it was not measured. */
type Served = readonly (number | undefined)[];

/**
 * Rounds that were measured, and whether any pair was called wrongly at any time. A cell of which every pair is settled is
 * not measured again, and every pair is judged again at each look, with the rounds that both have.
 */
function runOf(truth: Truth, standard: Standard, sd: number, random: () => number): { wrong: boolean; rounds: number } {
  const noise = heavyTailed(random, 5);
  const machine = drift(random, MOST_ROUNDS, 0.01);
  const scenarios = Array.from({ length: SCENARIOS }, () =>
    truth.speeds.map((speed) => ({ speed, served: [] as number[] })),
  );
  const pairs = scenarios.flatMap((cells) =>
    cells.flatMap((baseline, i) =>
      cells.slice(i + 1).map((candidate) => ({ baseline, candidate, word: 'inconclusive' as Word })),
    ),
  );
  let wanted = new Set(scenarios.flat());
  let measured = 0;
  for (let look = 0; wanted.size > 0 && lookAfter(look) <= MOST_ROUNDS; look++) {
    for (; measured < lookAfter(look); measured++) {
      for (const { speed, served } of wanted) {
        served[measured] = speed * Math.exp((machine[measured] ?? 0) + sd * noise());
      }
    }
    for (const pair of pairs) {
      // Where a cell was not measured again, the rounds that both have are the same, and so is the word.
      if (!wanted.has(pair.baseline) || !wanted.has(pair.candidate)) continue;
      pair.word = wordOf(pair.baseline.served, pair.candidate.served, standard);
      if (truth.isWrong(pair.candidate.speed / pair.baseline.speed, pair.word))
        return { wrong: true, rounds: measured };
    }
    const open = pairs.filter(({ word }) => word === 'inconclusive');
    wanted = new Set(open.flatMap(({ baseline, candidate }) => [baseline, candidate]));
  }
  return { wrong: false, rounds: measured };
}

function wordOf(baseline: Served, candidate: Served, standard: Standard): Word {
  const pairs: Pair[] = [];
  for (let round = 0; round < baseline.length; round++) {
    const [own, other] = [baseline[round], candidate[round]];
    if (own !== undefined && other !== undefined) pairs.push({ round, baseline: own, candidate: other });
  }
  return judge(pairs, standard, 'more').verdict;
}

/** In percent of so many runs. */
function wrongRuns(runs: number, truth: Truth, standard: Standard, sd: number): number {
  const random = randomStream(20_260_115);
  const wrong = Array.from({ length: runs }, () => runOf(truth, standard, sd, random)).filter((run) => run.wrong);
  return (100 * wrong.length) / runs;
}

test('it is a matrix of 36 pairs', () => {
  expect(COMPARISONS).toBe(36);
});

describe.each([
  ['are equal', equal, 0.025, 1000],
  ['lie on the margin', onTheMargin, 0.03, 1000],
] as const)('where pairs %s', (_, truth, sd, runs) => {
  test('a run with any wrong verdict is one in twenty at most', () => {
    expect(wrongRuns(runs, truth, corrected, sd)).toBeLessThanOrEqual(100 * FAMILY_ERROR);
  }, 300_000);

  test('without the correction it is far more, so this can fail', () => {
    expect(wrongRuns(100, truth, uncorrected, 0.04)).toBeGreaterThan(15);
  });
});

test('the correction does not make a run say nothing: equal models are told to be equal before the budget ends', () => {
  const random = randomStream(5);
  const rounds = Array.from({ length: 20 }, () => runOf(equal, corrected, 0.01, random).rounds);
  expect(Math.max(...rounds)).toBeLessThan(MOST_ROUNDS);
});
