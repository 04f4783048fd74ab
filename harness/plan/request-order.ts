import type { RequestClass } from '../../scenarios/scenario.ts';

const LONGEST = 1000;

/**
 * The order in which one connection sends its requests: each class as often as its weight says, spread evenly (smooth
 * weighted round robin, as in nginx since 1.3.1). Weights are scaled so that the cycle has at most 1,000 requests.
 */
export function requestOrder(classes: readonly RequestClass[]): readonly number[] {
  const total = classes.reduce((sum, { weight }) => sum + weight, 0);
  const smallest = Math.min(...classes.map(({ weight }) => weight));
  const scale = Math.min(1 / smallest, LONGEST / total);
  const shares = classes.map(({ weight }) => Math.max(1, Math.round(weight * scale)));
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
