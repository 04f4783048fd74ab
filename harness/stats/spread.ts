/** Describing the trials of a cell. */

/** So many are sorted by insertion in less time than it takes to make a typed array, which sorts faster. */
const FEW = 40;

/** The middle value, or the mean of the two in the middle. Throws on nothing, because nothing has no middle. */
export function median(values: readonly number[]): number {
  const sorted = values.length > FEW ? new Float64Array(values).sort() : inserted(values);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  const lower = sorted[Math.ceil(middle) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('no values to take the median of');
  return (lower + upper) / 2;
}

/** Ascending, by insertion. */
function inserted(values: readonly number[]): readonly number[] {
  const sorted = values.slice();
  for (let i = 1; i < sorted.length; i++) {
    const value = sorted[i] ?? 0;
    let at = i;
    for (; at > 0 && (sorted[at - 1] ?? 0) > value; at--) sorted[at] = sorted[at - 1] ?? 0;
    sorted[at] = value;
  }
  return sorted;
}

/**
 * Jain's index of fairness (Jain, Chiu and Hawe 1984): 1 when all shares are equal, 1/n when one has everything.
 */
export function jainIndex(shares: readonly number[]): number {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const squares = shares.reduce((sum, share) => sum + share * share, 0);
  return squares === 0 ? 1 : (total * total) / (shares.length * squares);
}

/** The median of what is known; null when something is missing, because a median of some would be of other trials. */
export function medianOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length || known.length === 0 ? null : median(known);
}

/** The standard deviation of a sample, with n - 1. Throws with fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) throw new RangeError('one value does not deviate');
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

/** The median of the distances to the median, which a few odd values hardly move. Not scaled to a normal distribution. */
export function absoluteDeviation(values: readonly number[]): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}

/** The arithmetic mean. Throws on nothing. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values to take the mean of');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
