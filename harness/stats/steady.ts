/** When a warm-up may end. */

/** Each of the two stretches that are compared, in bins. */
const STRETCH = 4;
/** Largest difference that counts as none, besides what counting alone explains. */
const TOLERANCE = 0.06;

/**
 * Whether throughput has stopped rising: the last stretch of bins completes as many requests as the one before it,
 * within 6% plus two standard deviations of a difference of counts (√(a+b), as for Poisson counts). A stretch without
 * a single request says nothing.
 */
export function isSteady(completions: readonly number[]): boolean {
  if (completions.length < 2 * STRETCH) return false;
  const last = sum(completions.slice(-STRETCH));
  const before = sum(completions.slice(-2 * STRETCH, -STRETCH));
  if (last === 0 || before === 0) return false;
  return Math.abs(last - before) <= TOLERANCE * before + 2 * Math.sqrt(last + before);
}

/**
 * V8 compiles what runs often, one tier after the other. Measured on this code base: throughput of a 0.5 ms handler
 * rests on a plateau for half a second, then rises by a third until each worker has served about 2,000 requests.
 */
const REQUESTS_TO_COMPILE = 2000;
/** At fewer requests a second than this a worker spends under 2% of its time in code that could still get faster. */
const SLOW_PER_SEC = 200;

/** Whether every worker has run often enough to be compiled, or so seldom that it does not matter. */
export function isWarm(completions: readonly number[], binMs: number, workers: number): boolean {
  const perWorker = sum(completions) / workers;
  const seconds = (completions.length * binMs) / 1000;
  return perWorker >= REQUESTS_TO_COMPILE || (completions.length >= 2 * STRETCH && perWorker / seconds <= SLOW_PER_SEC);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
