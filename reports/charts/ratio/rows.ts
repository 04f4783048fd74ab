/** Throughput of each cell as a multiple of that of its baseline: what a forest plot has a row for. */
import { partsOf } from '../../../harness/plan/schedule/runtimes.ts';
import type { CellSummary, Comparison, ScenarioSummary } from '../../../harness/judge/schema/summary.ts';
import type { ChartInput } from '../../drawing/input.ts';
import { type Order, type Row, rows, sortedRows } from '../../drawing/rows.ts';
import { pairLines } from '../../words/comparisons.ts';
import { MISSING, WIDEST } from '../../words/figures.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface RatioRow {
  readonly label: string;
  readonly colour: string;
  /** Label of the cell that it is a multiple of. */
  readonly baseline: string;
  /** null where there is no ratio. */
  readonly point: number | null;
  /** null where there is none, or one so wide that it says nothing. */
  readonly interval: Interval | null;
  readonly isUnsettled: boolean;
  /** Whether the whole interval is within the margin or beyond it. */
  readonly isSettled: boolean;
  /** More rounds that would probably settle it; null where none is known to. */
  readonly moreRounds: number | null;
  /** `+80% to +109%`; a dash without a ratio. */
  readonly difference: string;
  /** Why there is no ratio; null where there is one. */
  readonly reason: string | null;
}

/** The cells that others are set against. */
export interface Baselines {
  /** What they are called together. */
  readonly name: string;
  /** Whether each row has its own. */
  readonly isMany: boolean;
  /** Whether it is only the first cell, because there is none of the baseline model. */
  readonly isFirst: boolean;
}

const BASELINE = 'single';
const ORDER: Order = { figureOf: ({ result }) => result.requestsPerSec.point, good: 'more', rankedFirst: true };
const TURNED = { better: 'worse', worse: 'better' } as const;

/** Best first, with what they are multiples of. */
export function ratioRows(input: ChartInput): { readonly baselines: Baselines; readonly rows: readonly RatioRow[] } {
  const all = rows(input);
  const singles = all.filter(({ cell }) => partsOf(cell.model).model === BASELINE);
  const isFirst = singles.length === 0;
  const own = isFirst || singles.length === all.length ? all.slice(0, 1) : singles;
  const [first] = own;
  if (first === undefined) return { baselines: { name: BASELINE, isMany: false, isFirst }, rows: [] };
  const isMany = own.length > 1;
  return {
    baselines: { name: isMany ? BASELINE : first.label, isMany, isFirst },
    rows: sortedRows(input, ORDER)
      .filter(({ cell }) => own.every((baseline) => baseline.cell !== cell))
      .map((row) => ratioRow(input.scenario, row, baselineOf(input.scenario, row, own) ?? first)),
  };
}

/** One that it was compared with, or else one that uses its connections in the same way, on the same Node.js; best both. */
function baselineOf({ comparisons }: ScenarioSummary, { cell }: Row, baselines: readonly Row[]): Row | undefined {
  const compared = baselines.filter((one) => comparisonsOf(comparisons, cell.id, one.cell.id).length > 0);
  const alike = ({ cell: other }: Row) => isAlike(other, cell);
  return compared.find(alike) ?? baselines.find(alike) ?? compared[0];
}

function isAlike(one: CellSummary, other: CellSummary): boolean {
  if (partsOf(one.model).version !== partsOf(other.model).version) return false;
  return one.connections === other.connections && one.connectionMode === other.connectionMode;
}

function ratioRow(scenario: ScenarioSummary, { cell, label, colour }: Row, baseline: Row): RatioRow {
  const comparisons = comparisonsOf(scenario.comparisons, cell.id, baseline.cell.id);
  const [line] = pairLines({ ...scenario, comparisons });
  const ratio = line === undefined || line.state === 'not-compared' ? null : (comparisons[0]?.ratio ?? null);
  const row = { label, colour, baseline: baseline.label };
  if (line === undefined || ratio === null) {
    const none = { point: null, interval: null, isUnsettled: false, isSettled: false, moreRounds: null };
    return { ...row, ...none, difference: MISSING, reason: line?.throughput ?? 'not compared' };
  }
  const isUnsettled = ratio.high > WIDEST * ratio.low;
  return {
    ...row,
    point: ratio.point,
    interval: isUnsettled ? null : { low: ratio.low, high: ratio.high },
    isUnsettled,
    isSettled: line.state === 'settled',
    moreRounds: line.moreRounds,
    difference: line.throughput,
    reason: null,
  };
}

/** What is known of the throughput of both, as a multiple of that of the baseline, whichever was that when it was judged. */
function comparisonsOf(all: readonly Comparison[], candidate: string, baseline: string): Comparison[] {
  return all.flatMap((one) => {
    if (one.metric !== 'throughput') return [];
    if (one.candidate === candidate && one.baseline === baseline) return [one];
    return one.candidate === baseline && one.baseline === candidate ? [turned(one)] : [];
  });
}

function turned(comparison: Comparison): Comparison {
  const { candidate, baseline, ratio, verdict } = comparison;
  return {
    ...comparison,
    candidate: baseline,
    baseline: candidate,
    ratio: ratio && { ...ratio, point: 1 / ratio.point, low: 1 / ratio.high, high: 1 / ratio.low },
    verdict: verdict === 'better' || verdict === 'worse' ? TURNED[verdict] : verdict,
  };
}
