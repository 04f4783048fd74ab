/** One claim about speed: what was measured, and what it is meant to be. */
import type { Estimate } from '../stats/estimate.ts';

export interface Claim {
  readonly claim: string;
  readonly measured: string;
  readonly target: string;
  /** Null where the interval of what was measured reaches over the target. */
  readonly reached: boolean | null;
}

/** A ratio that ought to be at least `target`. */
export function atLeast(claim: string, ratio: number, target: number): Claim {
  return { claim, measured: ratio.toFixed(3), target: `≥ ${target}`, reached: ratio >= target };
}

/** A figure that ought to be below `target`. */
export function below(claim: string, value: number, target: number, unit: string): Claim {
  return { claim, measured: `${value.toFixed(2)} ${unit}`, target: `< ${target} ${unit}`, reached: value < target };
}

/** A ratio that ought to be as near to 1 as `tolerance`. */
export function within(claim: string, ratio: number, tolerance: number): Claim {
  return {
    claim,
    measured: ratio.toFixed(3),
    target: `1 ± ${tolerance}`,
    reached: Math.abs(ratio - 1) <= tolerance,
  };
}

/** A ratio that ought to be at most `target`. */
export function atMost(claim: string, ratio: number, target: number): Claim {
  return { claim, measured: ratio.toFixed(3), target: `≤ ${target}`, reached: ratio <= target };
}

/** A ratio whose whole interval ought to lie between `least` and `most`. */
export function between(claim: string, { point, low, high }: Estimate, least: number, most: number): Claim {
  const [from, to] = [low ?? 0, high ?? Number.POSITIVE_INFINITY];
  return {
    claim,
    measured: `${point.toFixed(3)} (${from.toFixed(3)} to ${to.toFixed(3)})`,
    target: least === 0 ? `≤ ${most}` : `${least} to ${most}`,
    reached: from >= least && to <= most ? true : from > most || to < least ? false : null,
  };
}
