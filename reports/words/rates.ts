/** Words for latency at given rates, shared by all reports. */

import { isServerLatency } from '../../harness/judge/bottleneck/limited-by.ts';
import type { Percentile } from '../../harness/judge/schema/capacity.ts';
import type { CommonRate, LatencySummary, RateCell, RateResult } from '../../harness/judge/schema/rate.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { capital } from '../../harness/judge/words.ts';
import { cellName } from './cells.ts';
import { figure, given, intervalText, MISSING, UNSETTLED, WIDEST, wholePercent } from './figures.ts';
import { runsOf, type Several, saidOnce } from './runs.ts';

/** A common rate that may be one of several runs. */
export type RunsRate = CommonRate & {
  /** That of the runs which were offered it, for what the rate is a share of; absent with a single run. */
  readonly latency?: LatencySummary | undefined;
  /** Labels of the runs which were offered it, where others were not. */
  readonly only?: readonly string[] | undefined;
};

/** The name of a cell of an open loop: that of the capacity cell with the same setting. */
export function rateName(cell: RateCell, scenario: ScenarioSummary): string {
  return cellName(cell, scenario.cells);
}

/** The cells of a common rate, in its order. */
export function cellsAt({ cells: ids }: CommonRate, latency: LatencySummary): RateCell[] {
  const byId = new Map(latency.cells.map((cell) => [cell.id, cell]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** An offered rate: `79.1`, and `80` without digits that nobody chose. */
export function rateFigure(requestsPerSec: number): string {
  return requestsPerSec < 99.95 ? given(Number(requestsPerSec.toPrecision(3))) : figure(requestsPerSec);
}

/** `79.1 requests/s`. */
export function rateText(requestsPerSec: number): string {
  return `${rateFigure(requestsPerSec)} requests/s`;
}

/** What limited a result, in the words of the glossary. */
export function limitedText({ limitedBy }: RateResult): string {
  return limitedBy.by === 'offered-rate' ? 'offered rate' : limitedBy.by;
}

/** Whether a result says something about the server, so that it may be set beside others. */
export function isComparable({ limitedBy }: RateResult): boolean {
  return isServerLatency(limitedBy);
}

function isWarm({ trials }: RateResult): boolean {
  return trials.every(({ steady }) => steady);
}

/** What the label of a result must say beside what limited it, in two words; null for an ordinary one. */
export function rateMark(result: RateResult): string | null {
  if (!isComparable(result)) return 'not ranked';
  if (!result.keptUp) return 'fell behind';
  return isWarm(result) ? null : 'not warm';
}

/** As `rateMark`, as half a sentence of its own. */
export function rateNote(result: RateResult): string | null {
  const { by } = result.limitedBy;
  if (by === 'unclear') return 'no bottleneck was found, not ranked';
  if (!isComparable(result)) return `limited by the ${by}, not ranked`;
  if (!result.keptUp) return 'fell behind: not a steady figure';
  return isWarm(result) ? null : 'not warm';
}

/** What it means to fall behind, where any of these did and is said to have. */
export function behindNotes(cells: readonly RateCell[]): string[] {
  if (cells.every(({ result }) => result === null || result.keptUp || !isComparable(result))) return [];
  return ['Fell behind: the server served less than was offered, so its latency grows with the length of the window.'];
}

/** `23.1`; `≥1,420` where the truth may be more; a dash where the sample cannot support it. */
export function percentileFigure(percentile: Percentile | null): string {
  if (percentile === null) return MISSING;
  return `${percentile.atLeast ? '≥' : ''}${figure(percentile.ms)}`;
}

/** The interval as far as it says anything; `unsettled` when it spans more than a factor of 100. */
export function settledInterval(percentile: Percentile | null): Interval | 'unsettled' | null {
  if (percentile === null || percentile.low === null || percentile.high === null) return null;
  const { low, high } = percentile;
  return high > WIDEST * low ? 'unsettled' : { low, high };
}

interface Interval {
  readonly low: number;
  readonly high: number;
}

/** `22.0–24.6`; empty without an interval. */
export function percentileInterval(percentile: Percentile | null): string {
  const interval = settledInterval(percentile);
  if (interval === null) return '';
  return interval === 'unsettled' ? interval : intervalText(interval.low, interval.high);
}

/** What an unsettled interval is, where there is one. */
export function unsettledNotes(cells: readonly RateCell[]): string[] {
  const all = cells.flatMap(({ result }) =>
    result === null ? [] : [result.latency, ...result.classes.map(({ latency }) => latency)],
  );
  return unsettledNote(all.flatMap(({ p50, p90, p99, p999 }) => [p50, p90, p99, p999]));
}

/** The same for those whose intervals are shown. */
export function unsettledNote(percentiles: readonly (Percentile | null)[]): string[] {
  if (percentiles.every((percentile) => settledInterval(percentile) !== 'unsettled')) return [];
  return [`${UNSETTLED.replace('u', 'U')}.`];
}

/** `23.1 (22.0–24.6)`. */
export function percentileText(percentile: Percentile | null): string {
  const interval = percentileInterval(percentile);
  return interval === '' ? percentileFigure(percentile) : `${percentileFigure(percentile)} (${interval})`;
}

/** Above the table of a common rate, with where the rate comes from: `Latency at 79.1 requests/s, half of what single serves, …`. */
export function rateHeading(common: RunsRate, latency: LatencySummary): string {
  const from = originText(common, latency);
  return `${rateTitle(common)}${from === null ? '' : `, ${from}`}`;
}

/** How it was offered, below a heading without it: `half of what single serves, …; Poisson arrivals, …`. */
export function offeredLine(common: RunsRate, latency: LatencySummary): string {
  const from = originText(common, latency);
  return capital(`${from === null ? '' : `${from}; `}${dueText(common, latency)}`);
}

/** `Poisson arrivals, latency from when a request was due`. */
export function dueText(common: RunsRate, latency: LatencySummary): string {
  return `${arrivalsText(common.latency ?? latency)}, latency from when a request was due`;
}

/** Null for a rate that was asked for as a number. */
function originText(common: RunsRate, latency: LatencySummary): string | null {
  const { share, offeredPerSec } = common;
  const { basis, cappedAt } = common.latency ?? latency;
  if (share === null) return offeredPerSec === cappedAt ? 'the rate that higher ones were lowered to' : null;
  if (basis === null) return `${partText(share)} of the slowest`;
  const slowest = basis.ranked ? 'the slowest that can be ranked' : 'the slowest';
  return `${partText(share)} of what ${basis.model} serves, ${slowest}`;
}

/** ` (before)` where only some of several runs were offered it. */
function whose({ only = [] }: RunsRate): string {
  return only.length === 0 ? '' : ` (${only.join(', ')})`;
}

/** `half`, `80%`. */
export function partText(share: number): string {
  return share === 0.5 ? 'half' : `${wholePercent(share)}%`;
}

/** `Poisson arrivals`. */
export function arrivalsText(latency: Several<LatencySummary>): string {
  return saidOnce(latency, ({ arrivals }) => (arrivals === 'poisson' ? 'Poisson arrivals' : 'evenly spaced arrivals'));
}

/** The heading in short: `Latency at 79.1 requests/s`. */
export function rateTitle(common: RunsRate): string {
  return `Latency at ${rateText(common.offeredPerSec)}${whose(common)}`;
}

/** What a reader must know about all rates of a scenario. */
export function rateNotices(latency: Several<LatencySummary>): string[] {
  const lowered = ({ cappedAt }: LatencySummary): string[] =>
    cappedAt === null
      ? []
      : [`Higher rates were lowered to ${rateText(cappedAt)}, the most that the generators can offer.`];
  const ofAll = lowered(latency);
  if (ofAll.length > 0) return ofAll;
  return runsOf(latency).flatMap(({ label, of }) => lowered(of).map((notice) => `${label}: ${notice}`));
}
