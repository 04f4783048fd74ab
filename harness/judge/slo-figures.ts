/** How the figures of an SLO are written, so that a verdict and a sentence show the same digits. */
import type { LatencyLimit } from '../plan/slo.ts';

/** Digits at most, when a figure must be told from its limit. */
const MOST_DIGITS = 6;

/** Requests per second in three significant digits, as the rates of a search have: `61.2`, `1,050`. */
export function rateFigure(requestsPerSec: number): string {
  return requestsPerSec.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/** `100 ms`, with as many significant digits as are asked for. */
export function msFigure(ms: number, digits = 3): string {
  return `${ms.toLocaleString('en-US', { maximumSignificantDigits: digits })} ms`;
}

/** Two unequal times in as many digits as it takes to see that they are: `100.2 ms` and `100 ms`. */
export function unequalMs(ms: number, limitMs: number): readonly [string, string] {
  // A limit was chosen by somebody: none of its digits is dropped.
  const limit = msFigure(limitMs, 12);
  for (let digits = 3; digits < MOST_DIGITS; digits++) {
    if (msFigure(ms, digits) !== limit) return [msFigure(ms, digits), limit];
  }
  return [msFigure(ms, MOST_DIGITS), limit];
}

/** `p99`, `p99.9`, or `p99 of light` for one request class. */
export function limitName({ requestClass, percentile }: Pick<LatencyLimit, 'requestClass' | 'percentile'>): string {
  const name = percentile === 'p999' ? 'p99.9' : percentile;
  return requestClass === null ? name : `${name} of ${requestClass}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
