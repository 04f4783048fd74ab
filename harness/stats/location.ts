/** Where a handful of values lie, and how well that is known, with little heed to the odd one out. */
import { mean, median, standardDeviation } from './spread.ts';

export interface Location {
  readonly point: number;
  readonly standardError: number;
  /** Of Student's t for an interval around the point; 0 for a single value, which has none. */
  readonly degreesOfFreedom: number;
  /** By value, whether it lies so far out that it hardly counts; never with fewer than five. */
  readonly outlying: readonly boolean[];
}

/** Values count in full up to so many standard deviations from the point, and from there on as if they lay at that distance. */
const FULL_WITHIN = 2.5;
/** The median distance from the median of a normal distribution, in standard deviations, is 1 ÷ this. */
const NORMAL_MAD = 1.4826;
/** With fewer values none is pulled in: the degree of freedom that it costs widens an interval by more than it saves. */
const FEWEST_TO_PULL = 5;
/** In standard deviations. */
const CLOSE_ENOUGH = 1e-10;
const MOST_STEPS = 100;

/**
 * Where versions are compared: the least scale, in standard deviations of the sample. Where half of all launches are 10% slower,
 * most of five values are often the same, and would say nothing of the others: of gates between equal sides one in ten failed.
 */
export const LEAST_SCALE = 1 / 3;

/**
 * Huber's estimate of location (1964, Ann. Math. Stat. 35, 73), with the standard deviation taken from the median distance
 * from the median, which is too small in small samples and grows by 1.5/n for that. Its standard error is that of Huber
 * (1970, Studentizing robust estimates): s·√(Σψ²/(n-1)/n) ÷ (share of values within). Each value that is pulled in costs a
 * degree of freedom. With fewer than five values it is their mean; from then on one of them may be anything at all. Throws
 * on nothing.
 * The scale is `leastScale` standard deviations of the sample at least; the more that is, the more counts what is far away.
 */
export function locationOf(values: readonly number[], leastScale = 0): Location {
  const n = values.length;
  const middle = median(values);
  const own = NORMAL_MAD * (1 + 1.5 / n) * median(values.map((value) => Math.abs(value - middle)));
  const scale = own === 0 || leastScale === 0 ? own : Math.max(own, leastScale * standardDeviation(values));
  // More than half of the values are the same: there is no scale by which another would be far away.
  const reach = scale === 0 || n < FEWEST_TO_PULL ? Number.POSITIVE_INFINITY : FULL_WITHIN * scale;
  const point = reach === Number.POSITIVE_INFINITY ? mean(values) : huberMean(values, middle, reach, scale);
  // Where none is pulled in each counts in full, and two of three that happen to be close say nothing against the third.
  const far = reach === Number.POSITIVE_INFINITY ? reach : outlyingBeyond(n) * scale;
  let squares = 0;
  let within = 0;
  for (const value of values) {
    squares += pulled(value - point, reach) ** 2;
    if (Math.abs(value - point) <= reach) within++;
  }
  return {
    point,
    standardError: n < 2 ? 0 : (Math.sqrt(squares / (n - 1) / n) * n) / Math.max(1, within),
    degreesOfFreedom: n < 2 ? 0 : Math.max(1, n - 1 - (n - within)),
    outlying: values.map((value) => Math.abs(value - point) > far),
  };
}

/** The point from which what values are away adds up to nothing, none of them counting for more than `reach`. */
function huberMean(values: readonly number[], from: number, reach: number, scale: number): number {
  let point = from;
  for (let step = 0; step < MOST_STEPS; step++) {
    let sum = 0;
    for (const value of values) sum += pulled(value - point, reach);
    const moved = sum / values.length;
    point += moved;
    if (Math.abs(moved) <= CLOSE_ENOUGH * scale) break;
  }
  return point;
}

function pulled(away: number, reach: number): number {
  return Math.min(Math.max(away, -reach), reach);
}

/**
 * Beyond so many standard deviations a value is called an outlier: 3.5 (Iglewicz and Hoaglin 1993, How to Detect and Handle
 * Outliers), and more where few values hardly tell what the standard deviation is: so 6% of all cells with five trials of
 * normal noise have an outlier, and 5% at most with more.
 */
function outlyingBeyond(n: number): number {
  return 3.5 + 35 / n ** 2;
}
