/** From the rounds that two cells have in common to a verdict. */
import { FEWEST_TRIALS, pairedLocation, type Ratio, ratioOf } from '../../stats/estimate.ts';
import { LEAST_SCALE, type Location } from '../../stats/location.ts';
import { FIRST_OF_GATE, type Look, lookAfter, looksAt, shareOf } from '../../stats/looks.ts';
import { moderated } from '../../stats/moderated.ts';
import { studentQuantile } from '../../stats/student.ts';
import { percent } from '../words.ts';

/** The verdict on a pair that could be compared. */
export type Word = 'better' | 'worse' | 'equivalent' | 'inconclusive';

/** What a pair is judged by. */
export interface Standard {
  /** Ratios from 1 ÷ (1 + margin) to 1 + margin make no difference that matters. */
  readonly margin: number;
  /** Chance that the interval of this pair misses the truth at any look: that of the whole family ÷ its size. */
  readonly error: number;
  /**
   * `once` when the number of rounds was fixed beforehand; `again` when measuring goes on until enough is known, `last` when it
   * has ended before.
   */
  readonly looks: 'once' | 'again' | 'last';
  /** For a gate, which must not fail by chance whatever launches do: it looks later, and trusts few rounds that are alike less. */
  readonly isGate?: boolean;
}

export interface Judgement {
  readonly ratio: Ratio | null;
  readonly verdict: Word;
  /** In one line. */
  readonly reason: string;
  readonly roundsToSettle: number | null;
}

/** The trials of one round. */
export interface Pair {
  /** From 0. */
  readonly round: number;
  readonly baseline: number;
  readonly candidate: number;
}

/** Error that a whole family of comparisons, all pairs of a scenario in one figure, is allowed: that any of its intervals misses the truth. */
export const FAMILY_ERROR = 0.05;
/** No run has so many looks. */
const MOST_LOOKS = 25;

/** Where the interval of a ratio lies. `good` says which is better, more or less of it. */
export function wordFor({ low, high }: Pick<Ratio, 'low' | 'high'>, margin: number, good: 'more' | 'less'): Word {
  if (low > 1 + margin) return good === 'more' ? 'better' : 'worse';
  if (high < 1 / (1 + margin)) return good === 'more' ? 'worse' : 'better';
  return low > 1 / (1 + margin) && high < 1 + margin ? 'equivalent' : 'inconclusive';
}

/** One pair that is alone. */
export function judge(pairs: readonly Pair[], standard: Standard, good: 'more' | 'less'): Judgement {
  const [judgement] = judgeAll([pairs], standard, good);
  if (judgement === undefined) throw new RangeError('a pair has a judgement');
  return judgement;
}

/**
 * Looks at all pairs as often as was planned; they share what is known of the spread. The intervals of all looks hold together, so
 * the truth lies in what they have in common: that is shown, and what is settled stays settled. When they have nothing in common
 * the machine has changed, and nothing is settled. Looks go by the number of the round, so that a pair that lacks rounds is not
 * looked at more often. A gate does not look again at a pair that it has stopped measuring: when it did so depends on the pair.
 */
export function judgeAll(
  family: readonly (readonly Pair[])[],
  standard: Standard,
  good: 'more' | 'less',
): readonly Judgement[] {
  const rounds = 1 + Math.max(-1, ...family.flat().map(({ round }) => round));
  const seen = family.map((): Ratio[] => []);
  let before = 0;
  for (const look of looksOf(standard, rounds)) {
    for (const [i, ratio] of ratiosAt(look, family, standard)) {
      const isMeasured = family[i]?.some(({ round }) => round >= before) === true;
      if (isMeasured || standard.isGate !== true) seen[i]?.push(ratio);
    }
    before = look.rounds;
  }
  return family.map((pairs, i) => judgementOf(pairs, seen[i] ?? [], standard, good));
}

function looksOf(standard: Standard, rounds: number): readonly Look[] {
  if (standard.looks === 'once') return [{ rounds, share: 1 }];
  return looksAt(rounds, standard.looks === 'last', firstOf(standard));
}

function firstOf({ isGate }: Standard): number {
  return isGate === true ? FIRST_OF_GATE : 0;
}

/** By place in the family, of those that have enough rounds by then. */
function ratiosAt(
  { rounds, share }: Look,
  family: readonly (readonly Pair[])[],
  standard: Standard,
): readonly (readonly [number, Ratio])[] {
  const located = family.flatMap((pairs, i) => {
    const until = pairs.filter(({ round }) => round < rounds);
    const isEnough = until.length >= FEWEST_TRIALS;
    return isEnough ? [{ i, difference: { ...locationFor(standard, until), rounds: until.length } }] : [];
  });
  const shared = moderated(located.map(({ difference }) => difference));
  const level = 1 - standard.error * share;
  return located.map(({ i, difference }, k) => [i, ratioOf(shared[k] ?? difference, level, difference.rounds)]);
}

function locationFor({ isGate }: Standard, pairs: readonly Pair[]): Location {
  return isGate === true ? gateLocation(pairs) : pairedLocation(pairs);
}

/**
 * For a gate that has fewer rounds than its first look: the least standard deviation of the logarithm of a ratio. Where launches have
 * two speeds, one 10% slower than the other, three rounds are alike by chance in three cases of a hundred, and must not be believed.
 */
const LEAST_SD_OF_FEW = 0.025;

/** As a gate sees them: it does not trust a few rounds that are alike. */
export function gateLocation(pairs: readonly Pair[]): Location {
  const location = pairedLocation(pairs, LEAST_SCALE);
  const least = pairs.length < lookAfter(FIRST_OF_GATE) ? LEAST_SD_OF_FEW / Math.sqrt(pairs.length) : 0;
  return { ...location, standardError: Math.max(location.standardError, least) };
}

function judgementOf(
  pairs: readonly Pair[],
  seen: readonly Ratio[],
  standard: Standard,
  good: 'more' | 'less',
): Judgement {
  const ratio = commonTo(seen);
  if (ratio === null) {
    const fewest = standard.looks === 'again' ? lookAfter(firstOf(standard)) : FEWEST_TRIALS;
    const reason = `fewer than ${fewest} rounds in which both were valid`;
    return { ratio: null, verdict: 'inconclusive', reason, roundsToSettle: fewest };
  }
  if (ratio.low > ratio.high) {
    const reason = 'early and late rounds contradict each other: the machine changed in between';
    return { ratio: spanOf(seen, ratio), verdict: 'inconclusive', reason, roundsToSettle: null };
  }
  const word = wordFor(ratio, standard.margin, good);
  if (word === 'inconclusive') return open(ratio, pairs, standard);
  return { ratio, verdict: word, reason: settledBy(word, standard), roundsToSettle: null };
}

/** The latest ratio, within what all looks allow; its ends are the wrong way round when that is nothing. */
function commonTo(seen: readonly Ratio[]): Ratio | null {
  const latest = seen.at(-1);
  if (latest === undefined) return null;
  const level = 1 - seen.reduce((sum, one) => sum + 1 - one.level, 0);
  const low = Math.max(...seen.map((one) => one.low));
  const high = Math.min(...seen.map((one) => one.high));
  return { ...latest, point: Math.min(Math.max(latest.point, low), high), low, high, level };
}

/** From the lowest to the highest that any look allows. */
function spanOf(seen: readonly Ratio[], ratio: Ratio): Ratio {
  const [low, high] = [Math.min(...seen.map((one) => one.low)), Math.max(...seen.map((one) => one.high))];
  return { ...ratio, point: seen.at(-1)?.point ?? ratio.point, low, high };
}

function settledBy(word: Word, { margin }: Standard): string {
  const where = word === 'equivalent' ? 'within' : 'beyond';
  return `the whole interval is ${where} the margin of ${percent(margin)}`;
}

function open(ratio: Ratio, pairs: readonly Pair[], standard: Standard): Judgement {
  const needed = roundsToSettle(pairs, standard);
  const more =
    needed === null ? 'more rounds would not settle it' : `about ${needed - pairs.length} more would settle it`;
  const reason = `after ${pairs.length} rounds the interval crosses the margin of ${percent(standard.margin)}; ${more}`;
  return { ratio, verdict: 'inconclusive', reason, roundsToSettle: needed };
}

/**
 * Rounds after which the interval would lie on one side of the margin, if the ratio and the spread of the rounds stay what
 * they seem to be. How far the ratio is from the margin is not known better than its standard error, so it is taken to be
 * that far at least: a few rounds that happen to lie on the margin do not make a pair hopeless. Null when no run
 * has so many.
 */
function roundsToSettle(pairs: readonly Pair[], standard: Standard): number | null {
  const { margin, error, looks } = standard;
  const { point, standardError } = locationFor(standard, pairs);
  const gap = Math.max(standardError, Math.abs(Math.abs(point) - Math.log(1 + margin)));
  const sd = standardError * Math.sqrt(pairs.length);
  for (let look = 0; look < MOST_LOOKS; look++) {
    const needed = lookAfter(firstOf(standard) + look);
    if (needed <= pairs.length) continue;
    const share = looks === 'once' ? 1 : shareOf(look);
    const t = studentQuantile(1 - (error * share) / 2, needed - 1);
    if ((t * sd) / Math.sqrt(needed) < gap) return needed;
  }
  return null;
}
