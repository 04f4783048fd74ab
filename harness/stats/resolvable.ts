import { looksAt } from './looks.ts';
import { studentQuantile } from './student.ts';

export interface Resolving {
  /** Standard deviation of the logarithm of the ratio of one round. */
  readonly sdLogRatio: number;
  /** Rounds that can be had. */
  readonly rounds: number;
  readonly margin: number;
  /** Allowed for one comparison. */
  readonly error: number;
  /** Chance that the change is found. */
  readonly power: number;
}

/**
 * The smallest change, as a share, that would be called better or worse with a chance of `power`, if rounds vary as much as
 * said: by how much the true ratio must lie beyond the margin for the interval of the best look to lie beyond it too,
 * (t of the level + t of the power) · sd ÷ √n on the log scale (Cohen 1988, Statistical Power Analysis, 2). Null with too
 * few rounds for a look.
 */
export function resolvableChange({ sdLogRatio, rounds, margin, error, power }: Resolving): number | null {
  const beyond = looksAt(rounds).map((look) => {
    const freedom = look.rounds - 1;
    const t = studentQuantile(1 - (error * look.share) / 2, freedom) + studentQuantile(power, freedom);
    return (t * sdLogRatio) / Math.sqrt(look.rounds);
  });
  return beyond.length === 0 ? null : Math.exp(Math.log(1 + margin) + Math.min(...beyond)) - 1;
}
