/** One cell in two runs, by each metric. */
import type { ChangeCell, ChangeComparison, ChangeMetric, ChangeVerdict } from '../schema/change.ts';
import { type CellPair, type CellSide, isLostInHead, lostReason } from './cells.ts';
import { type AllCells, invalidity, WHY_FAILED } from './comparable.ts';
import type { Families } from './family.ts';
import { metricsOf } from './figures.ts';
import { gated, isFailingInHead, type Limits, marginOf } from './gate.ts';

export function compareCell(pair: CellPair, all: AllCells, families: Families, limits: Limits): ChangeCell {
  const comparisons = metricsOf(pair, all.metrics).map((metric) => compare(pair, metric, all, families, limits));
  const { scenario, model } = pair.head.cell;
  const trials = { base: countsOf(pair.base), head: countsOf(pair.head) };
  const failures = { lostInHead: isLostInHead(pair), failsInHead: isFailingInHead(trials) };
  return { id: pair.id, scenario, model, verdict: verdictOf(comparisons), ...failures, trials, comparisons };
}

function countsOf({ own: { count, failed } }: CellSide): ChangeCell['trials']['base'] {
  return { count, failed };
}

/** The verdict of a cell is the first of these that any of its metrics has. */
const BY_WEIGHT: readonly ChangeVerdict[] = ['control', 'worse', 'better', 'inconclusive', 'equivalent', 'invalid'];

function verdictOf(comparisons: readonly ChangeComparison[]): ChangeVerdict {
  return BY_WEIGHT.find((word) => comparisons.some(({ verdict }) => verdict === word)) ?? 'invalid';
}

function compare(
  pair: CellPair,
  metric: ChangeMetric,
  all: AllCells,
  families: Families,
  limits: Limits,
): ChangeComparison {
  const { level, base } = all.figuresOf(pair, metric);
  const about = { metric, base: base.trials.length === 0 ? null : Math.exp(level), margin: marginOf(metric, limits) };
  const judged = families.get(metric)?.get(pair.id);
  if (judged !== undefined) {
    const { telling: _, ...told } = judged;
    return { ...about, ...told, ...gated(metric, judged, limits) };
  }
  const why = isLostInHead(pair) ? { reason: lostReason(pair), hint: WHY_FAILED } : invalidity(pair, metric, all);
  if (why === null) throw new RangeError(`${pair.id} was not judged by ${metric}`);
  return { ...about, ...NOTHING, ...why };
}

const UNKNOWN = { ratio: null, relative: null, gate: null, atMostWorse: null, roundsToSettle: null };
const NOTHING = { ...UNKNOWN, verdict: 'invalid' } as const;
