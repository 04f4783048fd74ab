/** When a warm-up may end. */

/** Each of the two stretches that are compared, in bins. */
const STRETCH = 3;
/** Largest difference that counts as none, besides what counting alone explains. */
const TOLERANCE = 0.05;

/**
 * Whether throughput has stopped rising: the last stretch of bins completes as many requests as the one before it,
 * within 5% plus two standard deviations of a difference of counts (√(a+b), as for Poisson counts). A stretch without
 * a single request says nothing.
 */
export function isSteady(completions: readonly number[]): boolean {
  if (completions.length < 2 * STRETCH) return false;
  const last = sum(completions.slice(-STRETCH));
  const before = sum(completions.slice(-2 * STRETCH, -STRETCH));
  if (last === 0 || before === 0) return false;
  return Math.abs(last - before) <= TOLERANCE * before + 2 * Math.sqrt(last + before);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
