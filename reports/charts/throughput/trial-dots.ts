/** A dot per trial, so that nobody needs to trust an interval. */

import { type Layer, type Place, points } from '../../drawing/marks.ts';
import type { MeasuredRow } from '../../drawing/rows.ts';
import { INK } from '../../drawing/theme.ts';
import { visible } from '../../words/escape.ts';
import { figure } from '../../words/figures.ts';

/** More dots of one row are a smear. */
const MOST = 60;

/** How to read the dots; empty where there are none. */
export function dotsNote(measured: readonly MeasuredRow[]): string {
  const trials = measured.filter(isShown).flatMap(({ result }) => result.trials);
  if (trials.length === 0) return '';
  const hollow = trials.some(({ outlier }) => outlier) ? ', hollow where it is an outlier and is down-weighted' : '';
  return `Dot: a trial${hollow}.`;
}

/** Requests per second of every trial up to the `end` of the axis, so many pixels `below` the middle of its row. */
export function trialDots(place: Place, measured: readonly MeasuredRow[], end: number, below: number): Layer[] {
  const data = measured.filter(isShown).flatMap(({ label, result: { trials } }) =>
    trials
      .filter(({ requestsPerSec }) => requestsPerSec <= end)
      .map(({ round, requestsPerSec, outlier }) => ({
        label,
        x: requestsPerSec,
        fill: outlier ? INK.paper : INK.strong,
        // An edge of paper keeps dots apart that touch; a hollow one has an edge that can be seen.
        stroke: outlier ? INK.strong : INK.paper,
        size: outlier ? 34 : 24,
        description: visible(`${label}: round ${round + 1}, ${figure(requestsPerSec)} requests/s`),
      })),
  );
  return points(place, data, { strokeWidth: 1, yOffset: below });
}

function isShown({ result: { trials } }: MeasuredRow): boolean {
  return trials.length > 1 && trials.length <= MOST;
}
