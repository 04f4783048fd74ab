/**
 * That any of many pairs is called wrongly, when all are looked at again and again until they are settled: a matrix of four
 * models and six scenarios, measured round by round as a run does, on a machine that drifts and with noise of heavy tails.
 */
import { describe, expect, test } from 'vitest';
import { drift, heavyTailed } from '../stats/fixtures/noise.ts';
import { lookAfter } from '../stats/looks.ts';
import { randomStream } from '../stats/random.ts';
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

/** Rounds that were measured, and whether any pair was called wrongly at any time. */
function runOf(truth: Truth, standard: Standard, sd: number, random: () => number): { wrong: boolean; rounds: number } {
  const noise = heavyTailed(random, 5);
  const machine = drift(random, MOST_ROUNDS, 0.01);
  // Cells of an unsettled pair are measured on, so those of a pair that is not settled have all rounds in common.
  let open = Array.from({ length: SCENARIOS }, () => {
    const cells = MODELS.map((): number[] => []);
    return cells.flatMap((baseline, i) =>
      cells.slice(i + 1).map((candidate, j) => {
        const ratio = (truth.speeds[i + 1 + j] ?? 0) / (truth.speeds[i] ?? 0);
        return { cells, baseline, candidate, ratio };
      }),
    );
  }).flat();
  let measured = 0;
  for (let look = 0; open.length > 0 && lookAfter(look) <= MOST_ROUNDS; look++) {
    for (; measured < lookAfter(look); measured++) {
      for (const cells of new Set(open.map((pair) => pair.cells))) {
        for (const [model, cell] of cells.entries()) {
          cell.push((truth.speeds[model] ?? 0) * Math.exp((machine[measured] ?? 0) + sd * noise()));
        }
      }
    }
    const judged = open.map((pair) => ({ pair, word: judge(pairsOf(pair), standard, 'more').verdict }));
    if (judged.some(({ pair, word }) => truth.isWrong(pair.ratio, word))) return { wrong: true, rounds: measured };
    open = judged.flatMap(({ pair, word }) => (word === 'inconclusive' ? [pair] : []));
  }
  return { wrong: false, rounds: measured };
}

function pairsOf({
  baseline,
  candidate,
}: {
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
}): Pair[] {
  return baseline.map((own, round) => ({ baseline: own, candidate: candidate[round] ?? 0 }));
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
