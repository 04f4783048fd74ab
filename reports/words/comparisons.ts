/** How far models are behind the best, and model against model, in words: the same in every report. */

import { downTo, share, upTo } from '../../harness/judge/answer/behind.ts';
import { isRankable } from '../../harness/judge/bottleneck/limited-by.ts';
import { COSTS } from '../../harness/judge/metrics/derived.ts';
import { ANSWER_ERROR } from '../../harness/judge/models/contest.ts';
import { FAMILY_ERROR } from '../../harness/judge/models/verdict.ts';
import type { Comparison, ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { list } from '../../harness/judge/words.ts';
import { cellNames } from './cells.ts';
import { given, MISSING, UNSETTLED, WIDEST, wholePercent } from './figures.ts';
import { BETWEEN_RUNS, runsOf, type Several, saidOnce } from './runs.ts';

type Standing = ScenarioSummary['answers'][number]['models'][number];

/**
 * How far each cell is behind the best in requests per second, by id: `≤ 2.5%` of one that may be the best, `44–51%` of another.
 * Empty where nothing is known of any.
 */
export function behindTexts({ answers }: Pick<ScenarioSummary, 'answers'>): ReadonlyMap<string, string> {
  const standings = answers.flatMap(({ metric, models }) => (metric === 'throughput' ? models : []));
  return new Map(standings.flatMap((one) => (isKnown(one) ? [[one.cell, behindText(one)]] : [])));
}

function isKnown({ atMostBehind, atLeastBehind }: Standing): boolean {
  return atMostBehind !== null || atLeastBehind > 0;
}

function behindText({ atMostBehind, atLeastBehind }: Standing): string {
  const low = downTo(atLeastBehind);
  if (atMostBehind === null) return `≥ ${share(low)}`;
  const high = upTo(atMostBehind);
  if (high === 0) return 'best';
  if (low === 0) return `≤ ${share(high)}`;
  return low === high ? share(low) : `${share(low).replace('%', '')}–${share(high)}`;
}

/** What the column means, for the foot of a report. */
export const BEHIND_NOTE =
  'behind the best: by how much requests/s are below those of whichever model is the best; ≤: at most, a range: at least and at most. ' +
  `All of a scenario hold together with ${wholePercent(1 - ANSWER_ERROR)}%.`;

/** Two cells side by side. */
export interface PairLine {
  /** `cluster vs single`. */
  readonly pair: string;
  /** How much more or less the first serves: `+80% to +109%`; or why that cannot be compared. */
  readonly throughput: string;
  /** `settled`: the whole interval is within the margin or beyond it; `open`: it reaches across an end of the margin. */
  readonly state: 'settled' | 'open' | 'not-compared';
  /** How much more or less it takes, in the order of `COSTS`. */
  readonly costs: readonly string[];
  /** What to change, so that it can be compared. */
  readonly hint: string | null;
  /** Rounds that would probably settle what is open, beside those that there are; null where none is known to. */
  readonly moreRounds: number | null;
  /** The figures behind it in one line. */
  readonly reason: string;
}

/** In the order of the summary. */
export function pairLines(scenario: ScenarioSummary): PairLine[] {
  const pairs = new Map<string, Comparison[]>();
  for (const comparison of scenario.comparisons) {
    const key = JSON.stringify([comparison.candidate, comparison.baseline]);
    pairs.set(key, [...(pairs.get(key) ?? []), comparison]);
  }
  return [...pairs.values()].flatMap((own) => pairLine(own, scenario) ?? []);
}

function pairLine(own: readonly Comparison[], scenario: ScenarioSummary): PairLine | null {
  const of = (metric: Comparison['metric']) => own.find((comparison) => comparison.metric === metric);
  const judged = of('throughput');
  if (judged === undefined) return null;
  const { candidate, baseline, ratio, verdict, roundsToSettle, reason } = judged;
  const names = cellNames(scenario);
  const nameOf = (id: string) => names.get(id) ?? id;
  const isCompared = verdict !== 'invalid' && ratio !== null;
  const isOpen = isCompared && verdict === 'inconclusive';
  return {
    pair: `${nameOf(candidate)} vs ${nameOf(baseline)}`,
    throughput: isCompared ? differenceText(ratio) : whyNot(judged, scenario),
    state: isOpen ? 'open' : isCompared ? 'settled' : 'not-compared',
    costs: COSTS.map(({ name }) => differenceText(of(name)?.ratio ?? null)),
    hint: judged.hint ?? (isCompared || roundsToSettle === null ? null : `give --rounds ${roundsToSettle} or more`),
    moreRounds: isOpen && roundsToSettle !== null ? Math.max(1, roundsToSettle - ratio.trials) : null,
    reason,
  };
}

/** `+80% to +109%`: where the first lies less the second, in percent of the second. */
function differenceText(ratio: Pick<NonNullable<Comparison['ratio']>, 'low' | 'high'> | null): string {
  if (ratio === null) return MISSING;
  const { low, high } = ratio;
  if (high > WIDEST * low) return 'unsettled';
  const [from, to] = [signed(low - 1, downTo, upTo), signed(high - 1, upTo, downTo)];
  return from === to ? from : `${from} to ${to}`;
}

/** By digits behind the point. Building one takes a hundred times as long as using it. */
const FORMATS = [0, 1].map(
  (digits) => new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** With a digit behind the point below ten percent, so that figures of a column have the same precision. */
function signed(difference: number, above: (value: number) => number, below: (value: number) => number): string {
  const percent = 100 * Math.abs(difference < 0 ? below(-difference) : above(difference));
  const digits = percent < 9.95 ? 1 : 0;
  const sign = Number(percent.toFixed(digits)) === 0 ? '' : difference < 0 ? '−' : '+';
  return `${sign}${FORMATS[digits]?.format(percent)}%`;
}

/** What was the limit in place of the server. */
function whyNot({ candidate, baseline, reason }: Comparison, { cells }: ScenarioSummary): string {
  const results = cells.flatMap(({ id, result }) => (id === candidate || id === baseline ? [result] : []));
  const limits = results.flatMap((result) =>
    result === null || isRankable(result.limitedBy) ? [] : result.limitedBy.by,
  );
  if (results.includes(null) || limits.length === 0) return reason;
  const known = [...new Set(limits)].filter((by) => by !== 'unclear');
  return known.length > 0 ? `not the server's limit: ${list(known)}` : 'no bottleneck was found';
}

/** What open pairs need, with the margin as it is written: one note on rounds, and one for those that no number of rounds would settle. */
export function openNotes(lines: readonly PairLine[], margin: string): string[] {
  const open = lines.filter(({ state }) => state === 'open');
  const rounds = open.flatMap(({ moreRounds }) => moreRounds ?? []);
  const others = new Map<string, string[]>();
  for (const { pair, reason, moreRounds } of open) {
    if (moreRounds === null) others.set(reason, [...(others.get(reason) ?? []), pair]);
  }
  return [
    ...(rounds.length === 0
      ? []
      : [
          `Differences in requests/s that reach across ${margin} would probably be settled by ${moreRoundsText(rounds)}; give --rounds, or a longer --budget.`,
        ]),
    ...[...others].map(([reason, pairs]) => {
      const isEvery = pairs.length === lines.length && pairs.length > 1;
      return `${isEvery ? 'every pair' : pairs.join(', ')}: ${reason}`;
    }),
  ];
}

/** `about 8 to 60 more rounds`. */
export function moreRoundsText(rounds: readonly number[]): string {
  const [fewest, most] = [Math.min(...rounds), Math.max(...rounds)];
  const span = fewest === most ? given(most) : `${given(fewest)} to ${given(most)}`;
  return `about ${span} more ${most === 1 ? 'round' : 'rounds'}`;
}

/** How to read the pairs: what is compared, and what the intervals hold; `isBold` where what is settled is set in bold. */
export function comparisonCaption(summary: Several<Summary>, isBold = false): string {
  const { scenarios } = summary;
  const ratios = scenarios.flatMap(({ comparisons }) => comparisons.flatMap(({ ratio }) => ratio ?? []));
  const together = wholePercent(1 - FAMILY_ERROR);
  return [
    'How much more or less the first serves and takes than the second, round by round.',
    `The intervals of a column hold together with ${together}% in each scenario.`,
    `Up to ${marginText(summary)} makes no difference that matters.`,
    ...(isBold ? ['In bold: requests/s of which the whole interval is within that or beyond it.'] : []),
    `Of ${list(COSTS.flatMap(({ title, good }) => (good === 'less' ? [title] : [])))} less is better.`,
    ...(runsOf(summary).length === 0 ? [] : [BETWEEN_RUNS]),
    ...(ratios.some(({ low, high }) => high > WIDEST * low) ? [`${UNSETTLED.replace('u', 'U')}.`] : []),
  ].join(' ');
}

/** `±3%`, or that of each run. */
export function marginText(summary: Several<Pick<Summary, 'margin'>>): string {
  return saidOnce(summary, ({ margin }) => `±${given(margin * 100)}%`);
}

/** What to change so that what is not compared can be, each once. */
export function hintsOf({ comparisons }: ScenarioSummary): string[] {
  const hints = comparisons.flatMap(({ verdict, hint }) => (verdict === 'invalid' && hint !== null ? [hint] : []));
  return [...new Set(hints)];
}
