/** When a warm-up may end. */

/** Each of the two stretches that are compared, in bins. */
const STRETCH = 4;
/** Largest difference that counts as none, besides what counting alone explains. */
const TOLERANCE = 0.06;

/**
 * Whether throughput is at a level that holds: the last stretch of bins completes as many requests as the one before it,
 * within 6% plus two standard deviations of a difference of counts (√(a+b), as for Poisson counts). A stretch without a
 * single request says nothing. `cycle` is how many requests there are to one of the rarest class: where that one takes long,
 * the others come in bursts between two of it, and only bursts can be counted on.
 */
export function isSteady(completions: readonly number[], cycle = 1): boolean {
  if (completions.length < 2 * STRETCH) return false;
  const last = sum(completions.slice(-STRETCH));
  const before = sum(completions.slice(-2 * STRETCH, -STRETCH));
  if (last === 0 || before === 0) return false;
  return Math.abs(last - before) <= TOLERANCE * before + 2 * Math.sqrt((last + before) * cycle);
}

/**
 * V8 compiles what runs often, one tier after the other. Measured on this code base: throughput of a 0.5 ms handler
 * rests on a plateau for half a second, then rises by a third until each worker has served about 2,000 requests.
 */
const REQUESTS_TO_COMPILE = 2000;
/** At fewer requests a second than this a worker spends under 2% of its time in code that could still get faster. */
const SLOW_PER_SEC = 200;

/**
 * Whether every worker has run so often that what could still get faster takes less than 2% of its time: 2,000 times, or the
 * less often the fewer requests it serves in a second, because what is not compiled yet costs the same for each of them.
 */
export function isWarm(completions: readonly number[], binMs: number, workers: number): boolean {
  if (completions.length < 2 * STRETCH) return false;
  const perWorker = sum(completions) / workers;
  const perSec = (perWorker * 1000) / (completions.length * binMs);
  return perWorker >= REQUESTS_TO_COMPILE * Math.max(0, 1 - SLOW_PER_SEC / perSec);
}

/** The same where it is not known how many workers there are: whether they are warm if they are one, and so on up to `most`. */
export function areWarm(completions: readonly number[], binMs: number, most: number): boolean {
  return Array.from({ length: most }, (_, i) => i + 1).every((workers) => isWarm(completions, binMs, workers));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
