import { describe, expect, test } from 'vitest';
import { looksAt } from '../../stats/looks.ts';
import { contestOf, type Figures } from './contest.ts';

const MARGIN = 0.03;
/** Some percent up or down, by round; no two models have them in the same order. */
const JITTER = [0.4, -0.5, 0.1, -0.2, 0.3, -0.4, 0.5, -0.1];
/** Requests per second in so many rounds from this one on. */
const figuresOf = (rate: number, rounds: number, shift = 0, from = 0): Figures =>
  new Map(
    Array.from({ length: rounds }, (_, i) => {
      const percent = JITTER[(from + i + shift) % JITTER.length] ?? 0;
      return [from + i, Math.log(rate * (1 + percent / 100))];
    }),
  );
const contest = (models: readonly Figures[], rounds: number) => contestOf(models, looksAt(rounds), Math.log1p(MARGIN));

test('with too few rounds to look nothing is known, and three are needed', () => {
  for (const rounds of [0, 1, 2]) {
    const { behind, roundsToAnswer, contradicts } = contest([figuresOf(100, rounds), figuresOf(90, rounds)], rounds);
    expect(behind).toEqual([
      { atMost: Infinity, atLeast: 0 },
      { atMost: Infinity, atLeast: 0 },
    ]);
    expect(roundsToAnswer).toBe(3 - rounds);
    expect(contradicts).toBe(false);
  }
});

test('it is answered when one is within the margin of whichever is the best', () => {
  const { behind, roundsToAnswer, rounds } = contest([figuresOf(100, 3), figuresOf(80, 3, 1), figuresOf(50, 3, 2)], 3);
  expect({ roundsToAnswer, rounds }).toEqual({ roundsToAnswer: 0, rounds: 3 });
  expect(behind[0]).toEqual({ atMost: 0, atLeast: 0 });
  for (const [model, truth] of [Math.log(0.8), Math.log(0.5)].entries()) {
    expect(behind[model + 1]?.atLeast).toBeLessThan(-truth);
    expect(behind[model + 1]?.atMost).toBeGreaterThan(-truth);
  }
});

describe('one that lacks rounds', () => {
  const models = [figuresOf(100, 5), figuresOf(80, 5, 1), figuresOf(90, 2, 2)];

  test('keeps the others from being answered, because it may be the best', () => {
    const { behind, contradicts } = contest(models, 5);
    expect(behind.map(({ atMost }) => atMost)).toEqual([Infinity, Infinity, Infinity]);
    expect(contradicts).toBe(false);
  });

  test('needs as many as it takes to have three in common, at the pace so far', () => {
    expect(contest(models, 5).roundsToAnswer).toBe(Math.ceil(5 / 2));
    expect(contest([figuresOf(100, 5), figuresOf(100, 1, 1)], 5).roundsToAnswer).toBe(10);
    expect(contest([figuresOf(100, 5), new Map()], 5).roundsToAnswer).toBe(15);
  });

  test('is compared in the rounds that both have', () => {
    const late = figuresOf(50, 3, 1, 2);
    expect(contest([figuresOf(100, 5), late], 5)).toMatchObject({ roundsToAnswer: 0, behind: [{ atMost: 0 }, {}] });
  });
});

test('a model that was shown to be behind need not be measured again, and what was said of it stays', () => {
  const before = contest([figuresOf(100, 3), figuresOf(99, 3, 3), figuresOf(50, 3, 2)], 3);
  const after = contest([figuresOf(100, 8), figuresOf(99, 8, 3), figuresOf(50, 3, 2)], 8);
  expect(before.behind[2]?.atLeast).toBeGreaterThan(0.5);
  expect(after.behind[2]?.atLeast).toBeGreaterThanOrEqual(before.behind[2]?.atLeast ?? Infinity);
  expect(after.behind[2]?.atMost).toBeLessThanOrEqual(before.behind[2]?.atMost ?? 0);
  for (const [model, { atMost }] of after.behind.entries()) {
    expect(atMost).toBeLessThanOrEqual(before.behind[model]?.atMost ?? 0);
  }
});

test('early and late rounds that say opposite things say nothing, and more would not help', () => {
  const swapped = (first: number, then: number, shift: number): Figures =>
    new Map([...figuresOf(first, 3, shift), ...figuresOf(then, 15, shift, 3)]);
  const { contradicts, roundsToAnswer } = contest([swapped(100, 50, 0), swapped(50, 100, 1)], 18);
  expect({ contradicts, roundsToAnswer }).toEqual({ contradicts: true, roundsToAnswer: null });
});

test('rounds that are all the same contradict nothing', () => {
  const same = (rate: number): Figures => new Map([0, 1, 2, 3, 4, 5, 6, 7].map((round) => [round, Math.log(rate)]));
  const { behind, contradicts, roundsToAnswer } = contest([same(7), same(3)], 8);
  expect({ contradicts, roundsToAnswer }).toEqual({ contradicts: false, roundsToAnswer: 0 });
  expect(behind[1]?.atLeast).toBeCloseTo(Math.log(7 / 3), 6);
});

test('rounds that are foreseen are fewer where one look may spend all', () => {
  const models = [figuresOf(100, 3), figuresOf(100, 3, 2)].map(
    (one): Figures => new Map([...one].map(([round, y]) => [round, Math.log(100) + 12 * (y - Math.log(100))])),
  );
  const open = contestOf(models, looksAt(3), Math.log1p(MARGIN)).roundsToAnswer;
  const once = contestOf(models, [{ rounds: 3, share: 1 }], Math.log1p(MARGIN), () => 1).roundsToAnswer;
  expect(once).toBeGreaterThan(0);
  expect(once).toBeLessThan(open ?? 0);
});
