/** Model against model, in words: one line per pair, the same in every report. */

import { COSTS } from '../../harness/judge/metrics/derived.ts';
import { IMPLIED_ACCURACY } from '../../harness/judge/models/comparison.ts';
import { FAMILY_ERROR } from '../../harness/judge/models/verdict.ts';
import type { Comparison, ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { cellNames } from './cells.ts';
import { given, intervalText, MISSING, multiple, UNSETTLED, wholePercent } from './figures.ts';
import { BETWEEN_RUNS, runsOf, type Several, saidOnce } from './runs.ts';

/** A figure of the first ÷ that of the second, ready to be written. */
export interface RatioText {
  /** `1.98×`; `≈3.30×` where it is derived; a dash where there is none. */
  readonly point: string;
  /** `[1.94–2.02]`; empty where there is none. */
  readonly interval: string;
  /** `better`, `worse`, `equivalent`, or `?` where it is inconclusive; empty where there is no ratio. */
  readonly word: string;
}

/** Two cells side by side. */
export interface PairLine {
  /** `cluster vs single`. */
  readonly pair: string;
  /** Of throughput, or of implied capacities where throughput is invalid. */
  readonly ratio: RatioText;
  readonly isDerived: boolean;
  readonly verdict: Comparison['verdict'];
  /** The word; behind `invalid` that on implied capacity, as in `invalid (≈ better)`. */
  readonly verdictText: string;
  /** In the order of `COSTS`. */
  readonly costs: readonly RatioText[];
  readonly reason: string;
  readonly hint: string | null;
  /** Rounds in all that would settle an inconclusive pair; null when it is settled, or when none would. */
  readonly roundsToSettle: number | null;
}

const MORE_ROUNDS =
  'inconclusive: about this many rounds in total would probably settle it; give --rounds, or a longer --budget';
const DERIVED = '≈';
/** Where two have nothing in common that could be divided. */
export const NO_RATIO: RatioText = { point: MISSING, interval: '', word: '' };

/** In the order of the summary. */
export function pairLines(scenario: ScenarioSummary): PairLine[] {
  const names = cellNames(scenario);
  const nameOf = (id: string) => names.get(id) ?? id;
  const pairs = new Map<string, Comparison[]>();
  for (const comparison of scenario.comparisons) {
    const key = JSON.stringify([comparison.candidate, comparison.baseline]);
    pairs.set(key, [...(pairs.get(key) ?? []), comparison]);
  }
  return [...pairs.values()].flatMap((own) => pairLine(own, nameOf) ?? []);
}

function pairLine(own: readonly Comparison[], nameOf: (id: string) => string): PairLine | null {
  const of = (metric: Comparison['metric']) => own.find((comparison) => comparison.metric === metric);
  const implied = of('implied-capacity');
  const judged = of('throughput') ?? implied;
  if (judged === undefined) return null;
  const { candidate, baseline, verdict } = judged;
  const isDerived = verdict === 'invalid' && implied !== undefined;
  const ratio = ratioText(isDerived ? implied : judged, isDerived ? DERIVED : '');
  return {
    pair: `${nameOf(candidate)} vs ${nameOf(baseline)}`,
    ratio,
    isDerived,
    verdict,
    verdictText: isDerived ? `${verdict} (${DERIVED} ${wordOf(implied.verdict)})` : verdict,
    costs: COSTS.map(({ name }) => costText(of(name))),
    reason: isDerived ? `${judged.reason}; ${DERIVED}: ${implied.reason}` : judged.reason,
    hint: judged.hint ?? roundsHint(judged),
    roundsToSettle: judged.ratio === null ? null : judged.roundsToSettle,
  };
}

/** Without a ratio, the rounds that would settle it are those that it takes to see one. */
function roundsHint({ ratio, roundsToSettle }: Comparison): string | null {
  return ratio === null && roundsToSettle !== null ? `give --rounds ${roundsToSettle} or more` : null;
}

function costText(comparison: Comparison | undefined): RatioText {
  return comparison === undefined ? NO_RATIO : ratioText(comparison, '');
}

function ratioText({ ratio, verdict }: Comparison, mark: string): RatioText {
  if (ratio === null) return NO_RATIO;
  return {
    point: `${mark}${multiple(ratio.point)}`,
    interval: `[${intervalText(ratio.low, ratio.high)}]`,
    word: wordOf(verdict),
  };
}

function wordOf(verdict: Comparison['verdict']): string {
  return verdict === 'inconclusive' ? '?' : verdict;
}

/** What inconclusive pairs need, those that need the same together. */
export function openNotes(lines: readonly PairLine[]): string[] {
  const open = lines.filter(({ verdict }) => verdict === 'inconclusive');
  const needs = new Map<string, string[]>();
  for (const { pair, reason, hint, roundsToSettle } of open) {
    const need = hint === null ? reason : `${reason}; ${hint}`;
    if (roundsToSettle === null) needs.set(need, [...(needs.get(need) ?? []), pair]);
  }
  const others = [...needs].map(([need, pairs]) => {
    const isEvery = pairs.length === lines.length && pairs.length > 1;
    return `${isEvery ? 'every pair' : pairs.join(', ')}: ${need}`;
  });
  const some = open.some(({ roundsToSettle }) => roundsToSettle !== null);
  return [...(some ? [MORE_ROUNDS] : []), ...others];
}

/** `1.98× [1.94–2.02]`. */
export function withInterval({ point, interval }: RatioText): string {
  return interval === '' ? point : `${point} ${interval}`;
}

/** `0.520× better`. */
export function withWord({ point, word }: RatioText): string {
  return word === '' ? point : `${point} ${word}`;
}

/** How to read the pairs: what is divided, what the intervals cover, and what the verdicts mean. */
export function comparisonCaption(summary: Several<Summary>): string {
  const { scenarios } = summary;
  const ratios = scenarios.flatMap(({ comparisons }) => comparisons.flatMap(({ ratio }) => ratio ?? []));
  // Cut off, not rounded: each has at least this level.
  const lowest = Math.floor(Math.min(...ratios.map(({ level }) => level)) * 1000) / 10;
  const each = ratios.length === 0 ? '' : ` (each alone with ${given(lowest)}% or more)`;
  const together = wholePercent(1 - FAMILY_ERROR);
  const isWide = ratios.some(({ low, high }) => intervalText(low, high) === 'unsettled');
  return [
    'First ÷ second, paired by round.',
    `The intervals in [ ] are simultaneous: those of all pairs of the run hold together with ${together}%, in each column and at every look${each}.`,
    `Equivalent: the interval is within ${saidOnce(summary, ({ margin }) => `±${given(margin * 100)}%`)}; better, worse: it is beyond; inconclusive, ?: neither.`,
    'For CPU and memory, lower is better.',
    ...(runsOf(summary).length === 0 ? [] : [BETWEEN_RUNS]),
    ...(isWide ? [`${UNSETTLED.replace('u', 'U')}.`] : []),
    `${DERIVED}: implied capacity, used where throughput is invalid; it tells models apart that differ by a factor of ${given(IMPLIED_ACCURACY)} or more.`,
  ].join(' ');
}

/** What to change so that invalid comparisons become valid, each once. */
export function hintsOf({ comparisons }: ScenarioSummary): string[] {
  const hints = comparisons.flatMap(({ verdict, hint }) => (verdict === 'invalid' && hint !== null ? [hint] : []));
  return [...new Set(hints)];
}
