/** Which of several models is the best in one figure, and how far each is behind it, as rounds come in. */
import { type Behind, behindTheBest, criticalAtMost } from '../../stats/best.ts';
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import { locationOf } from '../../stats/location.ts';
import { type Look, lookAfter, shareOf } from '../../stats/looks.ts';
import { type Located, moderated } from '../../stats/moderated.ts';

/** What one model has of a figure, by round: the logarithm, such that more is better. */
export type Figures = ReadonlyMap<number, number>;

export interface Contest {
  /** In the order of the models; bounds in logarithms. */
  readonly behind: readonly Behind[];
  /** Rounds of the last look. */
  readonly rounds: number;
  /** More rounds until one is within the margin, if all stays as it seems to be; null when no run has so many, 0 when one is. */
  readonly roundsToAnswer: number | null;
  /** Early and late rounds say opposite things. */
  readonly contradicts: boolean;
}

/** Chance that anything said of one figure of one scenario is wrong. */
export const ANSWER_ERROR = 0.05;
/** No run has so many looks. */
const MOST_LOOKS = 25;
/** What arithmetic leaves where rounds are all the same. */
const DUST = 1e-9;

/**
 * Looks as often as was planned. What every look says holds together, so what was said stays: bounds only become narrower, and
 * a model that was shown not to be the best need not be measured again. `within` is the margin, in logarithms; `spends` is what looks to come would spend.
 */
export function contestOf(
  models: readonly Figures[],
  looks: readonly Look[],
  within: number,
  spends: (look: number) => number = shareOf,
): Contest {
  const all = models.map((_, i) => i);
  let behind: readonly Behind[] = all.map(() => ({ atMost: Number.POSITIVE_INFINITY, atLeast: 0 }));
  let differences: (one: number, other: number) => Located | null = () => null;
  for (const { rounds, share } of looks) {
    differences = differencesOf(models, rounds);
    const before = behind;
    const now = behindTheBest(models.length, differences, ANSWER_ERROR * share, (one) => isOut(before[one]));
    behind = now.map((one, i) => ({
      atMost: Math.min(one.atMost, before[i]?.atMost ?? one.atMost),
      atLeast: Math.max(one.atLeast, before[i]?.atLeast ?? one.atLeast),
    }));
  }
  const rounds = looks.at(-1)?.rounds ?? 0;
  const contradicts = behind.some(({ atMost, atLeast }) => atLeast > atMost + DUST) || behind.every(isOut);
  const isAnswered = !contradicts && behind.some(({ atMost }) => atMost <= within);
  const candidates = all.filter((one) => !isOut(behind[one]));
  const roundsToAnswer = (): number | null =>
    lacking(
      candidates.flatMap((one) => models[one] ?? []),
      rounds,
    ) ?? needed({ candidates, count: models.length, differences, rounds, within, spends });
  return {
    behind,
    rounds,
    roundsToAnswer: isAnswered ? 0 : contradicts ? null : roundsToAnswer(),
    contradicts,
  };
}

function isOut(behind: Behind | undefined): boolean {
  return behind !== undefined && behind.atLeast > 0;
}

/** Of every pair, over the rounds before `until` in which both were measured. */
function differencesOf(models: readonly Figures[], until: number): (one: number, other: number) => Located | null {
  const pairs = models.flatMap((one, i) =>
    models.slice(i + 1).flatMap((other, k): { key: string; difference: Located }[] => {
      const values = [...one].flatMap(([round, y]) => {
        const theirs = other.get(round);
        return round < until && theirs !== undefined ? [y - theirs] : [];
      });
      if (values.length < FEWEST_TRIALS) return [];
      return [{ key: `${i} ${i + 1 + k}`, difference: { ...locationOf(values), rounds: values.length } }];
    }),
  );
  const shared = moderated(pairs.map(({ difference }) => difference));
  const byKey = new Map(pairs.map(({ key }, i) => [key, shared[i] ?? null]));
  return (one, other) => {
    const forth = byKey.get(`${one} ${other}`) ?? null;
    if (forth !== null) return forth;
    const back = byKey.get(`${other} ${one}`) ?? null;
    return back === null ? null : { ...back, point: -back.point };
  };
}

/** Rounds from now after which all would have enough in common, if they go on to have as many of them as so far; null when they have. */
function lacking(models: readonly Figures[], rounds: number): number | null {
  const common = models.flatMap((one, i) =>
    models.slice(i + 1).map((other) => [...one.keys()].filter((round) => other.has(round)).length),
  );
  const fewest = Math.min(FEWEST_TRIALS, ...common);
  return fewest === FEWEST_TRIALS
    ? null
    : Math.ceil(((FEWEST_TRIALS - fewest) * Math.max(1, rounds)) / Math.max(1, fewest));
}

interface Needing {
  readonly candidates: readonly number[];
  readonly count: number;
  readonly differences: (one: number, other: number) => Located | null;
  readonly rounds: number;
  readonly within: number;
  readonly spends: (look: number) => number;
}

/**
 * Rounds from now after which one of the candidates would be within the margin of every other (as Nelson and Matejcik 1995,
 * Manag. Sci. 41, 1935, plan theirs). How near the margin a difference lies is not known better than its standard error, so it is
 * taken to be that far away at least: a few rounds that happen to lie on the margin do not make it hopeless.
 */
function needed({ candidates, count, differences, rounds, within, spends }: Needing): number | null {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const until = lookAfter(look);
    if (until <= rounds) continue;
    const error = ANSWER_ERROR * spends(look);
    const isWithin = (one: number, other: number): boolean => {
      const difference = differences(one, other);
      if (difference === null) return one === other;
      const { point, standardError, degreesOfFreedom, rounds: had } = difference;
      const gap = Math.max(standardError, within + point);
      const freedom = degreesOfFreedom + until - rounds;
      return criticalAtMost(count, error, freedom) * standardError * Math.sqrt(had / (had + until - rounds)) <= gap;
    };
    if (candidates.some((one) => candidates.every((other) => isWithin(one, other)))) return until - rounds;
  }
  return null;
}
