import jStat from 'jstat';

/** The value below which a share `p` of Student's t distribution lies. */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  return jStat.studentt.inv(p, degreesOfFreedom);
}
