/** The verdicts between the sides of an `ab`, and which cells need more rounds. */
import { SIDES } from '../../plan/schedule/pairs.ts';
import { givenUp } from '../../plan/schedule/remaining.ts';
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import { FIRST_OF_GATE, lookAfter } from '../../stats/looks.ts';
import type { Run } from '../../store/schema.ts';
import { trialsOf, validOf } from '../cell/summary.ts';
import type { Standing } from '../next/settling.ts';
import type { Change, ChangeCell, ChangeComparison } from '../schema/change.ts';
import { type HowToCompare, judgeRuns } from './compare.ts';
import { DECIDING, reaches } from './gate.ts';

export interface BothRuns {
  readonly base: Run;
  readonly head: Run;
}

/** The trials themselves were paired, so no control is needed. `isOver` when nothing more is going to be measured. `broken` where nothing is comparable. */
export function compareSides(
  runs: BothRuns,
  labels: HowToCompare['labels'],
  isOver = isComplete(runs),
  toCome: HowToCompare['toCome'] = [],
): Change {
  const { margin, failAbove } = runs.head.manifest;
  const how = { margin, failAbove, ...howMeasured(runs, isOver), control: 'none', labels, toCome } as const;
  return judgeRuns(runs.base, runs.head, how);
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
  const { margin, failAbove } = a.manifest;
  const labels = { base: SIDES[0], head: SIDES[1] };
  const limits = { margin, failAbove };
  return openIn(judgeRuns(a, b, { ...limits, pairing, looks: 'again', control: 'none', labels })).length > 0;
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

/** Where an `ab` stands. */
export interface Looked {
  /** Ids of the cells that more rounds may settle. */
  readonly open: readonly string[];
  /** Those about which the worst is known already. */
  readonly broken: readonly string[];
  /** How far all cells are. */
  readonly standing: Standing;
}

/** `toCome` is what will be compared as well. */
export function openCells(runs: BothRuns, isOver: boolean, toCome: HowToCompare['toCome'] = []): Looked {
  const { manifest, additions } = runs.base;
  const all = new Set([...manifest.cells, ...additions.flatMap(({ cells }) => cells)].map(({ id }) => id)).size;
  const labels = { base: SIDES[0], head: SIDES[1] };
  const change = isComparable(runs) ? compareSides(runs, labels, isOver, toCome) : null;
  const open = change === null ? [] : openIn(change);
  const cells = change?.cells ?? [];
  const broken = cells.filter(isBroken).map(({ id }) => id);
  const settled = cells.filter((cell) => !open.includes(cell.id) && isJudged(cell)).length;
  const unjudged = all - open.length - settled;
  return { open, broken, standing: { settled, hopeless: unjudged, unjudged, of: all, counted: 'cell' } };
}

/** Whether it has a verdict: one that was given up, or that something else limited, has none. */
function isJudged({ comparisons }: ChangeCell): boolean {
  return comparisons.some(({ verdict }) => verdict !== 'invalid');
}

/** A cell that fails the gate is done, whatever else is open. So is one of which it is known that head fails more often. */
function isBroken({ comparisons, lostInHead, failsInHead }: ChangeCell): boolean {
  return lostInHead || failsInHead || comparisons.some(({ gate }) => gate === 'fail');
}

/** Cells of which a gate may still say something else. */
function openIn({ cells, failAbove }: Change): readonly string[] {
  return cells
    .filter((cell) => !isBroken(cell))
    .filter((cell) => isDoubtful(cell) || cell.comparisons.some((one) => mayFail(one, failAbove)))
    .map(({ id }) => id);
}

/** Rounds after which failures were chance, if no more have followed. */
const ROUNDS_TO_FAIL_AGAIN = lookAfter(FIRST_OF_GATE + 1);

/** Whether head failed more often than base, and that may be chance: more failures would tell. */
function isDoubtful({ trials: { base, head } }: ChangeCell): boolean {
  return head.failed > base.failed && head.count - head.failed < ROUNDS_TO_FAIL_AGAIN;
}

/** Throughput varies more than CPU per request, and mostly says the same: it is not waited for when this many times the rounds would be needed. */
const WITHIN_REASON = 2;

/**
 * Whether it is not settled that head is worse by no more than the limit. Metrics that vary much would take hours: of those but CPU
 * per request, and throughput where it takes not much longer, only what seems to be worse is measured on.
 */
function mayFail(one: ChangeComparison, failAbove: number | null): boolean {
  const { metric, ratio, verdict, roundsToSettle } = one;
  if (verdict === 'invalid' || verdict === 'control') return false;
  if (ratio === null) return roundsToSettle !== null;
  if (!reaches(one, 'most', failAbove)) return false;
  if (metric === DECIDING || reaches(one, 'point', failAbove)) return true;
  return metric === 'throughput' && (roundsToSettle ?? Number.POSITIVE_INFINITY) <= WITHIN_REASON * ratio.trials;
}
