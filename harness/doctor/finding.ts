/** What the doctor says about one thing. */

/** `caution`: results can be used with care. `unfit`: they cannot be trusted, and the exit code is 3. */
export type Level = 'ok' | 'caution' | 'unfit';

export interface Finding {
  /** What was looked at, in a few words. */
  readonly name: string;
  readonly level: Level;
  /** What was found, with its unit, for people. */
  readonly value: string;
  /** What is true, in the same unit; null where there is no truth, only better and worse. */
  readonly truth: string | null;
  /** What to do about it; null when it is ok. */
  readonly nextStep: string | null;
}

/** Stands for a figure that this system does not have. */
export const UNTOLD = 'the system does not tell';

export function ok(name: string, value: string, truth: string | null = null): Finding {
  return { name, level: 'ok', value, truth, nextStep: null };
}

/** The level of a figure of which more is worse. `cautionAbove` and `unfitAbove` have its unit. */
export function levelAbove(value: number, cautionAbove: number, unfitAbove: number): Level {
  if (value > unfitAbove) return 'unfit';
  return value > cautionAbove ? 'caution' : 'ok';
}

/** A finding whose next step is only said when there is a need for it. */
export function judged(
  name: string,
  level: Level,
  value: string,
  nextStep: string,
  truth: string | null = null,
): Finding {
  return { name, level, value, truth, nextStep: level === 'ok' ? null : nextStep };
}
