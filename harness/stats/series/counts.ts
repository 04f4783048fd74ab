/** Means of counts over a few trials, such as of requests that were lost, and differences of such means. Pure. */
import jStat from 'jstat';
import { standardDeviation } from '../spread.ts';
import { studentQuantile } from '../student.ts';

/** A mean, or a difference of two, with its interval. */
export interface Interval {
  readonly point: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The mean of counts, one for each trial, with an interval that misses the truth with a chance of `error`. Throws on nothing.
 *
 * Counts of one trial come in clusters (a killed worker takes all that it had), so they vary more than those of Poisson, by a factor φ
 * that the trials have to tell. The total ÷ φ then has the exact limits of Poisson (Garwood 1936, Biometrika 28, 437), scaled back by φ.
 * Few trials hardly know φ = variance ÷ mean: it grows by the square of Student's t ÷ the normal quantile, so that with many events the
 * interval is that of Student's t, and is never taken to be below 1. With one trial nothing is known of φ, and it is 1. Without any
 * event there are -ln(error) of them at most in all trials together (rule of three; Hanley and Lippman-Hand 1983, JAMA 249, 1743).
 *
 * Covered in 4,000 simulated samples each, in percent, at a level of 95%, and the mean width as a multiple of the mean. Only where few
 * trials see nothing of rare clusters is it too narrow: nothing in them tells that there are any.
 *
 * | mean, variance ÷ mean | n = 3      | n = 5      | n = 8      |
 * | --------------------- | ---------- | ---------- | ---------- |
 * | 1, Poisson            | 94.7  7.5  | 98.7  3.0  | 98.4  1.9  |
 * | 20, Poisson           | 98.9  1.1  | 98.3  0.6  | 98.0  0.4  |
 * | 1, 3                  | 80.3 12.3  | 92.8  4.8  | 94.7  3.2  |
 * | 4, 3                  | 96.8  5.5  | 96.5  2.3  | 95.5  1.5  |
 * | 10, 10                | 95.2  6.4  | 94.0  2.7  | 94.4  1.8  |
 * | 500, 50               | 94.5  1.6  | 94.6  0.8  | 95.0  0.5  |
 */
export function countMean(counts: readonly number[], error: number): Interval {
  const n = counts.length;
  if (n === 0) throw new RangeError('no trials to count in');
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return { point: 0, low: 0, high: -Math.log(error) / n };
  const spread = n < 2 ? 0 : (standardDeviation(counts) ** 2 * n) / total;
  const dispersion = Math.max(1, spread * uncertainty(n, error));
  const events = total / dispersion;
  return {
    point: total / n,
    low: ((chiSquare(error / 2, 2 * events) / 2) * dispersion) / n,
    high: ((chiSquare(1 - error / 2, 2 * events + 2) / 2) * dispersion) / n,
  };
}

/** (Student's t ÷ normal quantile)²; the square of a normal deviate has the chi-square distribution with one degree of freedom. */
function uncertainty(n: number, error: number): number {
  return n < 2 ? 1 : studentQuantile(1 - error / 2, n - 1) ** 2 / chiSquare(1 - error, 1);
}

function chiSquare(p: number, degreesOfFreedom: number): number {
  return jStat.chisquare.inv(p, degreesOfFreedom);
}

/**
 * a - b of two independent means, each with an interval of the same error, which is that of the difference: the distances of the two ends
 * that matter add up as their squares (Zou and Donner 2008, Stat. Med. 27, 1693), so that skewed intervals stay skewed.
 */
export function difference(a: Interval, b: Interval): Interval {
  const point = a.point - b.point;
  return {
    point,
    low: point - Math.hypot(a.point - a.low, b.high - b.point),
    high: point + Math.hypot(a.high - a.point, b.point - b.low),
  };
}

/** In another unit, such as per fault. */
export function times({ point, low, high }: Interval, factor: number): Interval {
  return { point: point * factor, low: low * factor, high: high * factor };
}

/** What a quantity cannot be below or above is in no interval of it. */
export function within({ point, low, high }: Interval, least: number, most: number): Interval {
  const clamp = (value: number): number => Math.min(Math.max(value, least), most);
  return { point: clamp(point), low: clamp(low), high: clamp(high) };
}
