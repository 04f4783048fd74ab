/**
 * The order in which a closed loop sends its classes of requests: each in proportion to its weight, evenly spread (smooth
 * weighted round robin, as in nginx since 1.3.1). All connections share one order, and each that becomes free takes the next
 * request. With an order per connection, a window shorter than that order would see another mix, because connections with
 * quick requests advance faster.
 *
 * Each call returns the index of the next class. At any time the mix so far is that of the weights, within about one request
 * of each class.
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
