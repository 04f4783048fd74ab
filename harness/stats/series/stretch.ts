/** For how long something went wrong: the change point of a sequence of good and bad events. Pure. */

/** What happened in one bin of time. */
export interface Bin {
  readonly all: number;
  readonly bad: number;
}

/** Share of bad events while something is wrong. */
const WHILE_WRONG = 0.5;
/** What goes wrong now and then says little: the share in quiet times is taken to be at least this. */
const LEAST_USUAL = 0.01;
/** Where so many are bad in quiet times, a stretch of wrong ones is not to be told from them. */
const MOST_USUAL = 0.4;

/**
 * Bins from the first on until what went wrong was over; 0 where nothing did, and all of them where it was not over. It is where the sum
 * of the log-likelihood ratios of "half of the events are bad" against the share `usual` is highest (Hinkley 1970, Biometrika 57, 1): a
 * single good reply in between does not end it, nor does a bad one long after it begin it again. The last bins with an event decide
 * whether it was over: those without any say nothing.
 */
export function stretchOf(bins: readonly Bin[], usual: number): number {
  const p0 = Math.min(MOST_USUAL, Math.max(LEAST_USUAL, usual));
  const ifBad = Math.log(WHILE_WRONG / p0);
  const ifGood = Math.log((1 - WHILE_WRONG) / (1 - p0));
  let [sum, highest, length] = [0, 0, 0];
  for (const [i, { all, bad }] of bins.entries()) {
    if (all === 0) continue;
    sum += bad * ifBad + (all - bad) * ifGood;
    if (sum > highest) [highest, length] = [sum, i + 1];
  }
  const isOver = bins.slice(length).some(({ all }) => all > 0);
  return isOver ? length : bins.length;
}
