/**
 * How long each request is in a queue with one server, first come first served, that takes equally long for each: wait
 * and service together, in milliseconds, by Lindley's recursion (Lindley 1952, doi:10.1017/S0305004100027638)
 * `waitₙ₊₁ = max(0, waitₙ + service - gapₙ)`. The first finds nobody before it. `dueMs` must not decrease.
 */
export function sojournTimes(dueMs: Iterable<number>, serviceMs: number): Float64Array {
  return Float64Array.from(sojourns(dueMs, serviceMs));
}

function* sojourns(dueMs: Iterable<number>, serviceMs: number): Generator<number> {
  let waitMs = 0;
  let lastMs: number | null = null;
  for (const one of dueMs) {
    if (lastMs !== null) waitMs = Math.max(0, waitMs + serviceMs - (one - lastMs));
    lastMs = one;
    yield waitMs + serviceMs;
  }
}
