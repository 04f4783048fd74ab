/** One claim about speed: what was measured, and what it is meant to be. */
export interface Claim {
  readonly claim: string;
  readonly measured: string;
  readonly target: string;
  readonly reached: boolean;
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
