/** One finding of the doctor. */

/** `caution`: results can be used with care. `unfit`: they cannot be trusted, and the exit code is 3. */
export type Level = 'ok' | 'caution' | 'unfit';

export interface Finding {
  /** What was examined, in a few words. */
  readonly name: string;
  readonly level: Level;
  /** What was found, with its unit, for people. */
  readonly value: string;
  /** The true value, in the same unit; null where there is none, only better and worse. */
  readonly truth: string | null;
  /** What to do about it; null when it is ok. */
  readonly nextStep: string | null;
}

/** The value of a figure that this system does not report. */
export const UNTOLD = 'the system does not tell';

export function ok(name: string, value: string, truth: string | null = null): Finding {
  return { name, level: 'ok', value, truth, nextStep: null };
}

/** The level of a figure of which more is worse. The limits are in its unit. */
export function levelAbove(value: number, cautionAbove: number, unfitAbove: number): Level {
  if (value > unfitAbove) return 'unfit';
  return value > cautionAbove ? 'caution' : 'ok';
}

/** A finding that has its next step only when it is not ok. */
export function judged(
  name: string,
  level: Level,
  value: string,
  nextStep: string,
  truth: string | null = null,
): Finding {
  return { name, level, value, truth, nextStep: level === 'ok' ? null : nextStep };
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
