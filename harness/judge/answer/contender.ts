/** The models that an answer speaks of, and how two of them compare in one figure. */
import type { Effort } from '../../../servers/model.ts';
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

/** How the first of two compares with the second. `open` is anything that is not decided. */
export type Relate = (one: Contender, other: Contender) => 'better' | 'worse' | 'equivalent' | 'open';

/** For contenders. */
export function relationsOf(comparisons: readonly Comparison[], metric: Comparison['metric']): Relate {
  return (one, other) => relationOf(comparisons, metric, one.id, other.id);
}

/** How the first of two cells, by their ids, compares with the second. Each pair is compared once, one way round; this asks it either way round. */
export function relationOf(
  comparisons: readonly Comparison[],
  metric: Comparison['metric'],
  one: string,
  other: string,
): ReturnType<Relate> {
  const own = comparisons.filter((comparison) => comparison.metric === metric);
  const forth = own.find(({ candidate, baseline }) => candidate === one && baseline === other);
  if (forth !== undefined) return wordOf(forth.verdict);
  const back = own.find(({ candidate, baseline }) => candidate === other && baseline === one);
  return back === undefined ? 'open' : REVERSED[wordOf(back.verdict)];
}

const REVERSED = { better: 'worse', worse: 'better', equivalent: 'equivalent', open: 'open' } as const;

function wordOf(verdict: Comparison['verdict']): ReturnType<Relate> {
  return verdict === 'inconclusive' || verdict === 'invalid' ? 'open' : verdict;
}
