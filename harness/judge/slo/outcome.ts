/** The result of a search for the highest rate within an SLO. */
import type { Sustained } from '../schema/rate.ts';
import { rateFigure } from '../words.ts';
import { agree, bracketOf, type Level, standing } from './levels.ts';

type Outcome = Sustained['outcome'];

/** What the levels alone do not show, in words. */
export interface SearchLimits {
  /** Why nothing above the highest level was tried. */
  readonly top: string;
  /** Why the search ended without an outcome, when no level says so. */
  readonly ended: string;
}

/**
 * The boundary lies between the highest level that met the SLO by majority of its trials, and the lowest that broke it.
 * Confirmed means two trials that agree, or two of three, or more.
 *
 * - `estimate`: the highest level confirmed as met, at or below the boundary.
 * - `brokeAt`: the lowest level confirmed as broken, above the boundary.
 * - `low`: the highest level such that every trial at it or below met the SLO, of those that were tried and are not above
 *   the estimate. Where even the lowest level tried was broken once, the level below the lowest that was.
 * - `high`: the lowest level such that every trial at it or above broke the SLO, of those that were tried. Where even the
 *   highest level tried met it once, the level above the highest that did.
 *
 * Trials without a verdict count for neither. So low ≤ estimate < brokeAt and estimate < high hold however the trials
 * went: the estimate has a trial that met the SLO, and `high` lies above every level that has one. Only at the ends of
 * the grid there may be no level below or above; the end itself stands for it.
 */
export function sustainedOutcome(levels: readonly Level[], limits: SearchLimits): Outcome {
  const { from, to } = bracketOf(levels);
  const met = levels.findLastIndex((level, i) => i <= from && agree(level) && standing(level) === 'met');
  const broken = levels.findIndex((level, i) => i >= to && agree(level) && standing(level) === 'broken');
  const [metLevel, brokenLevel] = [levels[met], levels[broken]];
  if (metLevel !== undefined && brokenLevel !== undefined) {
    return {
      kind: 'found',
      estimate: metLevel.requestsPerSec,
      ...interval(levels, met),
      brokeAt: brokenLevel.requestsPerSec,
      brokeBy: brokenLevel.brokeBy ?? '',
    };
  }
  if (brokenLevel !== undefined && broken === 0 && from < 0) {
    return { kind: 'none', triedPerSec: brokenLevel.requestsPerSec, brokeBy: brokenLevel.brokeBy ?? '' };
  }
  if (metLevel !== undefined && met === levels.length - 1 && to === levels.length) {
    return { kind: 'all', triedPerSec: metLevel.requestsPerSec, why: limits.top };
  }
  const metPerSec = levels[from]?.requestsPerSec ?? null;
  return { kind: 'untold', metPerSec, why: untoldWhy(levels, limits) };
}

function interval(levels: readonly Level[], estimate: number): { low: number; high: number } {
  const lowestBroken = levels.findIndex(({ broken }) => broken > 0);
  const highestMet = levels.findLastIndex(({ met }) => met > 0);
  const clean = levels.findLastIndex(({ met }, i) => met > 0 && i < lowestBroken && i <= estimate);
  const low = clean >= 0 ? clean : Math.max(0, lowestBroken - 1);
  const above = levels.findIndex(({ broken }, i) => broken > 0 && i > highestMet);
  const high = above >= 0 ? above : Math.min(levels.length - 1, highestMet + 1);
  return { low: rateOf(levels, low), high: rateOf(levels, high) };
}

/** What is known, and why there is no more. */
function untoldWhy(levels: readonly Level[], limits: SearchLimits): string {
  const { from, to } = bracketOf(levels);
  const [met, broken] = [levels[from], levels[to]];
  const known = [
    ...(met === undefined ? [] : [`it was met at ${rateFigure(met.requestsPerSec)} requests/s`]),
    ...(broken === undefined ? [] : [`it was broken at ${rateFigure(broken.requestsPerSec)} requests/s`]),
  ].join(' and ');
  const within = levels.slice(from + 1, to).filter((level) => standing(level) === 'untold');
  // Nearest to what is known.
  const untold = met === undefined ? within.at(-1) : within[0];
  const reason =
    untold === undefined
      ? limits.ended
      : `no verdict was possible at ${rateFigure(untold.requestsPerSec)} requests/s: ${untold.untoldBy}`;
  return known === '' ? reason : `${known}, but ${reason}`;
}

function rateOf(levels: readonly Level[], index: number): number {
  const level = levels[index];
  if (level === undefined) throw new RangeError(`there is no level ${index}`);
  return level.requestsPerSec;
}
