/**
 * Latencies of two runs that had the same requests at the same moments in each round: what an unlucky schedule does to both sides of
 * a round cancels out of their difference.
 */
import { studentQuantile } from '../../stats/student.ts';
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import { type Located, moderated } from '../../stats/moderated.ts';
import { mean } from '../../stats/spread.ts';
import type { ChangeMetric } from '../schema/change.ts';
import type { AllCells } from './comparable.ts';
import type { CellPair } from './cells.ts';
import type { FigurePair } from './figures.ts';
import { changeOf, locatedFrom, type Sides } from './sides.ts';

/**
 * The cells by differences of rounds instead of by sides, where that makes their intervals narrower by a fifth at least: all of them or
 * none, because to choose for each cell what suits it would be wrong more often than is allowed.
 */
export function inSameRounds(
  cells: readonly CellPair[],
  plain: readonly (Sides | null)[],
  metric: ChangeMetric,
  { base, head, figuresOf }: Pick<AllCells, 'base' | 'head' | 'figuresOf'>,
): readonly (Sides | null)[] {
  if (base.manifest.seed !== head.manifest.seed || cells.length === 0 || !cells.every(hasSameSchedule)) return plain;
  const differences = cells.map((pair) => differencesOf(figuresOf(pair, metric)));
  const known = differences.filter((one) => one !== null);
  if (known.length < differences.length) return plain;
  const paired = moderated(known, 'independent').map((head): Sides => ({ base: EXACT, head }));
  const gains = paired.flatMap((sides, i) => {
    const apart = plain[i] ?? null;
    return apart === null ? [] : [Math.log(halfWidth(sides) / halfWidth(apart))];
  });
  return gains.length === cells.length && mean(gains) < Math.log(NARROWER) ? paired : plain;
}

const NARROWER = 0.8;

/** Of a difference that was taken round by round, all of which is in the other side. */
const EXACT: Located = {
  point: 0,
  standardError: 0,
  degreesOfFreedom: Number.POSITIVE_INFINITY,
  outlying: [],
  rounds: Number.POSITIVE_INFINITY,
};

function differencesOf({ base, head }: FigurePair): Located | null {
  const byRound = new Map(base.trials.map(({ round, log }) => [round, log]));
  const logs = head.trials.flatMap(({ round, log }) => {
    const other = byRound.get(round);
    return other === undefined ? [] : [log - other];
  });
  return logs.length < FEWEST_TRIALS || logs.length < Math.max(base.trials.length, head.trials.length)
    ? null
    : locatedFrom(logs);
}

/** Whether a round of one run sends what the same round of the other sends, when both have the same seed. */
function hasSameSchedule({ base, head }: CellPair): boolean {
  const scheduleOf = ({ cell, plan }: CellPair['base']): string =>
    JSON.stringify([
      cell.scenario,
      cell.load,
      cell.connections,
      cell.connectionMode,
      cell.placement.generators,
      plan.requestClasses,
    ]);
  return scheduleOf(base) === scheduleOf(head);
}

/** At a level of which the exact number hardly matters: the higher it is, the more count degrees of freedom. */
const LEVEL = 0.99;

function halfWidth(sides: Sides): number {
  const { standardError, degreesOfFreedom } = changeOf(sides);
  return studentQuantile((1 + LEVEL) / 2, degreesOfFreedom) * standardError;
}
