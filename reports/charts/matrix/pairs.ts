/** Every model against every other in requests per second: what a matrix has a cell for, before anything is drawn. */
import type { Comparison } from '../../../harness/judge/schema/summary.ts';
import { list } from '../../../harness/judge/words.ts';
import type { ChartInput } from '../../drawing/input.ts';
import { type MeasuredRow, measuredRows, rows } from '../../drawing/rows.ts';
import { figure, WIDEST } from '../../words/figures.ts';

/** Where the interval of a ratio lies: beyond the margin on one side, within it, or across an end of it. */
export type Side = 'more' | 'less' | 'within' | 'open';

/** What the model of a row serves ÷ what that of a column serves. */
export interface Pair {
  readonly row: MeasuredRow;
  readonly column: MeasuredRow;
  readonly side: Side;
  readonly point: number;
  /** Ends of the interval. */
  readonly low: number;
  readonly high: number;
}

export interface Pairs {
  /** Those that can be compared with another, best first. */
  readonly models: readonly MeasuredRow[];
  /** In both directions; none where a pair cannot be compared. */
  readonly pairs: readonly Pair[];
}

const SIDES = { better: 'more', worse: 'less', equivalent: 'within', inconclusive: 'open' } as const;
const TURNED = { more: 'less', less: 'more', within: 'within', open: 'open' } as const;

export function pairsOf(input: ChartInput): Pairs {
  const measured = measuredRows(rows(input));
  const byId = new Map(measured.map((row) => [row.cell.id, row]));
  const pairs = input.scenario.comparisons.flatMap((comparison) => bothWays(comparison, byId));
  const models = measured
    .filter((row) => pairs.some((pair) => pair.row === row))
    .toSorted((a, b) => b.result.requestsPerSec.point - a.result.requestsPerSec.point);
  return { models, pairs };
}

function bothWays(
  { metric, candidate, baseline, ratio, verdict }: Comparison,
  byId: ReadonlyMap<string, MeasuredRow>,
): Pair[] {
  const [row, column] = [byId.get(candidate), byId.get(baseline)];
  if (metric !== 'throughput' || ratio === null || verdict === 'invalid') return [];
  if (row === undefined || column === undefined) return [];
  const { point, low, high } = ratio;
  const side = SIDES[verdict];
  return [
    { row, column, side, point, low, high },
    { row: column, column: row, side: TURNED[side], point: 1 / point, low: 1 / high, high: 1 / low },
  ];
}

/** Whether a chart of all models beside one of them would show every pair that there is. */
function isStar({ models, pairs }: Pairs): boolean {
  return models.some((one) => pairs.every(({ row, column }) => row === one || column === one));
}

/** `1.97×`, and `1.85–2.06` below it; where the interval says nothing but one of its ends, that. */
export function pairTexts({ point, low, high, side }: Pick<Pair, 'point' | 'low' | 'high' | 'side'>): [string, string] {
  if (high <= WIDEST * low) return [`${ratioText(point, Math.round)}×`, `${lowText(low)}–${highText(high)}`];
  if (side === 'more') return ['at least', `${lowText(low)}×`];
  if (side === 'less') return ['at most', `${highText(high)}×`];
  return ['unsettled', ''];
}

/** Ends of intervals are rounded outwards: what is printed holds. */
function lowText(low: number): string {
  return ratioText(low, Math.floor);
}

function highText(high: number): string {
  return ratioText(high, Math.ceil);
}

/** Two digits behind the point, so that half and double are as exact as each other looks; three in all where that says nothing. */
function ratioText(ratio: number, round: (value: number) => number): string {
  if (ratio < 0.095 || ratio >= 10) return figure(ratio);
  // Dust of binary fractions must not become a hundredth.
  return (round(Number((ratio * 100).toPrecision(9))) / 100).toFixed(2);
}

/** The title: who serves how much more than whom by every interval, else who serves the same. */
export function findingOfPairs({ models, pairs }: Pairs, margin: string): string {
  const between = (some: readonly MeasuredRow[], others: readonly MeasuredRow[]) =>
    pairs.filter(({ row, column }) => some.includes(row) && others.includes(column));
  const isLevel = (group: readonly MeasuredRow[]) => {
    const own = between(group, group);
    return own.length === group.length * (group.length - 1) && own.every(({ side }) => side === 'within');
  };
  if (isLevel(models)) return `${namesOf(models)} serve the same within ${margin}`;
  const splits = models.slice(1).flatMap((_, i) => {
    const [above, below] = [models.slice(0, i + 1), models.slice(i + 1)];
    const all = between(above, below);
    const isApart = all.length === above.length * below.length && all.every(({ side }) => side === 'more');
    return isApart ? [{ above, below, least: Math.min(...all.map(({ low }) => low)) }] : [];
  });
  const [widest] = splits.toSorted((a, b) => b.least - a.least);
  if (widest !== undefined) {
    const { above, below, least } = widest;
    const serve = above.length === 1 ? 'serves' : 'serve';
    const does = below.length === 1 ? 'does' : 'do';
    return `${namesOf(above)} ${serve} at least ${lowText(least)}× what ${namesOf(below)} ${does}`;
  }
  const apart = pairs.filter(({ side }) => side === 'more').length;
  return `${apart} of ${pairs.length / 2} pairs of models differ by more than ${margin}`;
}

function namesOf(some: readonly MeasuredRow[]): string {
  return list(some.map(({ label }) => label));
}

/** Why there is nothing to show that the chart of ratios does not; null where there is. */
export function whyNoMatrix(all: Pairs): string | null {
  if (all.models.length < 3) return 'fewer than three models can be compared';
  if (isStar(all)) return 'the chart of ratios has every pair that can be compared';
  return all.pairs.every(({ side }) => side === 'open') ? 'no two models are told apart' : null;
}
