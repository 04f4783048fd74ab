/** Which models lose least to a fault, and of which it is shown that they lose more. */
import { difference } from '../../stats/series/counts.ts';
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import { FAMILY_ERROR } from '../models/verdict.ts';
import type { FaultedModel } from '../schema/faults.ts';
import { type Faulted, type Figures, type Harm, harmOf } from './figures.ts';

/** A model with valid trials. */
export interface Contestant {
  readonly faulted: Faulted;
  readonly figures: Figures;
}

export interface Placed<T extends Contestant> {
  readonly one: T;
  readonly verdict: NonNullable<FaultedModel['verdict']>;
}

/** Requests that are lost count before those that are late. */
const HARMS: readonly Harm[] = ['lost', 'late'];

/**
 * The best first. Those that are not shown to lose more than the one that loses least come before the others; among them, those of which
 * not more replies are shown to be late; of several that are level the one that loses fewest, then with the fewest late, and then the one
 * that was as before soonest. Every ordered pair has its part of the error in both figures (Bonferroni), because the one that loses least is only found by
 * looking: anything that is called worse without being so is in one run of twenty at most.
 */
export function placed<T extends Contestant>(models: readonly T[]): readonly Placed<T>[] {
  const level = HARMS.reduce((left, harm) => {
    const [least] = left.toSorted((a, b) => a.figures[harm].point - b.figures[harm].point || byPoints(a, b));
    if (least === undefined) return left;
    const isMore = shownToHaveMore(harm, least, models.length);
    return left.filter((one) => one === least || !isMore(one));
  }, models);
  const [best, ...others] = level.toSorted(byPoints);
  const rest = models.filter((one) => !level.includes(one)).toSorted(byPoints);
  return [
    ...(best === undefined ? [] : [{ one: best, verdict: 'best' as const }]),
    ...others.map((one) => ({ one, verdict: 'level' as const })),
    ...rest.map((one) => ({ one, verdict: 'worse' as const })),
  ];
}

function byPoints(a: Contestant, b: Contestant): number {
  return a.figures.lost.point - b.figures.lost.point || a.figures.late.point - b.figures.late.point || bySoonest(a, b);
}

function bySoonest(a: Contestant, b: Contestant): number {
  const ms = ({ figures: { recoveryMs } }: Contestant): number => recoveryMs?.point ?? Number.MAX_VALUE;
  return ms(a) - ms(b);
}

/** Of which it is shown that they have more of it than the one that has least, among so many models. */
function shownToHaveMore(harm: Harm, least: Contestant, models: number): (one: Contestant) => boolean {
  // Of each interval only one end can be wrong here.
  const error = (2 * FAMILY_ERROR) / (HARMS.length * Math.max(1, models * (models - 1)));
  const isEnough = ({ faulted }: Contestant): boolean => faulted.trials.length >= FEWEST_TRIALS;
  if (!isEnough(least)) return () => false;
  const fewest = harmOf(least.faulted, harm, error);
  return (one) => isEnough(one) && difference(harmOf(one.faulted, harm, error), fewest).low > 0;
}
