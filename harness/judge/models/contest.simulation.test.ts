/**
 * What is said of the best, and what it may err: a scenario of several models, measured round by round as a run does until it is
 * answered or its rounds are spent, under every noise that machines were seen to have. Wrong is a run that says anything false.
 */
import { describe, expect, test } from 'vitest';
import { drift, heavyTailed, type Noise, normal } from '../../stats/fixtures/noise.ts';
import { type Look, lookAfter, looksAt } from '../../stats/looks.ts';
import { randomStream } from '../../stats/random.ts';
import { ANSWER_ERROR, type Contest, contestOf } from './contest.ts';

const MARGIN = 0.03;
/** The budget ends a run after so many rounds. */
const LAST = [0, 1, 2].map(lookAfter);

/** How a trial of a model differs from its truth, in logarithms. */
interface Circumstances {
  readonly noiseOf: (random: () => number) => (model: number) => Noise;
  /** Common to all models of a round. */
  readonly machine?: (random: () => number) => readonly number[];
}

const scaled =
  (sd: number, next: Noise): Noise =>
  () =>
    sd * next();
const noisier = (sd: number, times: number): Circumstances => ({
  noiseOf: (random) => (model) => scaled(model === 0 ? times * sd : sd, normal(random)),
});
const NORMAL: Circumstances = { noiseOf: (random) => () => scaled(0.015, normal(random)) };
const FOUR_TIMES = noisier(0.015, 4);
const TEN_TIMES = noisier(0.01, 10);
const TWO_SPEEDS: Circumstances = {
  noiseOf: (random) => () => () => 0.01 * normal(random)() + (random() < 0.5 ? Math.log(0.9) : 0),
};
const DISTURBED: Circumstances = {
  noiseOf: (random) => () => () =>
    0.015 * normal(random)() + (random() < 0.1 ? Math.log(1 - (0.1 + 0.3 * random())) : 0),
};
const tailed = (sd: number, freedom: number): Circumstances => ({
  noiseOf: (random) => () => scaled(sd, heavyTailed(random, freedom)),
});
const noises: readonly (readonly [string, Circumstances])[] = [
  ['normal, 1.5%', NORMAL],
  ['t with 3 degrees of freedom, 3%', tailed(0.03, 3)],
  ['t with 5 degrees of freedom, 8%', tailed(0.08, 5)],
  ['a machine that drifts', { ...NORMAL, machine: (random) => drift(random, Math.max(...LAST), 0.01) }],
  ['launches of two speeds', TWO_SPEEDS],
  ['one model 4 times noisier', FOUR_TIMES],
  ['one model 10 times noisier', TEN_TIMES],
  ['one trial in ten disturbed', DISTURBED],
];

/** What models serve, relative to each other. */
type Speeds = readonly number[];
const ON_THE_MARGIN: Speeds = [1, 1 + MARGIN];

interface Ended {
  readonly isWrong: boolean;
  readonly isAnswered: boolean;
}

const promised = (rounds: number, isLast: boolean): readonly Look[] => looksAt(rounds, isLast);
/** As if each look were the only one. */
const careless = (rounds: number): readonly Look[] => looksAt(rounds).map((look) => ({ ...look, share: 1 }));

/** How it ends with each of the last looks: measured until it is answered, or that look has been taken. */
function endsOf(
  speeds: Speeds,
  { noiseOf, machine }: Circumstances,
  random: () => number,
  looks: typeof promised,
): Ended[] {
  const noise = noiseOf(random);
  const own = speeds.map((_, model) => noise(model));
  const speedOf = machine?.(random) ?? [];
  const figures = speeds.map(() => new Map<number, number>());
  const ends: Ended[] = [];
  let open: Contest | null = null;
  let measured = 0;
  for (const last of LAST) {
    if (open?.roundsToAnswer !== 0) {
      for (; measured < last; measured++) {
        for (const [model, speed] of speeds.entries()) {
          // One that was shown to be more than the margin behind is not measured again.
          if ((open?.behind[model]?.atLeast ?? 0) > Math.log1p(MARGIN)) continue;
          figures[model]?.set(measured, Math.log(speed) + (speedOf[measured] ?? 0) + (own[model]?.() ?? 0));
        }
      }
      open = contestOf(figures, looks(measured, false), Math.log1p(MARGIN));
    }
    const isAnswered = open.roundsToAnswer === 0;
    ends.push(endOf(speeds, isAnswered ? open : contestOf(figures, looks(measured, true), Math.log1p(MARGIN))));
  }
  return ends;
}

function endOf(speeds: Speeds, { behind, contradicts, roundsToAnswer }: Contest): Ended {
  const best = Math.max(...speeds.map(Math.log));
  const isFalse = behind.some(({ atMost, atLeast }, model) => {
    const truth = best - Math.log(speeds[model] ?? 1);
    return truth > atMost + 1e-9 || truth < atLeast - 1e-9;
  });
  return { isWrong: isFalse && !contradicts, isAnswered: roundsToAnswer === 0 };
}

/** Of so many runs, in percent, by last look. */
function shares(
  is: keyof Ended,
  runs: number,
  speeds: Speeds,
  circumstances: Circumstances,
  looks: typeof promised = promised,
): number[] {
  const random = randomStream(20_261_130);
  const all = Array.from({ length: runs }, () => endsOf(speeds, circumstances, random, looks));
  return LAST.map((_, end) => (100 * all.filter((ends) => ends[end]?.[is] === true).length) / runs);
}

describe.each(noises)('%s: anything false is said in one run of twenty at most', (_, circumstances) => {
  test.each<[string, number, Speeds]>([
    ['four equal models', 200, [1, 1, 1, 1]],
    ['one on the margin behind three', 200, [1 / (1 + MARGIN), 1, 1, 1]],
    ['the best on the margin before three', 200, [1 + MARGIN, 1, 1, 1]],
    ['models 5% apart', 300, [1, 0.95, 0.9, 0.5]],
    // The same model under two names: told apart is wrong.
    ['two equal models', 1000, [1, 1]],
  ])('%s', (_truth, runs, speeds) => {
    expect(Math.max(...shares('isWrong', runs, speeds, circumstances))).toBeLessThanOrEqual(100 * ANSWER_ERROR);
  });
});

describe('where it errs the most', () => {
  test.each<[string, number, Speeds, Circumstances]>([
    ['models 5% apart, one 10 times noisier', 2000, [1, 0.95, 0.9, 0.5], TEN_TIMES],
    ['three of them', 3000, [1, 0.95, 0.9], TEN_TIMES],
    ['three of them, one 100 times noisier', 6000, [1, 0.95, 0.9], noisier(0.001, 100)],
    ['two on the margin, normal', 2000, ON_THE_MARGIN, NORMAL],
    ['two on the margin, one 10 times noisier', 3000, ON_THE_MARGIN, TEN_TIMES],
  ])('still in one of twenty: %s', (_truth, runs, speeds, circumstances) => {
    expect(Math.max(...shares('isWrong', runs, speeds, circumstances))).toBeLessThanOrEqual(100 * ANSWER_ERROR);
  });

  test('three rounds that met the same two speeds by chance look like a difference: two on the margin are wrong in one run of 17 at most', () => {
    const [three, five, eight] = shares('isWrong', 3000, ON_THE_MARGIN, TWO_SPEEDS);
    expect(three).toBeLessThan(5);
    expect(five).toBeLessThan(5.5);
    expect(eight).toBeLessThan(6);
  });

  test('with looks of which each spends all the error it is far more, so this can fail', () => {
    expect(Math.max(...shares('isWrong', 1000, ON_THE_MARGIN, FOUR_TIMES, careless))).toBeGreaterThan(7);
  });
});

describe('as many scenarios are answered as the promise allows', () => {
  // A slow one is in it, as `single` is where work takes CPU time.
  test.each<[string, Speeds, Circumstances, readonly number[]]>([
    ['normal, 1.5%: the best by 5%', [1.05, 1, 1, 0.5], NORMAL, [75, 98, 99]],
    ['normal, 1.5%: three equal', [1, 1, 1, 0.5], NORMAL, [15, 47, 90]],
    ['t with 5 degrees of freedom, 3%: the best by 10%', [1.1, 1, 1, 0.5], tailed(0.03, 5), [58, 89, 99]],
    ['t with 5 degrees of freedom, 8%: 20 to 25% apart', [1.25, 1, 0.8], tailed(0.08, 5), [60, 87, 98]],
    ['one trial in ten disturbed: the best by 5%', [1.05, 1, 1, 0.5], DISTURBED, [20, 32, 54]],
  ])('%s', (_, speeds, circumstances, atLeast) => {
    const answered = shares('isAnswered', 400, speeds, circumstances);
    for (const [end, share] of atLeast.entries()) {
      expect(answered[end], `after ${LAST[end]} rounds`).toBeGreaterThanOrEqual(share);
    }
  });
});
