/**
 * What is said of the best, and what it may err: a scenario of several models, measured round by round as a run does until it is
 * answered or its rounds are spent, under every noise that machines were seen to have.
 */
import { describe, expect, test } from 'vitest';
import { drift, heavyTailed, type Noise, normal } from '../../stats/fixtures/noise.ts';
import { lookAfter, looksAt } from '../../stats/looks.ts';
import { randomStream } from '../../stats/random.ts';
import { ANSWER_ERROR, type Contest, contestOf } from './contest.ts';

const MARGIN = 0.03;
const LOOKS = [0, 1, 2];

/** How a trial of a model differs from its truth, in logarithms. */
interface Circumstances {
  readonly noiseOf: (random: () => number) => (model: number) => Noise;
  readonly machine?: (random: () => number) => readonly number[];
}

const spread =
  (sd: number, next: Noise): Noise =>
  () =>
    sd * next();
const noises: Readonly<Record<string, Circumstances>> = {
  'normal, 1.5%': { noiseOf: (random) => () => spread(0.015, normal(random)) },
  't with 3 degrees, 3%': { noiseOf: (random) => () => spread(0.03, heavyTailed(random, 3)) },
  't with 5 degrees, 8%': { noiseOf: (random) => () => spread(0.08, heavyTailed(random, 5)) },
  'a machine that drifts': {
    noiseOf: (random) => () => spread(0.015, normal(random)),
    machine: (random) => drift(random, lookAfter(LOOKS.length), 0.01),
  },
  'launches of two speeds': {
    noiseOf: (random) => () => () => 0.01 * normal(random)() + (random() < 0.5 ? Math.log(0.9) : 0),
  },
  'one model 4 times noisier': { noiseOf: (random) => (model) => spread(model === 0 ? 0.06 : 0.015, normal(random)) },
  'one model 10 times noisier': { noiseOf: (random) => (model) => spread(model === 0 ? 0.1 : 0.01, normal(random)) },
  'one trial in ten disturbed': {
    noiseOf: (random) => () => () =>
      0.015 * normal(random)() + (random() < 0.1 ? Math.log(1 - (0.1 + 0.3 * random())) : 0),
  },
};

/** What models serve, relative to each other. */
const truths: Readonly<Record<string, readonly number[]>> = {
  'equal models': [1, 1, 1, 1],
  'one on the margin behind three': [1 / (1 + MARGIN), 1, 1, 1],
  'the best by the margin': [1 + MARGIN, 1, 1, 1],
  'models 5% apart': [1, 0.95, 0.9, 0.5],
  'two models': [1, 1],
  'two models on the margin': [1, 1 + MARGIN],
};

interface Ended {
  readonly isWrong: boolean;
  readonly isAnswered: boolean;
}

/** Measures until it is answered, or the last look has been taken. */
function runOf(
  speeds: readonly number[],
  { noiseOf, machine }: Circumstances,
  last: number,
  random: () => number,
): Ended {
  const noise = noiseOf(random);
  const own = speeds.map((_, model) => noise(model));
  const speedOf = machine?.(random) ?? [];
  const figures = speeds.map(() => new Map<number, number>());
  let isWrong = false;
  let contest: Contest | null = null;
  let measured = 0;
  for (let look = 0; look <= last; look++) {
    for (; measured < lookAfter(look); measured++) {
      for (const [model, speed] of speeds.entries()) {
        // One that was shown to be more than the margin behind is not measured again.
        if ((contest?.behind[model]?.atLeast ?? 0) > Math.log1p(MARGIN)) continue;
        figures[model]?.set(measured, Math.log(speed) + (speedOf[measured] ?? 0) + (own[model]?.() ?? 0));
      }
    }
    contest = contestOf(figures, looksAt(measured), MARGIN);
    if (contest.roundsToAnswer === 0) break;
    if (look === last) contest = contestOf(figures, looksAt(measured, true), MARGIN);
  }
  if (contest !== null && !contest.contradicts) {
    const best = Math.max(...speeds.map(Math.log));
    isWrong = contest.behind.some(({ atMost, atLeast }, model) => {
      const behind = best - Math.log(speeds[model] ?? 1);
      return behind > atMost + 1e-9 || behind < atLeast - 1e-9;
    });
  }
  return { isWrong, isAnswered: contest?.roundsToAnswer === 0 };
}

/** In percent of so many runs. */
function share(
  runs: number,
  of: (ended: Ended) => boolean,
  speeds: readonly number[],
  noise: string,
  last: number,
): number {
  const random = randomStream(20_261_130);
  const circumstances = noises[noise];
  if (circumstances === undefined) throw new RangeError(noise);
  const ended = Array.from({ length: runs }, () => runOf(speeds, circumstances, last, random));
  return (100 * ended.filter(of).length) / runs;
}
const RUNS = Number(process.env.RUNS ?? 400);
test('table', () => {
  for (const [name, speeds] of Object.entries(truths))
    for (const noise of Object.keys(noises)) {
      console.log(
        name.padEnd(32),
        noise.padEnd(28),
        [0, 1, 2]
          .map(
            (last) =>
              share(RUNS, (e) => e.isWrong, speeds, noise, last).toFixed(1) +
              ' ' +
              share(RUNS, (e) => e.isAnswered, speeds, noise, last).toFixed(0),
          )
          .join(' | '),
      );
    }
}, 600000);
