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

/** Each pair is compared once, one way round; this asks it either way round. */
export function relationsOf(comparisons: readonly Comparison[], metric: Comparison['metric']): Relate {
  const own = comparisons.filter((one) => one.metric === metric);
  return (one, other) => {
    const forth = own.find(({ candidate, baseline }) => candidate === one.id && baseline === other.id);
    if (forth !== undefined) return wordOf(forth.verdict);
    const back = own.find(({ candidate, baseline }) => candidate === other.id && baseline === one.id);
    return back === undefined ? 'open' : REVERSED[wordOf(back.verdict)];
  };
}

const REVERSED = { better: 'worse', worse: 'better', equivalent: 'equivalent', open: 'open' } as const;

function wordOf(verdict: Comparison['verdict']): ReturnType<Relate> {
  return verdict === 'inconclusive' || verdict === 'invalid' ? 'open' : verdict;
}
