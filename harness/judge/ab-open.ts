/** When enough is known of a cell that `ab` measures. */
import { SIDES } from '../plan/ab-order.ts';
import { givenUp } from '../plan/remaining.ts';
import { FEWEST_TRIALS } from '../stats/estimate.ts';
import type { Run } from '../store/schema.ts';
import { compareRuns } from './between.ts';
import type { Between, BetweenCell, BetweenMetric } from './between-schema.ts';
import { validOf } from './cell-summary.ts';
import type { Standing } from './settling.ts';

/** CPU time per request is the least disturbed of all; throughput is what users feel. */
const METRICS: readonly BetweenMetric[] = ['throughput', 'cpu-per-request'];

export interface BothRuns {
  readonly base: Run;
  readonly head: Run;
}

/** The verdicts between the sides of an `ab`. The trials themselves were paired, so no control is needed. */
export function betweenSides(
  { base, head }: BothRuns,
  labels: { readonly base: string; readonly head: string },
): Between {
  const { ab, budgetMs, margin } = head.manifest;
  return compareRuns(base, head, {
    margin,
    pairing: ab?.duet === true ? 'duet' : 'rounds',
    looks: budgetMs === null ? 'once' : 'again',
    control: 'none',
    metrics: METRICS,
    labels,
  });
}

/** Whether there is a cell with enough valid rounds on both sides; without one there is nothing to compare. */
export function isComparable({ base, head }: BothRuns): boolean {
  return base.manifest.cells.some(({ id }) =>
    [base, head].every(({ manifest, trials }) => {
      const own = trials.filter(({ cell }) => cell === id);
      return validOf(own).length >= FEWEST_TRIALS && givenUp(id, own, manifest.retries) === null;
    }),
  );
}

/** Ids of the cells that more rounds may settle, and how many of all cells are. */
export function openCells(runs: BothRuns): { readonly open: readonly string[]; readonly standing: Standing } {
  if (!isComparable(runs)) return { open: [], standing: { settled: 0, of: runs.base.manifest.cells.length } };
  const { cells } = betweenSides(runs, { base: SIDES[0], head: SIDES[1] });
  const open = cells.filter(isOpen).map(({ id }) => id);
  return { open, standing: { settled: cells.length - open.length, of: cells.length } };
}

/** One metric that is worse decides; else every metric that can be judged at all has to be settled. */
function isOpen({ comparisons }: BetweenCell): boolean {
  if (comparisons.some(({ verdict }) => verdict === 'worse')) return false;
  return comparisons.some(({ verdict }) => verdict === 'inconclusive');
}
