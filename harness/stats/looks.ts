/** When a pair is looked at, how much of the allowed error each look may spend, and which change the looks can resolve. */
import { studentQuantile } from './student.ts';

/** A look at a pair that has so many rounds. */
export interface Look {
  readonly rounds: number;
  /** Share of the allowed error; those of all looks add up to 1 at most. */
  readonly share: number;
}

const FIRST = 3;
const GROWTH = 1.5;
/**
 * The look that is the first of a gate, at five rounds: where launches have two speeds, three rounds are alike by chance in three
 * cases of a hundred, and a gate must not fail then.
 */
export const FIRST_OF_GATE = 1;

/** Rounds at which a pair is looked at: 3, 5, 8, 12, 18, 27, and half as many again for ever. From the first. */
export function lookAfter(look: number): number {
  let rounds = FIRST;
  for (let i = 0; i < look; i++) rounds = Math.max(rounds + 2, Math.ceil(rounds * GROWTH));
  return rounds;
}

/** The number of rounds at which the next look is due. */
export function nextLook(rounds: number): number {
  for (let look = 0; ; look++) if (lookAfter(look) > rounds) return lookAfter(look);
}

/** What a look may spend, from the first: 1/3, 1/6, 1/10, and in all 1 however many there are. */
export function shareOf(look: number): number {
  return 2 / ((look + 2) * (look + 3));
}

/**
 * The looks at what has so many rounds. Each spends its share of the error, 2/((k+1)(k+2)) for k = 1, 2, … (a spending
 * function, Lan and DeMets 1983, Biometrika 70, 659; Bonferroni over looks). Where rounds end between two looks, the next
 * one is taken early. When nothing follows, the last one spends all that those before it left. `from` is the look that is
 * the first; before it there is none but the last.
 */
export function looksAt(rounds: number, isLast = false, from = 0): readonly Look[] {
  const looks: Look[] = [];
  let left = 1;
  for (let i = 0; rounds >= (isLast ? FIRST : lookAfter(from)); i++) {
    const due = lookAfter(from + i);
    const isEnd = due >= rounds;
    const share = isEnd && isLast ? left : shareOf(i);
    looks.push({ rounds: Math.min(due, rounds), share });
    left -= share;
    if (isEnd) break;
  }
  return looks;
}

interface Resolving {
  /** Standard deviation of the logarithm of the ratio of one round. */
  readonly sdLogRatio: number;
  /** Rounds that there is time for. */
  readonly rounds: number;
  readonly margin: number;
  /** Allowed for one comparison. */
  readonly error: number;
  /** Chance that the change is found. */
  readonly power: number;
}

/**
 * The smallest change, as a share, that a gate would call better or worse with a chance of `power`, if rounds vary as
 * given and nothing follows them, in a cell that is alone (`moderated` leaves it as it is): by how much the true ratio must
 * lie beyond the margin for the interval of the best look to lie beyond it too, (t of the level + t of the power) · sd ÷ √n
 * on the log scale (Cohen 1988, Statistical Power Analysis, 2). Null with too few rounds for a look.
 */
export function resolvableChange({ sdLogRatio, rounds, margin, error, power }: Resolving): number | null {
  const beyond = looksAt(rounds, true, FIRST_OF_GATE).map((look) => {
    const freedom = look.rounds - 1;
    const t = studentQuantile(1 - (error * look.share) / 2, freedom) + studentQuantile(power, freedom);
    return (t * sdLogRatio) / Math.sqrt(look.rounds);
  });
  return beyond.length === 0 ? null : Math.exp(Math.log(1 + margin) + Math.min(...beyond)) - 1;
}
