/** Comparisons with the best: how far each of several models is behind whichever is the best of them, at most and at least. */
import type { Located } from './moderated.ts';
import { studentQuantile } from './student.ts';

/** How far one is behind the best, in logarithms. */
export interface Behind {
  /** 0 when it is the best for certain; Infinity when nothing is known. */
  readonly atMost: number;
  /** 0 for one that may be the best. */
  readonly atLeast: number;
}

/** By which of the `count` is compared with which: where y of the first less y of the second lies; null without enough rounds. */
export type Differences = (one: number, other: number) => Located | null;

/** Of what an answer may err, the part for "at most behind". The rest is for "at least behind", which needs less. */
const PART_AT_MOST = 0.8;

/**
 * Simultaneous bounds of how far each is behind the best (Edwards and Hsu 1983, JASA 78, 965; Hsu 1984, Ann. Stat. 12, 1136),
 * where more of y is better. All of them hold together but for a chance of `error`. Those that are `out` were shown before not to be the best.
 */
export function behindTheBest(
  count: number,
  differences: Differences,
  error: number,
  isOut: (one: number) => boolean,
): readonly Behind[] {
  const all = Array.from({ length: count }, (_, i) => i);
  const pairs = all.map((one) =>
    all.map((other) => boundsOf(one === other ? null : differences(one, other), count, error)),
  );
  const bounds = (one: number, other: number): Bounds => pairs[one]?.[other] ?? UNKNOWN;
  const othersOf = (one: number): number[] => all.filter((other) => other !== one);
  const candidates = all.filter(
    (one) => !isOut(one) && othersOf(one).every((other) => isOut(other) || bounds(one, other).high > 0),
  );
  return all.map((one) => {
    const rivals = candidates.filter((other) => other !== one);
    const atMost = Math.max(0, ...rivals.map((rival) => -bounds(one, rival).lowest));
    const isCandidate = candidates.includes(one);
    const atLeast = isCandidate ? 0 : Math.max(0, Math.min(...rivals.map((rival) => -bounds(one, rival).highest)));
    return { atMost, atLeast };
  });
}

/** The half width that decides "at most behind", for so many models and so many more rounds. */
export function criticalAtMost(count: number, error: number, degreesOfFreedom: number): number {
  return studentQuantile(1 - (PART_AT_MOST * error) / (count - 1), degreesOfFreedom);
}

interface Bounds {
  /** Of y of the one less y of the other: with the error for "at most behind" … */
  readonly high: number;
  readonly lowest: number;
  /** … and with that for "at least behind". */
  readonly highest: number;
}

const UNKNOWN: Bounds = {
  high: Number.POSITIVE_INFINITY,
  lowest: Number.NEGATIVE_INFINITY,
  highest: Number.POSITIVE_INFINITY,
};

function boundsOf(difference: Located | null, count: number, error: number): Bounds {
  if (difference === null) return UNKNOWN;
  const { point, standardError, degreesOfFreedom } = difference;
  const h = criticalAtMost(count, error, degreesOfFreedom) * standardError;
  const g = studentQuantile(1 - ((1 - PART_AT_MOST) * error) / (count - 1), degreesOfFreedom) * standardError;
  return { high: point + h, lowest: point - h, highest: point + g };
}
