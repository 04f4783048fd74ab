import type { Measurement } from '../store/schema.ts';
import { rateFigure } from './slo-figures.ts';

/** A server that answers less than this share of what is due does not keep up. */
const KEPT_UP = 0.95;

/** The server left more requests unanswered by the end of the window than chance does. In words with figures; null when it kept up. */
export function fellBehind(
  { due, backlog, unfinished }: Pick<NonNullable<Measurement['open']>, 'due' | 'backlog' | 'unfinished'>,
  windowMs: number,
): string | null {
  // What was given up for want of a reply is no longer waiting, and was not answered either.
  const growth = Math.min(due, Math.max(0, backlog.end - backlog.start) + unfinished);
  if (!isClearly(growth, due)) return null;
  const perSec = (requests: number): string => rateFigure((requests * 1000) / windowMs);
  return `fell behind: answered ${perSec(due - growth)} of ${perSec(due)} requests/s that were due`;
}

/**
 * Whether so many of the requests due are missing for a reason: more than a twentieth, and more than twice √due. The
 * number of Poisson arrivals in a window has the standard deviation √due, and a server at its very limit answers a
 * steady number, so its backlog grows by more than 2·√due in one window of 40 by chance, and below its limit in fewer.
 */
export function isClearly(missing: number, due: number): boolean {
  return missing > (1 - KEPT_UP) * due && missing > 2 * Math.sqrt(due);
}
