/** The verdicts between the sides of an `ab`, and which cells need more rounds. */
import { SIDES } from '../../plan/schedule/pairs.ts';
import { givenUp } from '../../plan/schedule/remaining.ts';
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import type { Run } from '../../store/schema.ts';
import { trialsOf, validOf } from '../cell/summary.ts';
import type { Standing } from '../next/settling.ts';
import type { Change, ChangeCell } from '../schema/change.ts';
import { compareRuns } from './compare.ts';

export interface BothRuns {
  readonly base: Run;
  readonly head: Run;
}

/** The trials themselves were paired, so no control is needed. */
export function compareSides(
  { base, head }: BothRuns,
  labels: { readonly base: string; readonly head: string },
): Change {
  const { ab, budgetMs, margin } = head.manifest;
  return compareRuns(base, head, {
    margin,
    pairing: ab?.duet === true ? 'duet' : 'rounds',
    looks: budgetMs === null ? 'once' : 'again',
    control: 'none',
    labels,
  });
}

/** Whether there is a cell with enough valid rounds on both sides; without one there is nothing to compare. */
export function isComparable({ base, head }: BothRuns): boolean {
  return base.manifest.cells.some(({ id }) =>
    [base, head].every(({ manifest, trials }) => {
      const own = trialsOf(trials, id);
      return validOf(own).length >= FEWEST_TRIALS && givenUp(id, own, manifest.retries) === null;
    }),
  );
}

/** Ids of the cells that more rounds may settle, and how far all cells are. */
export function openCells(runs: BothRuns): { readonly open: readonly string[]; readonly standing: Standing } {
  const all = runs.base.manifest.cells.length;
  const cells = isComparable(runs) ? compareSides(runs, { base: SIDES[0], head: SIDES[1] }).cells : [];
  const open = cells.filter(isOpen).map(({ id }) => id);
  const settled = cells.filter((cell) => !isOpen(cell) && isJudged(cell)).length;
  const unjudged = all - open.length - settled;
  return { open, standing: { settled, hopeless: unjudged, unjudged, of: all, counted: 'cell' } };
}

/** Whether it has a verdict: one that was given up, or that something else limited, has none. */
function isJudged({ comparisons }: ChangeCell): boolean {
  return comparisons.some(({ verdict }) => verdict !== 'invalid');
}

/** One metric that is worse decides; else every metric that can be judged at all has to be settled. */
function isOpen({ comparisons }: ChangeCell): boolean {
  if (comparisons.some(({ verdict }) => verdict === 'worse')) return false;
  return comparisons.some(({ verdict }) => verdict === 'inconclusive');
}
