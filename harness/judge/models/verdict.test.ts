import { describe, expect, test } from 'vitest';
import { heavyTailed, slowedAtTimes } from '../../stats/fixtures/noise.ts';
import { lookAfter } from '../../stats/looks.ts';
import { randomStream } from '../../stats/random.ts';
import { median } from '../../stats/spread.ts';
import { judge, judgeAll, type Pair, type Standard, wordFor } from './verdict.ts';

const MARGIN = 0.03;
const again: Standard = { margin: MARGIN, error: 0.05, looks: 'again' };
const once: Standard = { margin: MARGIN, error: 0.05, looks: 'once' };

/** Rounds in which the candidate has so many times what the baseline has, give or take. */
function pairsOf(ratios: readonly number[]): Pair[] {
  return ratios.map((ratio, round) => ({ round, baseline: 100 + round, candidate: ratio * (100 + round) }));
}

describe('the word', () => {
  test.each([
    [1.04, 1.06, 'better', 'worse'],
    [0.94, 0.96, 'worse', 'better'],
    [0.98, 1.02, 'equivalent', 'equivalent'],
    [1.02, 1.06, 'inconclusive', 'inconclusive'],
    [0.9, 0.98, 'inconclusive', 'inconclusive'],
    [0.9, 1.1, 'inconclusive', 'inconclusive'],
    // On the margin is neither within nor beyond it.
    [1.03, 1.06, 'inconclusive', 'inconclusive'],
    [0.98, 1.03, 'inconclusive', 'inconclusive'],
    [1 / 1.03, 1.02, 'inconclusive', 'inconclusive'],
    [0.9, 1 / 1.03, 'inconclusive', 'inconclusive'],
  ] as const)('for %d to %d is %s, or %s where less is good', (low, high, more, less) => {
    expect(wordFor({ low, high }, MARGIN, 'more')).toBe(more);
    expect(wordFor({ low, high }, MARGIN, 'less')).toBe(less);
  });

  test('is the opposite one the other way round', () => {
    expect(wordFor({ low: 1 / 1.06, high: 1 / 1.04 }, MARGIN, 'more')).toBe('worse');
    expect(wordFor({ low: 1 / 1.02, high: 1 / 0.98 }, MARGIN, 'more')).toBe('equivalent');
  });
});

describe('pairs of a family', () => {
  const [calm, wild] = [
    [1.1, 1.101, 1.099],
    [1.1, 1.2, 1],
  ];
  const widthOf = (ratios: readonly number[], others: readonly (readonly number[])[]): number => {
    const [judged] = judgeAll([ratios, ...others].map(pairsOf), again, 'more');
    return (judged?.ratio?.high ?? Number.NaN) / (judged?.ratio?.low ?? Number.NaN);
  };

  test('lend each other what they know of the spread', () => {
    expect(widthOf(wild, [])).toBeGreaterThan(widthOf(wild, [calm, calm]));
    expect(widthOf(calm, [wild, wild])).toBeGreaterThan(widthOf(calm, [calm, calm]));
  });

  test('are looked at together: one that lacks rounds is not looked at more often', () => {
    const [whole, lost] = judgeAll([pairsOf([...wild, 1.05, 1.15]), pairsOf(wild)], again, 'more');
    expect(lost?.ratio).toMatchObject({ level: whole?.ratio?.level, trials: 3 });
  });

  test('at the last look spend all that is left of the error', () => {
    const [judged] = judgeAll([pairsOf([...wild, 1.05, 1.15])], { ...again, looks: 'last' }, 'more');
    expect(judged?.ratio?.level).toBeCloseTo(0.95, 9);
  });
});

describe('a judgement', () => {
  test('says better, and shows the interval of the look that settled it', () => {
    const judged = judge(pairsOf([1.2, 1.21, 1.19]), again, 'more');
    expect(judged).toMatchObject({
      ...{ verdict: 'better', roundsToSettle: null, reason: 'the whole interval is beyond the margin of 3%' },
      ratio: { point: expect.closeTo(1.2, 2), level: expect.closeTo(1 - 0.05 / 3, 9), trials: 3 },
    });
  });

  test('says equivalent', () => {
    expect(judge(pairsOf([1, 1.001, 0.999, 1]), once, 'more')).toMatchObject({
      ...{ verdict: 'equivalent', reason: 'the whole interval is within the margin of 3%' },
    });
  });

  test('looks once with the whole error, where that was the plan', () => {
    expect(judge(pairsOf([1.1, 1.2, 1.3, 1.1]), once, 'more').ratio).toMatchObject({ level: 0.95, trials: 4 });
  });

  test.each([0, 1, 2])('of %d rounds is that there are too few', (rounds) => {
    expect(judge(pairsOf([1.2, 1.2].slice(0, rounds)), again, 'more')).toEqual({
      ...{ ratio: null, verdict: 'inconclusive', roundsToSettle: 3 },
      reason: 'fewer than 3 rounds in which both were valid',
    });
  });

  test('stays what an early look settled, though later rounds are noisy', () => {
    const early = [1.2, 1.201, 1.199];
    const noisy = [2, 0.7, 1.9, 0.8, 0.7, 1.8, 0.6, 2.1, 0.9];
    const [before, after] = [early, [...early, ...noisy]].map((ratios) => judge(pairsOf(ratios), again, 'more').ratio);
    expect(judge(pairsOf([...early, ...noisy]), again, 'more').verdict).toBe('better');
    // What the looks have in common only ever becomes narrower.
    expect(after?.low).toBeGreaterThanOrEqual(before?.low ?? Number.NaN);
    expect(after?.high).toBeLessThanOrEqual(before?.high ?? Number.NaN);
  });

  test('settles nothing when what it showed at first is not so later, though the word would be the same', () => {
    const judged = judge(pairsOf([1.2, 1.201, 1.199, ...Array.from({ length: 24 }, () => 1.1)]), again, 'more');
    expect(judged).toMatchObject({ verdict: 'inconclusive', roundsToSettle: null });
    // It spans what any look allowed.
    expect(judged.ratio?.low).toBeLessThan(1.12);
    expect(judged.ratio?.high).toBeGreaterThan(1.2);
  });

  test('goes by the number of the round: rounds that only one of them has are no more looks', () => {
    const [a = [], b = []] = [
      [0, 1, 2],
      [0, 1, 2, 5, 6],
    ].map((rounds) =>
      pairsOf([1.1, 1.3, 1.2, 1.15, 1.25].slice(0, rounds.length)).map((pair, i) => ({
        ...pair,
        round: rounds[i] ?? 0,
      })),
    );
    expect(judge(a, again, 'more').ratio?.level).toBeCloseTo(1 - 0.05 / 3);
    expect(judge(b, again, 'more').ratio?.level).toBeCloseTo(1 - 0.05 * (1 / 3 + 1 / 6 + 1 / 10));
  });

  test('settles nothing when looks contradict each other, and does not ask for more', () => {
    const judged = judge(pairsOf([1.2, 1.2001, 1.2, ...Array.from({ length: 24 }, () => 0.9)]), again, 'more');
    expect(judged).toMatchObject({ verdict: 'inconclusive', roundsToSettle: null });
    expect(judged.reason).toBe('early and late rounds contradict each other: the machine changed in between');
  });

  test('that is open names the rounds that it takes, at a look', () => {
    const { verdict, reason, roundsToSettle } = judge(pairsOf([1.0, 1.1, 1.2, 1.05, 1.15]), again, 'more');
    expect(verdict).toBe('inconclusive');
    expect([8, 12, 18, 27]).toContain(roundsToSettle);
    expect(reason).toBe(
      `after 5 rounds the interval crosses the margin of 3%; about ${(roundsToSettle ?? 0) - 5} more would settle it`,
    );
  });

  test('of a few rounds that lie on the margin by chance is not that it is hopeless', () => {
    const { roundsToSettle } = judge(pairsOf([1.03 * 0.97, 1.03, 1.03 / 0.97]), again, 'more');
    expect(roundsToSettle).toBeGreaterThan(12);
    expect(roundsToSettle).toBeLessThan(300);
  });
});

describe('power', () => {
  const MOST_ROUNDS = 140;
  /** Rounds until it is settled, and what the first looks said of that. */
  const courseOf = (noise: () => number, truth: number) => {
    const all = Array.from({ length: MOST_ROUNDS }, (_, round) => ({
      round,
      baseline: Math.exp(noise()),
      candidate: truth * Math.exp(noise()),
    }));
    const foreseen: { at: number; rounds: number }[] = [];
    for (let look = 0; lookAfter(look) <= MOST_ROUNDS; look++) {
      const at = lookAfter(look);
      const { verdict, roundsToSettle } = judge(all.slice(0, at), again, 'more');
      if (verdict !== 'inconclusive') return { verdict, rounds: at, foreseen };
      if (roundsToSettle !== null) foreseen.push({ at, rounds: roundsToSettle });
    }
    return { verdict: 'inconclusive', rounds: MOST_ROUNDS, foreseen };
  };
  const courses = (noise: () => number, truth: number) => Array.from({ length: 400 }, () => courseOf(noise, truth));
  const scaled = (noise: () => number, sd: number) => () => sd * noise();

  test.each([1.08, 1 / 1.08])('trials that differ by 2% settle a ratio of %d in about ten rounds', (truth) => {
    const seen = courses(scaled(heavyTailed(randomStream(1), 5), 0.02), truth);
    expect(median(seen.map(({ rounds }) => rounds))).toBeLessThanOrEqual(12);
    const right = truth > 1 ? 'better' : 'worse';
    expect(seen.filter(({ verdict }) => verdict === right).length).toBeGreaterThan(0.99 * seen.length);
  });

  test('and that there is no difference, in about as many', () => {
    const seen = courses(scaled(heavyTailed(randomStream(2), 5), 0.02), 1);
    expect(median(seen.map(({ rounds }) => rounds))).toBeLessThanOrEqual(18);
    expect(seen.filter(({ verdict }) => verdict === 'equivalent').length).toBeGreaterThan(0.97 * seen.length);
  });

  test('trials that are slowed at times do not keep a large difference from being seen', () => {
    const seen = courses(slowedAtTimes(randomStream(3), 0.02), 1.2);
    expect(seen.filter(({ verdict }) => verdict === 'better').length).toBeGreaterThan(0.97 * seen.length);
    expect(median(seen.map(({ rounds }) => rounds))).toBeLessThanOrEqual(8);
  });

  test.each([
    { sd: 0.03, truth: 1.08 },
    { sd: 0.04, truth: 1.1 },
    { sd: 0.03, truth: 1 },
  ])('rounds are foreseen within a factor of two by eight rounds: $sd, $truth', ({ sd, truth }) => {
    const seen = courses(scaled(heavyTailed(randomStream(4), 5), sd), truth);
    const errors = seen.flatMap(({ rounds, foreseen }) =>
      foreseen.filter(({ at }) => at === 8).map((one) => one.rounds / rounds),
    );
    expect(errors.length).toBeGreaterThan(50);
    expect(median(errors)).toBeGreaterThan(0.5);
    expect(median(errors)).toBeLessThan(2);
  });
});
