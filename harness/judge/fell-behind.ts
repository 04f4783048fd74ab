import type { Measurement } from '../store/schema.ts';

/** A server that answers less than this share of what is due does not keep up. */
const KEPT_UP = 0.95;

/**
 * Whether more requests were left unanswered by the end of the window than chance leaves: more than a twentieth of what was
 * due, and more than twice √due, the standard deviation of Poisson arrivals. In words with figures; null when it kept up.
 */
export function fellBehind(
  { due, backlog }: Pick<NonNullable<Measurement['open']>, 'due' | 'backlog'>,
  windowMs: number,
): string | null {
  const growth = backlog.end - backlog.start;
  if (growth <= (1 - KEPT_UP) * due || growth <= 2 * Math.sqrt(due)) return null;
  const perSec = (requests: number): string => ((requests * 1000) / windowMs).toPrecision(3);
  return `it fell behind: ${perSec(due - growth)} of ${perSec(due)} requests/s that were due were answered`;
}
