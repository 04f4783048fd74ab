import type { RequestClass } from '../../scenarios/scenario.ts';

const LONGEST = 1000;

/**
 * The order in which one connection sends its requests: each class as often as its weight says, spread evenly (smooth
 * weighted round robin, as in nginx since 1.3.1). Weights are scaled so that the cycle has at most 1,000 requests.
 */
export function requestOrder(classes: readonly RequestClass[]): readonly number[] {
  const shares = sharesOf(classes.map(({ weight }) => weight));
  const length = shares.reduce((sum, share) => sum + share, 0);
  const credit = shares.map(() => 0);
  return Array.from({ length }, () => {
    let best = 0;
    for (const [i, share] of shares.entries()) {
      credit[i] = (credit[i] ?? 0) + share;
      if ((credit[i] ?? 0) > (credit[best] ?? 0)) best = i;
    }
    credit[best] = (credit[best] ?? 0) - length;
    return best;
  });
}

/** The shortest cycle in which every weight is met exactly; else the longest one, rounded, at the cost of the largest. */
function sharesOf(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let length = weights.length; length <= LONGEST; length++) {
    const exact = weights.map((weight) => (weight * length) / total);
    const shares = exact.map((share) => Math.round(share));
    if (exact.every((share, i) => shares[i] !== 0 && Math.abs(share - (shares[i] ?? 0)) < 1e-9)) return shares;
  }
  const shares = weights.map((weight) => Math.max(1, Math.round((weight * LONGEST) / total)));
  const excess = Math.max(0, shares.reduce((sum, share) => sum + share, 0) - LONGEST);
  const largest = shares.indexOf(Math.max(...shares));
  return shares.map((share, i) => (i === largest ? share - excess : share));
}
