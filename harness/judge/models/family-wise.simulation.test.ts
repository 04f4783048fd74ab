/**
 * That any of the pairs of a scenario is called wrongly, or has an interval that misses the truth: four models, looked at again and
 * again, on a machine that drifts and with noise of heavy tails.
 */
import { describe, expect, test } from 'vitest';
import { drift, heavyTailed } from '../../stats/fixtures/noise.ts';
import { lookAfter } from '../../stats/looks.ts';
import { randomStream } from '../../stats/random.ts';
import { FAMILY_ERROR, judgeAll, type Pair, type Standard } from './verdict.ts';

const MARGIN = 0.03;
const ROUNDS = lookAfter(3);
const PAIRS = 6;
const standard: Standard = { margin: MARGIN, error: FAMILY_ERROR / PAIRS, looks: 'last' };
/** Each pair as if it were the only one. */
const uncorrected: Standard = { ...standard, error: FAMILY_ERROR };

const equal = [1, 1, 1, 1];
const onTheMargin = [1, 1 + MARGIN, 1, 1 + MARGIN];

function isWrong(speeds: readonly number[], by: Standard, random: () => number): boolean {
  const noise = heavyTailed(random, 5);
  const machine = drift(random, ROUNDS, 0.01);
  const served = speeds.map((speed) => machine.map((round) => speed * Math.exp(round + 0.03 * noise())));
  const pairs = served.flatMap((own, i) =>
    served.slice(i + 1).map((other, k) => ({
      truth: (speeds[i + 1 + k] ?? 1) / (speeds[i] ?? 1),
      rounds: own.map((baseline, round): Pair => ({ round, baseline, candidate: other[round] ?? 0 })),
    })),
  );
  const judged = judgeAll(
    pairs.map(({ rounds }) => rounds),
    by,
    'more',
  );
  return judged.some(({ ratio, verdict }, i) => {
    const truth = pairs[i]?.truth ?? 1;
    if (ratio === null || ratio.low > truth || ratio.high < truth) return true;
    // On the margin any word but this is wrong.
    return truth !== 1 && verdict !== 'inconclusive';
  });
}

/** In percent of so many runs. */
function wrongRuns(runs: number, speeds: readonly number[], by: Standard): number {
  const random = randomStream(20_260_115);
  return (100 * Array.from({ length: runs }, () => isWrong(speeds, by, random)).filter(Boolean).length) / runs;
}

describe.each([
  ['are equal', equal],
  ['lie on the margin', onTheMargin],
])('where pairs %s', (_, speeds) => {
  test('anything wrong is said in one run of twenty at most', () => {
    expect(wrongRuns(1500, speeds, standard)).toBeLessThanOrEqual(100 * FAMILY_ERROR);
  });

  test('without the correction it is far more, so this can fail', () => {
    expect(wrongRuns(300, speeds, uncorrected)).toBeGreaterThan(8);
  });
});
