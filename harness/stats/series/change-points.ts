/** Where a series of runs changes its level: which runs lie between two changes, and by how much the next ones differ. */
import { type Ratio, ratioOf } from '../estimate.ts';
import { locationOf } from '../location.ts';
import { randomStream } from '../random.ts';
import { absoluteDeviation, median } from '../spread.ts';

/** The figure of one run, as its logarithm. */
export interface HistoryPoint {
  readonly log: number;
  /** From the trials of that run; null where they do not tell. */
  readonly standardError: number | null;
}

export interface ChangePoint {
  /** Index of the first run at the new level. */
  readonly at: number;
  /** New level ÷ old level. */
  readonly ratio: Ratio;
}

export interface HowToSearch {
  /** Chance that anything is found where nothing changed. */
  readonly error: number;
  readonly seed: number;
}

/** Fewer runs at a level are a disturbance. */
const FEWEST_RUNS = 2;
/**
 * A level between two others is looked for from so many runs, because two that are off happen to follow each other in too many orders for
 * two at the end to be seen; and up to so many: a longer one is found by either of its ends.
 */
const [FEWEST_BETWEEN, LONGEST_BETWEEN] = [3, 24];
/** Permutations per chance of error: so many of them reach what is found by chance just so often. */
const PERMUTATIONS = 20;
const MOST_PERMUTATIONS = 4000;
/** Values count in full up to so many standard deviations, as in `locationOf`. */
const FULL_WITHIN = 2.5;
const FEWEST_TO_PULL = 5;
/** The standard deviation of a normal distribution, in median distances from the median. */
const NORMAL_MAD = 1.4826;
const MOST_PASSES = 10;

/**
 * The changes, in order. Energy statistics (E-divisive; Matteson and James 2014, JASA 109, 334) without their distances: of
 * figures that differ by their level alone, the sum of squares between levels says the same and is the more powerful.
 *
 * 1. Within every level so far, the stretch of runs that differs most from the rest of its level: up to either end of it, or
 *    between two others (Olshen et al. 2004, Biostatistics 5, 557), so that two changes that cancel out are seen.
 * 2. It counts when the best of all levels is beyond what the same runs show in another order, in all but `error` of seeded
 *    permutations within levels. Whatever the noise is like, a history without any change so shows none in 1 - `error` of cases;
 *    and as all levels are tested at once, further ones are found by chance no more often where there are changes.
 * 3. Both ends of a stretch count only where the second adds as much as that, or where neither does alone.
 * 4. Every change is moved to where it separates its two neighbours best, and left out when a t-test of them (with the noise of
 *    all levels) does not confirm it: the test of Apache Otava, the weakest first.
 *
 * A figure far from its level counts as if it were near (Huber), and a run whose trials disagree counts less: with a weight of
 * 1 ÷ (1 + (its standard error ÷ the noise between neighbours)²), which stays bounded where few trials agree by chance.
 */
export function changePoints(points: readonly HistoryPoint[], { error, seed }: HowToSearch): readonly ChangePoint[] {
  const series = seriesOf(points);
  const random = randomStream(seed);
  let splits: readonly number[] = [];
  for (;;) {
    const found = nextSplits(series, splits, error, random);
    if (found.length === 0) break;
    const moved = settled(series, [...splits, ...found]);
    // What was found may move onto what was there.
    if (moved.length <= splits.length) break;
    splits = moved;
  }
  return confirmed(series, splits, error);
}

interface Series {
  readonly logs: readonly number[];
  readonly weights: readonly number[];
}

function seriesOf(points: readonly HistoryPoint[]): Series {
  const logs = points.map(({ log }) => log);
  const steps = logs.slice(1).map((log, i) => log - (logs[i] ?? log));
  // Of differences, because few of them are changes.
  const noise = steps.length === 0 ? 0 : (NORMAL_MAD * median(steps.map(Math.abs))) / Math.SQRT2;
  const weights = points.map(({ standardError }) =>
    standardError === null || noise === 0 ? 1 : 1 / (1 + (standardError / noise) ** 2),
  );
  return { logs, weights };
}

/** The runs of one level, as what is permuted: distances from their middle, pulled in, so that their weighted sum is 0. */
interface Level {
  readonly start: number;
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

function levelsOf({ logs, weights }: Series, splits: readonly number[]): readonly Level[] {
  const bounds = [0, ...splits, logs.length];
  return bounds.slice(1).map((end, i) => {
    const start = bounds[i] ?? 0;
    const own = logs.slice(start, end);
    const w = Float64Array.from(weights.slice(start, end));
    const middle = own.length === 0 ? 0 : median(own);
    const scale = own.length < FEWEST_TO_PULL ? 0 : NORMAL_MAD * absoluteDeviation(own);
    const reach = scale === 0 ? Number.POSITIVE_INFINITY : FULL_WITHIN * scale;
    const values = Float64Array.from(own, (log) => Math.min(Math.max(log - middle, -reach), reach));
    let [sum, total] = [0, 0];
    for (let k = 0; k < values.length; k++) {
      sum += (w[k] ?? 0) * (values[k] ?? 0);
      total += w[k] ?? 0;
    }
    return { start, values: values.map((value) => value - sum / total), weights: w };
  });
}

/** A stretch of runs `[from, to)` of the whole series, and the sum of squares between it and the rest of its level. */
interface Stretch {
  readonly gain: number;
  readonly from: number;
  readonly to: number;
}

const NOTHING: Stretch = { gain: 0, from: 0, to: 0 };

interface Best {
  /** From one end of a level. */
  readonly split: Stretch;
  /** Of any kind. */
  readonly any: Stretch;
}

function bestOf(levels: readonly Level[]): Best {
  return levels
    .map(bestIn)
    .reduce((best, one) => ({ split: larger(best.split, one.split), any: larger(best.any, one.any) }), {
      split: NOTHING,
      any: NOTHING,
    });
}

function larger(a: Stretch, b: Stretch): Stretch {
  return b.gain > a.gain ? b : a;
}

function bestIn({ start, values, weights }: Level): Best {
  const n = values.length;
  if (n < 2 * FEWEST_RUNS) return { split: NOTHING, any: NOTHING };
  const [sums, totals] = [new Float64Array(n + 1), new Float64Array(n + 1)];
  for (let k = 0; k < n; k++) {
    sums[k + 1] = (sums[k] ?? 0) + (weights[k] ?? 0) * (values[k] ?? 0);
    totals[k + 1] = (totals[k] ?? 0) + (weights[k] ?? 0);
  }
  const whole = totals[n] ?? 0;
  const gainOf = (from: number, to: number): number => {
    const sum = (sums[to] ?? 0) - (sums[from] ?? 0);
    const weight = (totals[to] ?? 0) - (totals[from] ?? 0);
    return (sum * sum * whole) / (weight * (whole - weight));
  };
  let [split, splitGain] = [0, 0];
  for (let to = FEWEST_RUNS; to <= n - FEWEST_RUNS; to++) {
    const gain = gainOf(0, to);
    if (gain > splitGain) [split, splitGain] = [to, gain];
  }
  let [from, to, gain] = [0, split, splitGain];
  for (let i = FEWEST_RUNS; i <= n - FEWEST_RUNS - FEWEST_BETWEEN; i++) {
    const last = Math.min(n - FEWEST_RUNS, i + LONGEST_BETWEEN);
    for (let j = i + FEWEST_BETWEEN; j <= last; j++) {
      const one = gainOf(i, j);
      if (one > gain) [from, to, gain] = [i, j, one];
    }
  }
  return {
    split: { gain: splitGain, from: start, to: start + split },
    any: { gain, from: start + from, to: start + to },
  };
}

/** Where the next level begins, or the next two; none when chance may explain what is seen. */
function nextSplits(series: Series, splits: readonly number[], error: number, random: () => number): readonly number[] {
  const levels = levelsOf(series, splits);
  const best = bestOf(levels);
  if (best.any.gain <= 0) return [];
  // However small the chance is, one permutation in so many may reach what was found.
  const permutations = Math.max(Math.min(MOST_PERMUTATIONS, Math.ceil(PERMUTATIONS / error)), Math.ceil(1 / error)) - 1;
  const mostBeyond = Math.floor(error * (permutations + 1)) - 1;
  const gains: number[] = [];
  let beyond = 0;
  for (let i = 0; i < permutations; i++) {
    const { gain } = bestOf(levels.map((level) => permuted(level, random))).any;
    gains.push(gain);
    if (gain >= best.any.gain * (1 - 1e-9)) beyond++;
    if (beyond > mostBeyond) return [];
  }
  const needed = gains.toSorted((a, b) => b - a)[mostBeyond] ?? Number.POSITIVE_INFINITY;
  const isOne = best.split.gain >= needed && best.any.gain - best.split.gain < needed;
  const { from, to } = isOne ? best.split : best.any;
  const ends = new Set([0, ...splits, series.logs.length]);
  return [from, to].filter((end) => !ends.has(end));
}

/** Runs change places with their weights (Fisher and Yates). */
function permuted({ start, values, weights }: Level, random: () => number): Level {
  const [v, w] = [values.slice(), weights.slice()];
  for (let i = v.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [v[i], v[j]] = [v[j] ?? 0, v[i] ?? 0];
    [w[i], w[j]] = [w[j] ?? 0, w[i] ?? 0];
  }
  return { start, values: v, weights: w };
}

/** Each where it separates the levels beside it best, given the others; in order. */
function settled(series: Series, splits: readonly number[]): readonly number[] {
  let now = splits.toSorted((a, b) => a - b);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const before = now;
    for (let i = 0; i < now.length; i++) {
      const [from, to] = [now[i - 1] ?? 0, now[i + 1] ?? series.logs.length];
      const own = { logs: series.logs.slice(from, to), weights: series.weights.slice(from, to) };
      const { gain, to: best } = bestOf(levelsOf(own, [])).split;
      if (gain > 0) now = now.with(i, from + best);
    }
    if (now.every((split, i) => split === before[i])) break;
  }
  return now;
}

/** Without those whose neighbours a t-test does not tell apart. */
function confirmed(series: Series, splits: readonly number[], error: number): readonly ChangePoint[] {
  const locations = ratiosAt(series, splits);
  const weakest = locations.toSorted((a, b) => Math.abs(strength(a)) - Math.abs(strength(b)))[0];
  if (weakest === undefined) return [];
  const { low, high } = ratioOf(weakest, 1 - error, 0);
  if (low <= 1 && high >= 1) {
    const rest = splits.filter((split) => split !== weakest.at);
    return confirmed(series, settled(series, rest), error);
  }
  return locations.map((one) => ({ at: one.at, ratio: ratioOf(one, LEVEL, one.runs) }));
}

/** Of the interval of each change, which stands alone. */
const LEVEL = 0.95;

function strength({ point, standardError }: { readonly point: number; readonly standardError: number }): number {
  return point / standardError;
}

/** The difference at each split. The noise is that of all levels together. */
function ratiosAt({ logs }: Series, splits: readonly number[]) {
  const bounds = [0, ...splits, logs.length];
  const levels = bounds.slice(1).map((end, i) => {
    const own = logs.slice(bounds[i], end);
    return { runs: own.length, point: locationOf(own).point, own };
  });
  const degreesOfFreedom = Math.max(1, logs.length - levels.length);
  const rest = locationOf(levels.flatMap(({ own, point }) => own.map((log) => log - point)));
  const variance = (rest.standardError ** 2 * logs.length * (logs.length - 1)) / degreesOfFreedom;
  return splits.flatMap((at, i) => {
    const [before, after] = [levels[i], levels[i + 1]];
    if (before === undefined || after === undefined) return [];
    return [
      {
        at,
        point: after.point - before.point,
        standardError: Math.sqrt(variance / before.runs + variance / after.runs),
        degreesOfFreedom,
        outlying: [],
        runs: Math.min(before.runs, after.runs),
      },
    ];
  });
}
