/** What is left of an `ab`, and what it has taken: derived from what was recorded, as for `run`. */
import { nextLook } from '../../stats/looks.ts';
import type { Addition, Cell, Manifest, Trial } from '../../store/schema.ts';
import { expectedMs, type Outlook, spentMs } from './outlook.ts';
import type { PairVisit, Side } from './pairs.ts';
import { givenUp, remaining } from './remaining.ts';

/** The trials of both sides, each in the order in which they ended. */
export type PairTrials = Readonly<Record<Side, readonly Trial[]>>;

/** A visit that is due, with the sides that it is due on. */
export interface DuePair extends Omit<PairVisit, 'order'> {
  readonly order: readonly Side[];
  readonly attempt: number;
}

/**
 * The visits that are due, in order. One that failed comes again after the others of its round: on both sides, because
 * the trial beside one that failed is recorded as failed, too. A cell that was given up on one side is not measured on the other either: there is nothing to compare it with.
 */
export function pairsDue(visits: readonly PairVisit[], trials: PairTrials, retries: number): readonly DuePair[] {
  const isLost = ({ cell }: PairVisit): boolean =>
    [trials.base, trials.head].some((own) => givenUp(cell.id, own, retries) !== null);
  const left = visits.filter((visit) => !isLost(visit));
  const due = { base: remaining(left, trials.base, retries), head: remaining(left, trials.head, retries) };
  return left
    .flatMap((visit): DuePair[] => {
      const onSide = (side: Side) =>
        due[side].find(({ cell, round }) => cell.id === visit.cell.id && round === visit.round);
      const order = visit.order.filter((side) => onSide(side) !== undefined);
      const attempt = Math.max(...order.map((side) => onSide(side)?.attempt ?? 0));
      return order.length === 0 ? [] : [{ ...visit, order, attempt }];
    })
    .toSorted((a, b) => a.round - b.round || a.attempt - b.attempt);
}

/** Whether both trials of a round of this cell run at the same time, and not one after the other. */
export type IsTogether = (cell: string) => boolean;

/** Time that the trials took. Those of a duet ran at the same time, and were recorded together. */
export function pairsSpentMs({ base, head }: PairTrials, isTogether: IsTogether): number {
  const sides = (together: boolean): PairTrials => ({
    base: base.filter(({ cell }) => isTogether(cell) === together),
    head: head.filter(({ cell }) => isTogether(cell) === together),
  });
  const [duets, others] = [sides(true), sides(false)];
  const longer = (one: Trial, i: number): number => Math.max(spentMs([one]), spentMs(duets.head.slice(i, i + 1)));
  return duets.base.reduce((sum, one, i) => sum + longer(one, i), 0) + spentMs(others.base) + spentMs(others.head);
}

/** For progress. `leftMs` is what the budget still has; 0 when nothing will be added. */
export function pairsOutlook(
  due: readonly DuePair[],
  leftMs: number,
  manifest: Pick<Manifest, 'measureMs'>,
  isTogether: IsTogether,
): Outlook {
  const trials = due.reduce((sum, { order }) => sum + order.length, 0);
  const ms = due.reduce(
    (sum, { cell, order }) => sum + (expectedMs(cell, manifest) * order.length) / (isTogether(cell.id) ? 2 : 1),
    0,
  );
  return { trials, ms, budgetMs: trials === 0 ? 0 : Math.max(0, leftMs - ms) };
}

/** More rounds of the cells that are not settled. */
export interface More {
  /** From 0, following those that were measured. */
  readonly rounds: readonly number[];
  /** Whether they end before the next look, because the budget does: nothing is measured after them. */
  readonly last: boolean;
}

/** What more rounds of an `ab` depend on. */
interface Measured {
  /** Those that are not settled. */
  readonly cells: readonly Cell[];
  /** Rounds of them that were measured. */
  readonly measured: number;
  readonly trials: PairTrials;
  /** What the budget still has. */
  readonly leftMs: number;
  readonly manifest: Pick<Manifest, 'measureMs'>;
  readonly isTogether: IsTogether;
}

/** As many rounds as lead to the next look, or as there is time for at the pace that trials of these cells have had. */
export function moreRounds({ cells, measured, leftMs, ...pace }: Measured): More {
  const wanted = cells.length === 0 ? 0 : nextLook(measured) - measured;
  const count = Math.max(0, Math.min(wanted, Math.floor(leftMs / roundMs(cells, pace))));
  return { rounds: Array.from({ length: count }, (_, i) => measured + i), last: count < wanted };
}

/** What one round of these cells takes, at the pace that their trials have had. */
export function roundMs(
  cells: readonly Cell[],
  { trials, manifest, isTogether }: Pick<Measured, 'trials' | 'manifest' | 'isTogether'>,
): number {
  return cells.reduce((sum, cell) => {
    const own = (side: Side): readonly Trial[] => trials[side].filter((trial) => trial.cell === cell.id);
    const both = { base: own('base'), head: own('head') };
    const rounds = new Set(both.base.map(({ round }) => round)).size;
    const expected = expectedMs(cell, manifest) * (isTogether(cell.id) ? 1 : 2);
    return sum + (rounds === 0 ? expected : pairsSpentMs(both, isTogether) / rounds);
  }, 0);
}

/** The rounds as they are written into the run file of each side. */
export function additionsOf(cells: readonly Cell[], rounds: readonly number[], batch: number): readonly Addition[] {
  return [...new Set(cells.map(({ scenario }) => scenario))].map((scenario) => ({
    type: 'addition',
    batch,
    scenario,
    why: { kind: 'unsettled' },
    cells: cells.filter((cell) => cell.scenario === scenario),
    rounds: [...rounds],
  }));
}
