/** Throughput of each cell as a multiple of that of its baseline: what a forest plot has a row for. */
import type { CellSummary, Comparison, ScenarioSummary } from '../../../harness/judge/schema/summary.ts';
import type { ChartInput } from '../../drawing/input.ts';
import { type Row, rows } from '../../drawing/rows.ts';
import { type PairLine, pairLines } from '../../words/comparisons.ts';
import { counted, MISSING, WIDEST } from '../../words/figures.ts';

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
  /** Of implied capacities: derived, and not measured. */
  readonly isDerived: boolean;
  /** Better, worse or equivalent, and that of measured figures. */
  readonly isDecided: boolean;
  /** Words for the columns. */
  readonly text: Pick<PairLine, 'ratio' | 'verdictText'>;
  /** Why there is no ratio, or why it decides nothing; null where nothing is to be said. */
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
const TURNED = { better: 'worse', worse: 'better' } as const;
const NOT_COMPARED = { ratio: { point: MISSING, interval: '', word: '' }, verdictText: MISSING } as const;

/** In the order of the summary, with what they are multiples of. */
export function ratioRows(input: ChartInput): { readonly baselines: Baselines; readonly rows: readonly RatioRow[] } {
  const all = rows(input);
  const singles = all.filter(({ cell }) => cell.model === BASELINE);
  const isFirst = singles.length === 0;
  const own = isFirst || singles.length === all.length ? all.slice(0, 1) : singles;
  const [first] = own;
  if (first === undefined) return { baselines: { name: BASELINE, isMany: false, isFirst }, rows: [] };
  const isMany = own.length > 1;
  return {
    baselines: { name: isMany ? BASELINE : first.label, isMany, isFirst },
    rows: all
      .filter((row) => !own.includes(row))
      .map((row) => ratioRow(input.scenario, row, baselineOf(input.scenario, row, own) ?? first)),
  };
}

/** One that uses its connections in the same way. Of those of several runs, the one that it was compared with. */
function baselineOf({ comparisons }: ScenarioSummary, { cell }: Row, baselines: readonly Row[]): Row | undefined {
  const alike = baselines.filter((one) => isAlike(one.cell, cell));
  return alike.find((one) => comparisonsOf(comparisons, cell.id, one.cell.id).length > 0) ?? alike[0];
}

function isAlike(one: CellSummary, other: CellSummary): boolean {
  return one.connections === other.connections && one.connectionMode === other.connectionMode;
}

function ratioRow(scenario: ScenarioSummary, { cell, label, colour }: Row, baseline: Row): RatioRow {
  const comparisons = comparisonsOf(scenario.comparisons, cell.id, baseline.cell.id);
  const [line] = pairLines({ ...scenario, comparisons });
  const row = { label, colour, baseline: baseline.label };
  const empty = { point: null, interval: null, isUnsettled: false, isDerived: false, isDecided: false };
  if (line === undefined) return { ...row, ...empty, text: NOT_COMPARED, reason: 'not compared' };
  const { isDerived, verdict } = line;
  const throughput = comparisons.find(({ metric }) => metric === 'throughput');
  const judged = isDerived ? comparisons.find(({ metric }) => metric === 'implied-capacity') : throughput;
  const ratio = judged?.ratio ?? null;
  if (ratio === null) return { ...row, ...empty, text: line, reason: line.reason };
  const isUnsettled = ratio.high > WIDEST * ratio.low;
  return {
    ...row,
    point: ratio.point,
    interval: isUnsettled ? null : { low: ratio.low, high: ratio.high },
    isUnsettled,
    isDerived,
    isDecided: verdict !== 'inconclusive' && verdict !== 'invalid',
    text: line,
    reason: isDerived ? (throughput?.reason ?? null) : openReason(line),
  };
}

function openReason({ verdict, roundsToSettle, reason }: PairLine): string | null {
  if (verdict !== 'inconclusive') return null;
  return roundsToSettle === null ? reason : `about ${counted(roundsToSettle, 'round')} in all would probably settle it`;
}

/** What is known of the throughput of both, as a multiple of that of the baseline, whichever was that when it was judged. */
function comparisonsOf(all: readonly Comparison[], candidate: string, baseline: string): Comparison[] {
  return all.flatMap((one) => {
    if (one.metric !== 'throughput' && one.metric !== 'implied-capacity') return [];
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
