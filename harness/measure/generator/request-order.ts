/**
 * The order in which a closed loop sends its classes of requests: each as often as its weight says, spread evenly (smooth
 * weighted round robin, as in nginx since 1.3.1). There is one order for all connections together, and whichever becomes
 * free takes the next: had each connection an order of its own, a window shorter than that order would see another mix,
 * because connections that happen to hold quick requests come round more often.
 *
 * Returns the index of the next class with every call. Whatever was taken so far is the mix of the weights, give or take
 * about one request of each class.
 */
export function requestOrder(weights: readonly number[]): () => number {
  if (weights.length === 1) return () => 0;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const credit = weights.map(() => 0);
  return () => {
    let best = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < weights.length; i++) {
      const mine = (credit[i] ?? 0) + (weights[i] ?? 0);
      credit[i] = mine;
      if (mine > most) {
        most = mine;
        best = i;
      }
    }
    credit[best] = most - total;
    return best;
  };
}
