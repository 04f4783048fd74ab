/** A dot per trial, so that nobody needs to trust an interval. */

import { DESCRIBED, DESCRIPTION } from '../../drawing/described.ts';
import type { Layer } from '../../drawing/frame.ts';
import type { RowAxis } from '../../drawing/layers.ts';
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
  const hollow = trials.some(({ outlier }) => outlier)
    ? ', hollow where it lies far from the others and hardly counts'
    : '';
  return `Dot: a trial${hollow}.`;
}

/** Requests per second of every trial up to the `end` of the axis, so many pixels `below` the middle of its row. */
export function trialDots<X extends object>(
  x: X,
  y: RowAxis,
  measured: readonly MeasuredRow[],
  end: number,
  below: number,
): Layer[] {
  const values = measured.filter(isShown).flatMap(({ label, result: { trials } }) =>
    trials
      .filter(({ requestsPerSec }) => requestsPerSec <= end)
      .map(({ round, requestsPerSec, outlier }) => ({
        label,
        at: requestsPerSec,
        fill: outlier ? INK.paper : INK.strong,
        // An edge of paper keeps dots apart that touch; a hollow one has an edge that can be seen.
        stroke: outlier ? INK.strong : INK.paper,
        size: outlier ? 34 : 24,
        description: visible(`${label}: round ${round + 1}, ${figure(requestsPerSec)} requests/s`),
      })),
  );
  if (values.length === 0) return [];
  return [
    {
      data: { values },
      mark: { type: 'point', strokeWidth: 1, opacity: 1, yOffset: below, ...DESCRIBED },
      encoding: {
        x: { ...x, field: 'at' },
        y,
        fill: { field: 'fill', type: 'nominal', scale: null },
        stroke: { field: 'stroke', type: 'nominal', scale: null },
        size: { field: 'size', type: 'quantitative', scale: null },
        ...DESCRIPTION,
      },
    },
  ];
}

function isShown({ result: { trials } }: MeasuredRow): boolean {
  return trials.length > 1 && trials.length <= MOST;
}
