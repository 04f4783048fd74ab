/** Which of several models is the best, and how each of the others compares with it, by verdicts alone. */
import type { Effort } from '../../../servers/model.ts';
import type { Ratio } from '../../stats/estimate.ts';
import type { CellResult, CellSummary, Comparison } from '../schema/summary.ts';

/** A cell with valid figures. */
export interface Contender {
  readonly id: string;
  /** As it is named. */
  readonly name: string;
  readonly cell: CellSummary;
  readonly result: CellResult;
  /** null when nothing is known of it. */
  readonly effort: Effort | null;
}

/** How one contender compares with another. `open` is anything that is not decided. */
export interface Relation {
  readonly word: 'better' | 'worse' | 'equivalent' | 'open';
  /** That of the one ÷ that of the other. */
  readonly ratio: Ratio | null;
  readonly reason: string;
  readonly roundsToSettle: number | null;
}

export type Relate = (one: Contender, other: Contender) => Relation;

/** The others as they stand to the best, those with the highest rate first. */
export interface Order {
  readonly best: Contender;
  readonly behind: readonly Contender[];
  readonly equivalent: readonly Contender[];
  readonly open: readonly Contender[];
}

const UNKNOWN: Relation = { word: 'open', ratio: null, reason: 'the pair was not compared', roundsToSettle: null };

/** Each pair is compared once, one way round; this asks it either way round. */
export function relationsOf(comparisons: readonly Comparison[], metric: Comparison['metric']): Relate {
  const own = comparisons.filter((one) => one.metric === metric);
  return (one, other) => {
    const forth = own.find(({ candidate, baseline }) => candidate === one.id && baseline === other.id);
    if (forth !== undefined) return { ...forth, word: wordOf(forth.verdict) };
    const back = own.find(({ candidate, baseline }) => candidate === other.id && baseline === one.id);
    if (back === undefined) return UNKNOWN;
    return { ...back, word: REVERSED[wordOf(back.verdict)], ratio: back.ratio === null ? null : inverse(back.ratio) };
  };
}

/**
 * The best is the one with the highest rate among those that no other is better than. Null when there is none, because
 * each has one that is better: verdicts on pairs need not make an order.
 */
export function orderOf(contenders: readonly Contender[], relate: Relate): Order | null {
  const sorted = contenders.toSorted((a, b) => b.result.requestsPerSec.point - a.result.requestsPerSec.point);
  const best = sorted.find((one) => sorted.every((other) => other === one || relate(other, one).word !== 'better'));
  if (best === undefined) return null;
  const withWord = (word: Relation['word']): readonly Contender[] =>
    sorted.filter((other) => other !== best && relate(best, other).word === word);
  return { best, behind: withWord('better'), equivalent: withWord('equivalent'), open: withWord('open') };
}

const REVERSED = { better: 'worse', worse: 'better', equivalent: 'equivalent', open: 'open' } as const;

function wordOf(verdict: Comparison['verdict']): Relation['word'] {
  return verdict === 'inconclusive' || verdict === 'invalid' ? 'open' : verdict;
}

function inverse({ point, low, high, level, trials }: Ratio): Ratio {
  return { point: 1 / point, low: 1 / high, high: 1 / low, level, trials };
}
