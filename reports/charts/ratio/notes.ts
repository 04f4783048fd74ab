/** What a forest plot of ratios says of itself: nothing of marks that it does not have. */
import { IMPLIED_ACCURACY } from '../../../harness/judge/models/comparison.ts';
import { FAMILY_ERROR } from '../../../harness/judge/models/verdict.ts';
import type { ChartInput } from '../../drawing/input.ts';
import { arrowheadNotes } from '../../drawing/whiskers.ts';
import { given, UNSETTLED, wholePercent } from '../../words/figures.ts';
import { runsOf, saidOnce } from '../../words/runs.ts';
import type { DrawnRow } from './layers.ts';
import type { Baselines, RatioRow } from './rows.ts';

const TOGETHER = `those of all pairs of the run hold together with ${wholePercent(1 - FAMILY_ERROR)}%.`;

/** What the ratios are of, in words. */
export interface Measure {
  readonly name: string;
  /** That of the baseline, behind a sign of division. */
  readonly that: string;
}

const MEASURED: Measure = { name: 'requests per second', that: 'those' };
const DERIVED: Measure = { name: 'implied capacity', that: 'that' };

/** Derived figures are not called measured ones where there is nothing else. */
export function measureOf(drawn: readonly DrawnRow[]): Measure {
  return drawn.every(({ isDerived }) => isDerived) ? DERIVED : MEASURED;
}

/** `±3%`, or that of each run. */
export function marginText({ summary }: ChartInput): string {
  return saidOnce(summary, ({ margin }) => `±${given(margin * 100)}%`);
}

/** Whether all that is drawn was judged by the same margin, so that it can be drawn too. */
export function isOneMargin({ summary }: ChartInput): boolean {
  return runsOf(summary).every(({ of }) => of.margin === summary.margin);
}

/** `drawn` are those of the rows that have a ratio; `domain` is what the axis spans. */
export function notesOf(
  input: ChartInput,
  rows: readonly RatioRow[],
  drawn: readonly DrawnRow[],
  baselines: Baselines,
  [start, end]: readonly [number, number],
): string[] {
  const isCut = drawn.some(({ interval }) => interval !== null && (interval.low < start || interval.high > end));
  return [
    ...baselineNotes(input, baselines),
    ...measuredNotes(drawn, baselines),
    `${isOneMargin(input) ? 'Shaded' : 'Margin'}: up to ${marginText(input)}, a difference that does not matter.${fillNote(drawn)}${signNote(rows)}`,
    ...derivedNotes(drawn),
    ...arrowheadNotes(isCut),
    ...(drawn.some(({ isUnsettled }) => isUnsettled) ? [`${UNSETTLED.replace('u', 'U')}.`] : []),
  ];
}

function baselineNotes({ summary }: ChartInput, { name, isMany, isFirst }: Baselines): string[] {
  const each =
    runsOf(summary).length > 0
      ? 'Each beside the single of its own run.'
      : 'Each beside the single that uses its connections in the same way.';
  return [
    ...(isFirst ? [`No single here to compare with: the baseline is ${name}, the first model.`] : []),
    ...(isMany ? [each] : []),
  ];
}

function measuredNotes(drawn: readonly DrawnRow[], { name }: Baselines): string[] {
  if (drawn.every(({ isDerived }) => isDerived)) return [];
  const points = `Point: requests per second ÷ those of ${name}, paired by round.`;
  return [hasLine(drawn, false) ? `${points} Line: interval, if wider than the point; ${TOGETHER}` : points];
}

function fillNote(drawn: readonly DrawnRow[]): string {
  const isOpen = drawn.some(({ isDecided, isDerived }) => !isDecided && !isDerived);
  if (!isOpen) return '';
  return `${drawn.some(({ isDecided }) => isDecided) ? ' Filled: decided.' : ''} Hollow circle: inconclusive.`;
}

function signNote(rows: readonly RatioRow[]): string {
  return rows.some(({ text }) => text.verdictText.includes('?')) ? ' ?: inconclusive.' : '';
}

function derivedNotes(drawn: readonly DrawnRow[]): string[] {
  if (!drawn.some(({ isDerived }) => isDerived)) return [];
  const isDashed = hasLine(drawn, true);
  const isLineTold = hasLine(drawn, false);
  return [
    `Diamond${isDashed ? ', dashed' : ''}, ≈: ratio of implied capacities, derived and not measured, because throughput is invalid; it tells models apart from a factor of ${given(IMPLIED_ACCURACY)} on.`,
    ...(isDashed && !isLineTold ? [`Line: interval, if wider than the diamond; ${TOGETHER}`] : []),
  ];
}

function hasLine(drawn: readonly DrawnRow[], derived: boolean): boolean {
  return drawn.some(({ interval, isDerived }) => interval !== null && isDerived === derived);
}
