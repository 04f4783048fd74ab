/** Which pairs are settled, and what is measured again to settle the others. */
import { aheadMs, expectedMs, preparingMs, spentMs } from '../../plan/schedule/outlook.ts';
import { nextLook } from '../../stats/looks.ts';
import type { Addition, Cell, Manifest, Run, Trial } from '../../store/schema.ts';
import { isRankable } from '../bottleneck/limited-by.ts';
import { summariseCells, trialsOf } from '../cell/summary.ts';
import { compareCells, pairsIn } from '../models/comparison.ts';
import { type Standard, standardFor } from '../models/verdict.ts';
import type { CellSummary } from '../schema/summary.ts';

/** How many verdicts on throughput are settled. */
export interface Standing {
  /** Pairs that are better, worse or equivalent. */
  readonly settled: number;
  /** Pairs that are not, and that no number of rounds would settle. */
  readonly hopeless: number;
  readonly of: number;
  /** What is counted: pairs of models when left out, and cells of which both sides are measured. */
  readonly counted?: 'pair' | 'cell';
  /** Hopeless ones that cannot be judged at all; none when left out. */
  readonly unjudged?: number;
}

interface Judged extends Standing {
  /** Ids of cells. */
  readonly unsettled: readonly string[];
}

/** A cell whose trials disagree on what limited them is measured up to this often, not counting disturbed trials. */
const TRIALS_TO_AGREE = 8;

type Recorded = Omit<Run, 'end'>;

/** The standard for the comparisons of a run: all pairs of all scenarios are one family, for each metric. */
export function standardOf(manifest: Manifest): Standard {
  const counts = manifest.scenarios.map(
    ({ id }) => manifest.cells.filter(({ scenario, unable }) => scenario === id && unable === null).length,
  );
  return standardFor(manifest, pairsIn(counts));
}

/** To be asked when nothing of capacity is due. */
export function standingOf(run: Recorded): Standing {
  const { unsettled: _, ...standing } = judged(run);
  return standing;
}

/**
 * More rounds of the cells of unsettled pairs, as many as lead to the next look, or as the budget has room for; those are
 * then the last, because the next look was taken early. Empty when all is settled, or the budget is spent but for what the
 * rates that are still to come take.
 */
export function settle(run: Recorded, batch: number): readonly Addition[] {
  const { manifest, additions, trials } = run;
  if (manifest.budgetMs === null) return [];
  const from = manifest.rounds + moreRounds(additions);
  if (from > manifest.rounds && nextLook(from - 1) !== from) return [];
  const { unsettled } = judged(run);
  const cells = manifest.cells.filter(({ id }) => unsettled.includes(id));
  const left = manifest.budgetMs - preparingMs(manifest, trials) - spentMs(trials) - aheadMs(manifest, additions);
  const roundMs = cells.reduce((sum, cell) => sum + trialMs(cell, manifest, trials), 0);
  const rounds = Math.min(nextLook(from) - from, Math.floor(left / roundMs));
  if (cells.length === 0 || rounds < 1) return [];
  return manifest.scenarios.flatMap(({ id }): Addition[] => {
    const own = cells.filter(({ scenario }) => scenario === id);
    if (own.length === 0) return [];
    const numbers = Array.from({ length: rounds }, (_, i) => from + i);
    return [{ type: 'addition', batch, scenario: id, why: { kind: 'unsettled' }, cells: own, rounds: numbers }];
  });
}

function judged({ manifest, trials }: Recorded): Judged {
  const standard = standardOf(manifest);
  const pairs = manifest.scenarios.flatMap((plan) => {
    const cells = summariseCells({ manifest, trials }, plan);
    const disagreed = new Set(cells.filter(disagrees).map(({ id }) => id));
    const throughput = compareCells(cells, () => null, standard).filter(({ metric }) => metric === 'throughput');
    return throughput.map(({ baseline, candidate, verdict, roundsToSettle }) => ({
      ids: [baseline, candidate],
      isOpen:
        verdict === 'invalid'
          ? held([baseline, candidate], cells).every((id) => disagreed.has(id))
          : verdict === 'inconclusive' && roundsToSettle !== null,
      isHopeless: verdict === 'inconclusive' && roundsToSettle === null,
      isInvalid: verdict === 'invalid',
    }));
  });
  const open = pairs.filter(({ isOpen }) => isOpen);
  const unjudged = pairs.filter(({ isInvalid, isOpen }) => isInvalid && !isOpen).length;
  const hopeless = unjudged + pairs.filter(({ isHopeless }) => isHopeless).length;
  const settled = pairs.length - open.length - hopeless;
  return { settled, hopeless, unjudged, of: pairs.length, unsettled: open.flatMap(({ ids }) => ids) };
}

/** Those that make a pair of them invalid. */
function held(ids: readonly string[], cells: readonly CellSummary[]): readonly string[] {
  return cells
    .filter(({ id, result }) => ids.includes(id) && (result === null || !isRankable(result.limitedBy)))
    .map(({ id }) => id);
}

/**
 * Whether more trials may show that the server limits it: others disturbed some, or most of a handful may be ranked and the
 * others may be odd ones.
 */
function disagrees({ result }: CellSummary): boolean {
  const undisturbed = result?.trials.filter(({ disturbed }) => !disturbed) ?? [];
  if (result === null || undisturbed.length >= TRIALS_TO_AGREE) return false;
  const good = undisturbed.filter(({ limitedBy }) => isRankable(limitedBy)).length;
  return good < result.trials.length && good * 2 >= undisturbed.length;
}

/** Rounds that were added: those of all scenarios have the same numbers. */
function moreRounds(additions: readonly Addition[]): number {
  return new Set(additions.flatMap(({ why, rounds }) => (why.kind === 'unsettled' ? rounds : []))).size;
}

/** What a trial of this cell took so far, or is expected to take. */
function trialMs(cell: Cell, manifest: Manifest, trials: readonly Trial[]): number {
  const own = trialsOf(trials, cell.id);
  return own.length === 0 ? expectedMs(cell, manifest) : spentMs(own) / own.length;
}
