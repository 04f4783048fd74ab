import jStat from 'jstat';

/** By degrees of freedom and then by share. */
const known = new Map<number, Map<number, number>>();

/**
 * The value below which a share `p` of Student's t distribution lies. With whole degrees of freedom, and with quarters, the same few
 * are asked for again and again, so they are kept: simulations of whole runs then take far less time.
 */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  if (!Number.isInteger(4 * degreesOfFreedom)) return jStat.studentt.inv(p, degreesOfFreedom);
  const byShare = known.get(degreesOfFreedom) ?? new Map<number, number>();
  known.set(degreesOfFreedom, byShare);
  const quantile = byShare.get(p) ?? jStat.studentt.inv(p, degreesOfFreedom);
  byShare.set(p, quantile);
  return quantile;
}
