/**
 * Which rate is offered next in the search for the highest that meets an SLO, and what has come out when it is over. A
 * pure function of the trials so far, so that a run can be resumed and its report drawn again.
 *
 *   grid ─ bisect with single trials ─ confirm both sides of the boundary ─ see both ends of the interval ─ over
 *              └────── a level that confirmation turns over moves the bracket ──┘
 */

import type { Capacity } from '../../plan/schedule/rates.ts';
import type { Sustained } from '../schema/rate.ts';
import { rateFigure } from '../words.ts';
import { agree, bracketOf, isHopeless, type Level, type Probe, standing, tallied } from './levels.ts';
import { type SearchLimits, sustainedOutcome } from './outcome.ts';

export type NextProbe =
  | { readonly kind: 'probe'; readonly requestsPerSec: number; readonly trials: number }
  | { readonly kind: 'over'; readonly outcome: Sustained['outcome'] };

/** Shares of the capacity between which rates are tried. An open loop can serve a little more than a closed one did. */
const LOWEST_SHARE = 0.05;
const HIGHEST_SHARE = 1.25;
/** Where something else limited the closed loop, nothing need break there. */
const HIGHEST_SHARE_BEYOND = 8;
/** Each rate is about this much times the one below it. */
const RATIO = 1.05;
/**
 * Trials that must agree on each side of the boundary, and be more than those that do not. The first found the level; a
 * level turned over by noise is found just because of it, so it takes the best of three others besides. With two instead
 * of three, simulated searches (fixtures/queue-server.ts) take 10 trials and not 13, but the interval holds the boundary
 * in 80% of them and not in 91%, and the error that 1 in 20 exceeds is a fifth larger.
 */
const TO_CONFIRM = 3;
/** Trials at most. A search takes 13 as a rule; noise makes it longer, but not for ever. */
const MOST_TRIALS = 24;
/** After so many levels without a verdict it is no longer chance. */
const MOST_UNTOLD = 3;

/** `probes`: the trials so far; those at rates that are not of the grid are passed over. */
export function nextProbe(capacity: Capacity, probes: readonly Probe[]): NextProbe {
  const rates = searchRates(capacity);
  const levels = tallied(rates, probes);
  const trials = levels.reduce((sum, { met, broken, untold }) => sum + met + broken + untold, 0);
  const next = trials < MOST_TRIALS ? nextLevel(levels, capacity) : null;
  const level = next === null ? undefined : levels[next];
  if (level !== undefined) return { kind: 'probe', requestsPerSec: level.requestsPerSec, trials: 1 };
  return { kind: 'over', outcome: sustainedOutcome(levels, limitsOf(capacity, trials)) };
}

/**
 * The rates that may be tried, in requests per second: a geometric sequence from 5% to 125% of capacity in three
 * significant digits, as far as it can be offered, and on to 8 times the capacity where that was not the server's own. It
 * follows from the capacity alone, so that a rate that has been tried is hit again exactly; what the generators can offer
 * only cuts it short.
 */
export function searchRates({ capacityPerSec, isServerLimited, mostPerSec }: Capacity): readonly number[] {
  if (!Number.isFinite(capacityPerSec) || capacityPerSec <= 0) return [];
  const steps = Math.round(Math.log(HIGHEST_SHARE / LOWEST_SHARE) / Math.log(RATIO));
  const ratio = (HIGHEST_SHARE / LOWEST_SHARE) ** (1 / steps);
  const beyond = isServerLimited ? 0 : Math.floor(Math.log(HIGHEST_SHARE_BEYOND / HIGHEST_SHARE) / Math.log(ratio));
  return Array.from({ length: steps + beyond + 1 }, (_, i) =>
    Number((capacityPerSec * LOWEST_SHARE * ratio ** i).toPrecision(3)),
  ).filter((requestsPerSec) => requestsPerSec <= mostPerSec);
}

/** Why there are no more levels, or no more trials, in words. */
function limitsOf(capacity: Capacity, trials: number): SearchLimits {
  const { capacityPerSec, mostPerSec } = capacity;
  const all = searchRates({ ...capacity, mostPerSec: Number.POSITIVE_INFINITY });
  const [lowest, highest] = [all[0], all.at(-1)];
  if (lowest === undefined || highest === undefined) return { top: '', ended: 'its capacity is not known' };
  const most = rateFigure(mostPerSec);
  const ended =
    lowest > mostPerSec
      ? `the generators can offer ${most} requests/s, and the lowest rate to try is ${rateFigure(lowest)}`
      : `${trials} trials did not settle it`;
  const isCut = highest > mostPerSec;
  const share = highest / capacityPerSec;
  const much = share < 2 ? `${Math.round(100 * share)}% of` : `${share.toFixed(1)} times`;
  return { top: isCut ? 'the generators can offer no more' : `that is ${much} what it serves in a closed loop`, ended };
}

/** Index of the level to try next; null when there is nothing left to find out. */
function nextLevel(levels: readonly Level[], capacity: Capacity): number | null {
  // 1. A level whose trials contradict each other is settled first, because the bracket hangs on it.
  const split = levels.findIndex((level) => standing(level) === 'split');
  if (split >= 0) return split;
  // 2. The bracket is made narrower while there is a level in it.
  const { from, to } = bracketOf(levels);
  const within = leap(levels, capacity) ?? middle(levels, from, to);
  if (within !== null) return within;
  // 3. Both sides of it are confirmed. Where levels without a verdict are in the way, there may be only one.
  if (to - from > 1 && (from < 0 || to >= levels.length)) return null;
  const unsure = [to, from].find((side) => {
    const level = levels[side];
    return level !== undefined && !agree(level, TO_CONFIRM) && !isHopeless(level);
  });
  if (unsure !== undefined) return unsure;
  // 4. What lies next to it is seen once, so that the interval does not end where nobody looked.
  if (from < 0 || to >= levels.length) return null;
  const unseen = [from - 1, to + 1].find((side) => {
    const level = levels[side];
    return level !== undefined && standing(level) === 'untried';
  });
  return unseen ?? null;
}

/**
 * Where nobody knows how far the server goes, rates are doubled until one breaks: the middle of the grid would be far
 * beyond what most servers can do. null when there is nothing to double, or when something is known above it.
 */
function leap(levels: readonly Level[], { capacityPerSec, isServerLimited }: Capacity): number | null {
  const { from, to } = bracketOf(levels);
  if (isServerLimited || to < levels.length || levels.some((level) => standing(level) === 'untold')) return null;
  const target = 2 * (levels[from]?.requestsPerSec ?? (capacityPerSec * HIGHEST_SHARE) / 4);
  return nearest(levels, from + 1, to, target);
}

/**
 * The untried level nearest to the middle of the bracket, in requests per second and not in steps of the grid: most
 * boundaries are nearer to the capacity than to a twentieth of it. Levels without a verdict are skipped,
 * first on the side on which something is known, then where there is more room.
 */
function middle(levels: readonly Level[], from: number, to: number): number | null {
  const untold = levels.flatMap((level, i) => (standing(level) === 'untold' ? [i] : []));
  if (untold.length >= MOST_UNTOLD) return null;
  const walls = [from, ...untold.filter((i) => i > from && i < to), to];
  const rateAt = (i: number): number =>
    levels[i]?.requestsPerSec ?? (i < 0 ? 0 : (levels.at(-1)?.requestsPerSec ?? 0) * RATIO);
  const isKnown = (i: number): boolean => (i === from || i === to) && i in levels;
  const gaps = walls.slice(1).flatMap((above, i) => {
    const below = walls[i] ?? from;
    const width = rateAt(above) - rateAt(below);
    return above - below > 1 ? [{ below, above, width, known: isKnown(below) || isKnown(above) ? 1 : 0 }] : [];
  });
  const [gap] = gaps.toSorted((a, b) => b.known - a.known || b.width - a.width);
  if (gap === undefined) return null;
  const centre = rateAt(gap.below) + gap.width / 2;
  return nearest(levels, gap.below + 1, gap.above, centre);
}

/** Of the levels from `start` up to `end`, which is not one of them; null when there is none. */
function nearest(levels: readonly Level[], start: number, end: number, requestsPerSec: number): number | null {
  const distances = levels.map((level, i) => ({ i, distance: Math.abs(level.requestsPerSec - requestsPerSec) }));
  const [first] = distances.slice(start, end).toSorted((a, b) => a.distance - b.distance);
  return first?.i ?? null;
}
