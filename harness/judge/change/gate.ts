/** What a gate makes of two runs: of each comparison, and of them all. */
import jStat from 'jstat';
import type { Ratio } from '../../stats/estimate.ts';
import { runMetric } from '../metrics/derived.ts';
import type { Change, ChangeCell, ChangeComparison, ChangeMetric, ChangeOutcome } from '../schema/change.ts';
import type { Judged } from './verdict.ts';

/** What a change must not exceed, as shares. */
export interface Limits {
  /** Of CPU per request and throughput. */
  readonly margin: number;
  /** Worse by no more than this passes; null where the margin decides. */
  readonly failAbove: number | null;
}

/** The margin of one metric. */
export function marginOf(metric: ChangeMetric, { margin }: Pick<Limits, 'margin'>): number {
  return Math.max(margin, runMetric(metric).margin);
}

/** From which share on it fails: never less than the margin, within which nothing is told apart. */
function limitOf(metric: ChangeMetric, limits: Limits): number {
  return Math.max(limits.failAbove ?? 0, marginOf(metric, limits));
}

/** Head ÷ base at that share: 10% fewer requests are 0.9 of them, while the margin is as far from 1 on either side on the log scale. */
export function limitRatio(metric: ChangeMetric, margin: number, failAbove: number | null): number {
  const limit = Math.max(failAbove ?? 0, margin);
  if (runMetric(metric).good === 'less') return 1 + limit;
  return limit > margin ? Math.max(0, 1 - limit) : 1 / (1 + margin);
}

type Gated = Pick<ChangeComparison, 'gate' | 'atMostWorse'>;

/** Of a comparison that was judged so. */
export function gated(metric: ChangeMetric, judged: Judged, limits: Limits): Gated {
  const { ratio, relative, verdict, telling } = judged;
  if (ratio === null || verdict === 'control' || verdict === 'invalid') return { gate: null, atMostWorse: null };
  const { good, name } = runMetric(metric);
  const limit = limitRatio(metric, marginOf(metric, limits), limits.failAbove);
  const atMostWorse = Math.max(0, ...telling.map((one) => mostWorse(one.ratio, good)));
  const all = relative === null ? [ratio] : [ratio, relative];
  if (verdict === 'worse' && all.every((one) => isBeyond(leastWorseEnd(one, good), limit, good))) {
    return { gate: 'fail', atMostWorse };
  }
  // Probably worse, as docs/gates.md and the schema have it.
  const isProbable = telling.some(
    ({ plain }) => isBeyond(plain.point, limit, good) && isBeyond(leastWorseEnd(plain, good), 1, good),
  );
  const isUnknown = name === DECIDING && verdict === 'inconclusive' && atMostWorse > limitOf(metric, limits) + UNKNOWN;
  return { gate: isProbable || isUnknown ? 'untold' : 'pass', atMostWorse };
}

/** Whether the worst that head may be, or what it seems to be, is worse than the limit. */
export function reaches(one: ChangeComparison, what: 'most' | 'point', failAbove: number | null): boolean {
  const { metric, margin, ratio, atMostWorse } = one;
  if (ratio === null) return false;
  const { good } = runMetric(metric);
  const most = good === 'less' ? 1 + (atMostWorse ?? 0) : 1 - (atMostWorse ?? 0);
  return isBeyond(what === 'most' ? most : ratio.point, limitRatio(metric, margin, failAbove), good);
}

/** Every server has it, whatever the machine is, and it varies the least: without it there is no gate. */
export const DECIDING = 'cpu-per-request';
/** Beyond the limit, as a share: where it cannot be ruled out that head is worse by this much, hardly anything is known. */
const UNKNOWN = 0.25;

function isBeyond(ratio: number, limit: number, good: 'more' | 'less'): boolean {
  return good === 'less' ? ratio > limit : ratio < limit;
}

/** The end of the interval that is the better one for head. */
function leastWorseEnd({ low, high }: Pick<Ratio, 'low' | 'high'>, good: 'more' | 'less'): number {
  return good === 'less' ? low : high;
}

function mostWorse({ low, high }: Pick<Ratio, 'low' | 'high'>, good: 'more' | 'less'): number {
  return good === 'less' ? high - 1 : 1 - low;
}

/** So many failures of head alone are no chance. */
const FAILURES = 2;
/** Where base fails as well: how seldom as many more failures of head must be, if both sides fail alike. */
const CHANCE = 0.01;

/** Whether trials of head fail that do not fail in base, or by far more of them than there. */
export function isFailingInHead({ base, head }: ChangeCell['trials']): boolean {
  return head.failed >= FAILURES && (base.failed === 0 || chanceOf(base, head) < CHANCE);
}

/**
 * How probable it is that of the trials that failed on either side so many or more are of head, where the side makes no difference: the exact
 * test of Fisher, one-sided (Agresti 2013, Categorical Data Analysis, 3.5.1).
 */
function chanceOf(base: ChangeCell['trials']['base'], head: ChangeCell['trials']['head']): number {
  const [all, failed] = [base.count + head.count, base.failed + head.failed];
  return 1 - jStat.hypgeom.cdf(head.failed - 1, all, failed, head.count);
}

/** What is broken comes first: figures of a service that fails are those of the trials in which it did not. */
export function outcomeOf(cells: Change['cells'], unexplained: Change['unexplained']): ChangeOutcome {
  if (cells.some(({ lostInHead, failsInHead }) => lostInHead || failsInHead)) return 'broken';
  const judged = cells.filter(({ verdict }) => verdict !== 'control');
  const gates = judged.map(({ comparisons }) => comparisons.flatMap(({ gate }) => gate ?? []));
  if (gates.every(({ length }) => length === 0)) return 'broken';
  if (gates.some((all) => all.includes('fail'))) return 'fail';
  if (unexplained !== null) return 'broken';
  const isOpen = judged.some((cell) => isSilent(cell) && !isLatencyOf(cell));
  return isOpen || gates.some((all) => all.includes('untold')) ? 'untold' : 'pass';
}

/** Whether nothing of it could be judged. */
export function isSilent({ comparisons }: ChangeCell): boolean {
  return comparisons.every(({ gate }) => gate === null);
}

/**
 * Whether it is a rate beside full load. A busy machine disturbs what waits for it most: where nothing of such a cell could be judged, that is
 * said, and no reason to stop what is known not to cost more.
 */
export function isLatencyOf({ comparisons }: ChangeCell): boolean {
  return comparisons.every(({ metric }) => runMetric(metric).runs === 'rate');
}

/** 1 when a cell is worse by more than the limit, 3 when head is broken or nothing was compared, and with `strict` when a cell is untold; else 0. */
export function changeExitCode(
  { outcome }: Pick<Change, 'outcome'>,
  { strict }: { readonly strict: boolean },
): 0 | 1 | 3 {
  switch (outcome) {
    case 'fail':
      return 1;
    case 'broken':
      return 3;
    case 'untold':
      return strict ? 3 : 0;
    case 'pass':
      return 0;
    default:
      return outcome satisfies never;
  }
}
