/** How well a figure over trials is known, as every report shows it. */
import type { Estimate } from '../../harness/judge/schema/summary.ts';
import { FEWEST_TRIALS, LEVEL } from '../../harness/stats/estimate.ts';
import { intervalText, range, UNSETTLED, WIDEST, wholePercent } from './figures.ts';

/** One of the two for all the figures of a column, or of an axis. */
export interface Spread {
  /** The lines of a heading. */
  readonly head: readonly [string, string];
  /** A heading of one line. */
  readonly title: string;
  readonly textOf: (estimate: Estimate) => string;
  /** What is shown, as the rest of a sentence. */
  readonly meaning: string;
}

const RANGE = 'lowest to highest trial';
const INTERVAL = `${wholePercent(LEVEL)}% interval`;
/** What stands in brackets among intervals. */
export const LACKING = `${RANGE}, where there are fewer than ${FEWEST_TRIALS} trials`;

/**
 * Intervals where there are any; the range of the trials beside them stands in brackets. Where no figure has an interval,
 * there are ranges only.
 */
export function spreadOf(estimates: readonly Estimate[]): Spread {
  const lacking = estimates.filter((estimate) => intervalOf(estimate) === null);
  if (estimates.length > 0 && lacking.length === estimates.length) {
    return { head: ['spread', 'min–max'], title: 'min–max', textOf: ({ min, max }) => range(min, max), meaning: RANGE };
  }
  return {
    head: [INTERVAL, 'low–high'],
    title: INTERVAL,
    textOf,
    meaning: lacking.length === 0 ? `${INTERVAL} over trials` : `${INTERVAL} over trials; in brackets: ${LACKING}`,
  };
}

function textOf(estimate: Estimate): string {
  const { low, high } = endsOf(estimate);
  return intervalOf(estimate) === null ? `(${range(low, high)})` : intervalText(low, high);
}

/** The ends of the interval, or of the range where there is none. */
export function endsOf(estimate: Estimate): { readonly low: number; readonly high: number } {
  return intervalOf(estimate) ?? { low: estimate.min, high: estimate.max };
}

/** Whether an interval is so wide that it says nothing. Of figures above 0. */
export function isUnsettled(estimate: Estimate): boolean {
  const { low, high } = endsOf(estimate);
  return high > WIDEST * low;
}

/** How marks look that are of such figures, where there are any. */
export function uncertainNotes(estimates: readonly Estimate[]): string[] {
  return estimates.some(isUnsettled) ? [`Pale and dashed, ${UNSETTLED}.`] : [];
}

/** The same in another unit. */
export function scaled(estimate: Estimate, by: number): Estimate {
  const { point, low, high, min, max } = estimate;
  const end = (value: number | null) => (value === null ? null : value * by);
  return { ...estimate, point: point * by, low: end(low), high: end(high), min: min * by, max: max * by };
}

function intervalOf({ low, high }: Estimate): { readonly low: number; readonly high: number } | null {
  return low === null || high === null ? null : { low, high };
}

/** What the column means, for the foot of a report. */
export const SPREAD_NOTE =
  `${INTERVAL}: confidence interval by Student’s t over the trials, on the log scale. ` +
  `With fewer than ${FEWEST_TRIALS} trials there is none; the range (${RANGE}) is shown instead: in brackets beside intervals, as spread where no row has one.`;
