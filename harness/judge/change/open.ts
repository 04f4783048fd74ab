/** The verdicts between the sides of an `ab`, and which cells need more rounds. */
import { SIDES } from '../../plan/schedule/pairs.ts';
import { givenUp } from '../../plan/schedule/remaining.ts';
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import type { Run } from '../../store/schema.ts';
import { trialsOf, validOf } from '../cell/summary.ts';
import type { Standing } from '../next/settling.ts';
import type { Change, ChangeCell } from '../schema/change.ts';
import { compareRuns, type HowToCompare } from './compare.ts';

export interface BothRuns {
  readonly base: Run;
  readonly head: Run;
}

/** The trials themselves were paired, so no control is needed. `isOver` when nothing more is going to be measured. */
export function compareSides(runs: BothRuns, labels: HowToCompare['labels'], isOver = isComplete(runs)): Change {
  const { margin } = runs.head.manifest;
  return compareRuns(runs.base, runs.head, {
    margin,
    failAbove: null,
    ...howMeasured(runs, isOver),
    control: 'none',
    labels,
  });
}

/**
 * The last look may spend what is left of the error only where the budget brought it, and not where it is the last because
 * every cell was settled: with looks that end when their result is liked, each of them might have been the last.
 */
export function howMeasured(runs: BothRuns, isOver = isComplete(runs)): Pick<HowToCompare, 'pairing' | 'looks'> {
  const { ab, budgetMs } = runs.head.manifest;
  const pairing = ab?.duet === true ? 'duet' : 'rounds';
  if (budgetMs === null) return { pairing, looks: 'once' };
  return { pairing, looks: isOver && endedOpen(runs, pairing) ? 'last' : 'again' };
}

/** By what `ab` itself was asked, whichever side is now compared with the other. */
function endedOpen({ base, head }: BothRuns, pairing: HowToCompare['pairing']): boolean {
  const [a, b] = base.manifest.ab?.side === 'head' ? [head, base] : [base, head];
  const { margin } = a.manifest;
  const labels = { base: SIDES[0], head: SIDES[1] };
  return compareRuns(a, b, { margin, failAbove: null, pairing, looks: 'again', control: 'none', labels }).cells.some(
    isOpen,
  );
}

function isComplete({ base, head }: BothRuns): boolean {
  return [base, head].every(({ end }) => end?.reason === 'complete');
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
export function openCells(
  runs: BothRuns,
  isOver: boolean,
): { readonly open: readonly string[]; readonly standing: Standing } {
  const all = runs.base.manifest.cells.length;
  const cells = isComparable(runs) ? compareSides(runs, { base: SIDES[0], head: SIDES[1] }, isOver).cells : [];
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
