/** What a forest plot of ratios says of itself: nothing of marks that it does not have. */
import { FAMILY_ERROR } from '../../../harness/judge/models/verdict.ts';
import { partsOf } from '../../../harness/plan/schedule/runtimes.ts';
import type { ChartInput } from '../../drawing/input.ts';
import { arrowheadNotes } from '../../drawing/whiskers.ts';
import { marginText, moreRoundsText } from '../../words/comparisons.ts';
import { UNSETTLED, wholePercent } from '../../words/figures.ts';
import { runsOf } from '../../words/runs.ts';
import type { DrawnRow } from './layers.ts';
import type { Baselines } from './rows.ts';

/** Whether all that is drawn was judged by the same margin, so that it can be drawn too. */
export function isOneMargin({ summary }: ChartInput): boolean {
  return runsOf(summary).every(({ of }) => of.margin === summary.margin);
}

/** `drawn` are the rows that have a ratio; `domain` is what the axis spans. */
export function notesOf(
  input: ChartInput,
  drawn: readonly DrawnRow[],
  baselines: Baselines,
  [start, end]: readonly [number, number],
): string[] {
  const isCut = drawn.some(({ interval }) => interval !== null && (interval.low < start || interval.high > end));
  return [
    ...baselineNotes(input, baselines),
    pointNote(drawn, baselines),
    `${isOneMargin(input) ? 'Shaded' : 'Margin'}: up to ${marginText(input.summary)}, a difference that does not matter.${fillNote(drawn)}`,
    ...arrowheadNotes(isCut),
    ...(drawn.some(({ isUnsettled }) => isUnsettled) ? [`Pale and dashed, ${UNSETTLED}.`] : []),
  ];
}

function baselineNotes({ summary, scenario }: ChartInput, { name, isMany, isFirst }: Baselines): string[] {
  const isOnSeveral = scenario.cells.some(({ model }) => partsOf(model).version !== null);
  const each =
    runsOf(summary).length > 0
      ? 'Each beside the single of its own run.'
      : isOnSeveral
        ? 'Each beside the single on the same Node.js.'
        : 'Each beside the single that uses its connections in the same way.';
  return [
    ...(isFirst ? [`No single here to compare with: the baseline is ${name}, the first model.`] : []),
    ...(isMany ? [each] : []),
  ];
}

function pointNote(drawn: readonly DrawnRow[], { name }: Baselines): string {
  const point = `Point: requests per second ÷ those of ${name}, round by round.`;
  if (drawn.every(({ interval }) => interval === null)) return point;
  const together = `those of all pairs of a scenario hold together with ${wholePercent(1 - FAMILY_ERROR)}%.`;
  return `${point} Line: interval, if wider than the point; ${together}`;
}

/** Of hollow points, and of filled ones where there are both. */
function fillNote(drawn: readonly DrawnRow[]): string {
  const open = drawn.filter(({ isSettled, isUnsettled }) => !isSettled && !isUnsettled);
  if (open.length === 0) return '';
  const rounds = open.flatMap(({ moreRounds }) => moreRounds ?? []);
  const more = rounds.length === 0 ? '' : `; ${moreRoundsText(rounds)} would probably settle it`;
  return open.length < drawn.length
    ? ` Filled: the whole interval is beyond the margin or within it. Hollow: it reaches across an end${more}.`
    : ` Hollow: the interval reaches across an end of the margin${more}.`;
}
