/** One cell in two runs, by each metric. */
import type { ChangeCell, ChangeComparison, ChangeMetric, ChangeVerdict } from '../schema/change.ts';
import { type CellPair, type CellSide, isLostInHead, lostReason } from './cells.ts';
import { type AllCells, invalidity, WHY_FAILED } from './comparable.ts';
import type { Families } from './family.ts';
import { metricsOf } from './figures.ts';

export function compareCell(pair: CellPair, all: AllCells, families: Families): ChangeCell {
  const comparisons = metricsOf(pair, all.metrics).map((metric) => compare(pair, metric, all, families));
  const { scenario, model } = pair.head.cell;
  const trials = { base: countsOf(pair.base), head: countsOf(pair.head) };
  const lostInHead = isLostInHead(pair);
  return { id: pair.id, scenario, model, verdict: verdictOf(comparisons), lostInHead, trials, comparisons };
}

function countsOf({ own: { count, failed } }: CellSide): ChangeCell['trials']['base'] {
  return { count, failed };
}

/** The verdict of a cell is the first of these that any of its metrics has. */
const BY_WEIGHT: readonly ChangeVerdict[] = ['control', 'worse', 'better', 'inconclusive', 'equivalent', 'invalid'];

function verdictOf(comparisons: readonly ChangeComparison[]): ChangeVerdict {
  return BY_WEIGHT.find((word) => comparisons.some(({ verdict }) => verdict === word)) ?? 'invalid';
}

function compare(pair: CellPair, metric: ChangeMetric, all: AllCells, families: Families): ChangeComparison {
  const judged = families.get(metric)?.get(pair.id);
  if (judged !== undefined) return { metric, ...judged };
  const why = isLostInHead(pair) ? { reason: lostReason(pair), hint: WHY_FAILED } : invalidity(pair, metric, all);
  if (why === null) throw new RangeError(`${pair.id} was not judged by ${metric}`);
  return { metric, ratio: null, relative: null, roundsToSettle: null, verdict: 'invalid', ...why };
}
