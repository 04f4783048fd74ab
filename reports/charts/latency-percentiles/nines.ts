/** The axis of percentiles on which every nine is one step, so that the slowest requests have as much room as the others. */
import type { Tick } from '../../drawing/axes.ts';

const TICKS = [
  [0, '0%'],
  [0.5, '50%'],
  [0.9, '90%'],
  [0.99, '99%'],
  [0.999, '99.9%'],
  [0.9999, '99.99%'],
  [0.99999, '99.999%'],
  [0.999999, '99.9999%'],
] as const;

/** How many nines a share of the requests has: 0.9 has one, 0.99 has two. For shares from 0 to below 1. */
export function ninesOf(share: number): number {
  return -Math.log10(1 - share);
}

/** The ticks up to the end of the axis, which is given in nines. */
export function ninesTicks(end: number): Tick[] {
  // The last tick may be the end itself, and logarithms are not exact.
  const within = TICKS.filter(([share]) => ninesOf(share) <= end + 1e-9);
  return within.map(([share, label]) => ({ at: ninesOf(share) / end, label }));
}
