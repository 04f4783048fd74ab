/** From the rounds that two cells have in common to a word. */
import { pairedLocation, pairedRatio, type Ratio } from '../stats/estimate.ts';
import { lookAfter, looksAt, shareOf } from '../stats/looks.ts';
import { studentQuantile } from '../stats/student.ts';

/** What may be said of a pair that could be compared. */
export type Word = 'better' | 'worse' | 'equivalent' | 'inconclusive';

/** What a pair is judged by. */
export interface Standard {
  /** Ratios from 1 ÷ (1 + margin) to 1 + margin make no difference that matters. */
  readonly margin: number;
  /** Chance that the interval of this pair misses the truth at any look: that of the whole family ÷ its size. */
  readonly error: number;
  /** `once` when the number of rounds was fixed beforehand; `again` when measuring went on until enough was known. */
  readonly looks: 'once' | 'again';
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
  readonly baseline: number;
  readonly candidate: number;
}

/** Error that a whole family of comparisons is allowed: that any of its intervals misses the truth. */
export const FAMILY_ERROR = 0.05;
/** No run gets so far. */
const MOST_LOOKS = 25;

/** The standard of each of so many comparisons that are judged together (Bonferroni). */
export function standardFor(
  { margin, budgetMs }: { readonly margin: number; readonly budgetMs: number | null },
  comparisons: number,
): Standard {
  return { margin, error: FAMILY_ERROR / Math.max(1, comparisons), looks: budgetMs === null ? 'once' : 'again' };
}

/** Where the interval of a ratio lies. `good` says which is better, more or less of it. */
export function wordFor({ low, high }: Pick<Ratio, 'low' | 'high'>, margin: number, good: 'more' | 'less'): Word {
  if (low > 1 + margin) return good === 'more' ? 'better' : 'worse';
  if (high < 1 / (1 + margin)) return good === 'more' ? 'worse' : 'better';
  return low > 1 / (1 + margin) && high < 1 + margin ? 'equivalent' : 'inconclusive';
}

/**
 * Looks at a pair as often as was planned. The intervals of all looks hold together, so what one has settled stays
 * settled; the latest that settles it is shown. Two that contradict each other settle nothing.
 */
export function judge(pairs: readonly Pair[], standard: Standard, good: 'more' | 'less'): Judgement {
  const looks = standard.looks === 'once' ? [{ rounds: pairs.length, share: 1 }] : looksAt(pairs.length);
  const seen = looks.flatMap(({ rounds, share }) => {
    const ratio = pairedRatio(pairs.slice(0, rounds), 1 - standard.error * share);
    return ratio === null ? [] : [{ ratio, word: wordFor(ratio, standard.margin, good) }];
  });
  const latest = seen.at(-1);
  if (latest === undefined) {
    const reason = `fewer than ${lookAfter(0)} rounds in which both were valid`;
    return { ratio: null, verdict: 'inconclusive', reason, roundsToSettle: lookAfter(0) };
  }
  const settled = seen.filter(({ word }) => word !== 'inconclusive');
  const last = settled.at(-1);
  if (last === undefined) return open(latest.ratio, pairs, standard);
  if (settled.some(({ word }) => word !== last.word)) {
    const reason = 'early and late rounds contradict each other: the machine changed in between';
    return { ratio: latest.ratio, verdict: 'inconclusive', reason, roundsToSettle: null };
  }
  return { ratio: last.ratio, verdict: last.word, reason: settledBy(last.word, standard), roundsToSettle: null };
}

function settledBy(word: Word, { margin }: Standard): string {
  const where = word === 'equivalent' ? 'within' : 'beyond';
  return `the whole interval is ${where} the margin of ${percent(margin)}`;
}

function open(ratio: Ratio, pairs: readonly Pair[], standard: Standard): Judgement {
  const needed = roundsToSettle(pairs, standard);
  const more =
    needed === null ? 'no number of rounds would settle it' : `about ${needed - pairs.length} more would settle it`;
  const reason = `after ${pairs.length} rounds the interval reaches over the margin of ${percent(standard.margin)}; ${more}`;
  return { ratio, verdict: 'inconclusive', reason, roundsToSettle: needed };
}

/**
 * Rounds after which the interval would lie on one side of the margin, if the ratio and the spread of the rounds stay what
 * they seem to be. How far the ratio is from the margin is not known better than its standard error, so it is taken to be
 * that far at least: a few rounds that happen to lie on the margin do not make a pair hopeless. Null when it is beyond all
 * measure.
 */
function roundsToSettle(pairs: readonly Pair[], { margin, error, looks }: Standard): number | null {
  const { point, standardError } = pairedLocation(pairs);
  const gap = Math.max(standardError, Math.abs(Math.abs(point) - Math.log(1 + margin)));
  const sd = standardError * Math.sqrt(pairs.length);
  for (let look = 0; look < MOST_LOOKS; look++) {
    const needed = lookAfter(look);
    if (needed <= pairs.length) continue;
    const share = looks === 'once' ? 1 : shareOf(look);
    const t = studentQuantile(1 - (error * share) / 2, needed - 1);
    if ((t * sd) / Math.sqrt(needed) < gap) return needed;
  }
  return null;
}

/** `3%`, `2.5%`. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}
