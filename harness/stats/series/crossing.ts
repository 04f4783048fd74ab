/** Where one comes to be ahead of another as a quantity grows: the crossing of their ratio and 1, with an interval. */
import { FEWEST_TRIALS } from '../estimate.ts';
import { locationOf } from '../location.ts';
import { type Located, moderated } from '../moderated.ts';
import { studentQuantile } from '../student.ts';

/** Logarithms of throughput by round. */
type Logs = ReadonlyMap<number, number>;

/** What both did at one value of the quantity. */
export interface BothAt {
  /** Above 0. */
  readonly value: number;
  readonly baseline: Logs;
  readonly candidate: Logs;
}

/** `from` and `to` are the least and the most value at which both could be compared. */
export type Crossing =
  /** Between the values that were measured; an end is null where it lies beyond them. */
  | ({
      readonly kind: 'found';
      readonly value: number;
      readonly low: number | null;
      readonly high: number | null;
    } & Ends)
  /** Ahead at all of them, or behind at all of them. */
  | ({ readonly kind: 'ahead' | 'behind' } & Ends)
  /** Too little is known to say any of these, or they cross more than once, or the other way. */
  | { readonly kind: 'open' };

interface Ends {
  readonly from: number;
  readonly to: number;
}

/** Places that are looked at between two values. */
const PLACES = 40;

/**
 * Between two values that were measured, the time per request of the baseline is taken to be a straight line, and that of the candidate
 * to bend upwards, if it bends: it lies below the chord and above what the lines beyond it would come to. Work adds to the time of a single
 * process in proportion, and to that of several from where the one part that they share is no longer what limits them.
 * The interval holds every place at which neither is shown to be ahead (as Fieller 1954, J. R. Stat. Soc. B 16, 175, for a line): the
 * truth is one of these but for a chance of `error`, because a test of it is.
 */
export function crossingOf(points: readonly BothAt[], error: number): Crossing {
  const own = points.filter((one) => roundsOf([one]).length >= FEWEST_TRIALS).toSorted((a, b) => a.value - b.value);
  const located = own.map((one) =>
    locatedOf(roundsOf([one]).map((round) => (one.candidate.get(round) ?? 0) - (one.baseline.get(round) ?? 0))),
  );
  const places = placesOf(own, located, error);
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined) return { kind: 'open' };
  const ends: Ends = { from: first.value, to: last.value };
  const below = places.findLast(({ sign }) => sign < 0);
  const above = places.find(({ sign }) => sign > 0);
  const after = lastBehind(located);
  const [left, right] = [own[after], own[after + 1]];
  if (left === undefined) return below === undefined && first.sign > 0 ? { kind: 'ahead', ...ends } : { kind: 'open' };
  if (right === undefined) return above === undefined && last.sign < 0 ? { kind: 'behind', ...ends } : { kind: 'open' };
  // Neither is told from the other anywhere: where they cross is noise.
  if (below === undefined && above === undefined) return { kind: 'open' };
  const [low, high] = [below?.value ?? null, above?.value ?? null];
  const isOnce =
    (low ?? 0) < Math.min(high ?? Number.POSITIVE_INFINITY, right.value) && (high ?? right.value) > left.value;
  if (!isOnce) return { kind: 'open' };
  const at = zeroOf(places.filter(({ value }) => value >= left.value && value <= right.value));
  return { kind: 'found', value: Math.min(Math.max(at, low ?? at), high ?? at), low, high, ...ends };
}

/** Where they come to be above 0, on the line between the last place before and the first from there on. */
function zeroOf(places: readonly Place[]): number {
  const i = places.findIndex(({ point }) => point >= 0);
  const [before, from] = [places[i - 1], places[i]];
  if (from === undefined) return places.at(-1)?.value ?? Number.NaN;
  if (before === undefined) return from.value;
  return before.value * (from.value / before.value) ** (before.point / (before.point - from.point));
}

interface Place {
  readonly value: number;
  /** Of the logarithm of the ratio. */
  readonly point: number;
  /** 1 where the candidate is shown to be ahead, -1 behind, 0 where neither. */
  readonly sign: -1 | 0 | 1;
}

/** The values themselves, and places between each two of them. */
function placesOf(own: readonly BothAt[], located: readonly Located[], error: number): Place[] {
  const known = (one: Located): Located => moderated([...located, one], 'independent').at(-1) ?? one;
  return own.flatMap((left, i): Place[] => {
    const right = own[i + 1];
    const atLeft = located[i];
    if (atLeft === undefined) return [];
    const here = { value: left.value, point: atLeft.point, sign: signOf(known(atLeft), error) };
    if (right === undefined) return [here];
    const between = Array.from({ length: PLACES - 1 }, (_, k): Place => {
      const value = left.value * (right.value / left.value) ** ((k + 1) / PLACES);
      const least = ratioAt(value, [left, right], [left, right]);
      // By each of the lines beyond, what the ratio is at most: without any, nothing says that the candidate is behind.
      const beyond = [[own[i - 1], left] as const, [right, own[i + 2]] as const];
      const most = beyond.flatMap(([from, to]) =>
        from === undefined || to === undefined ? [] : [ratioAt(value, [left, right], [from, to])],
      );
      const isBehind = most.some((one) => signOf(known(one), error / most.length) < 0);
      const sign = signOf(known(least), error) > 0 ? 1 : isBehind ? -1 : 0;
      // What several share limits them up to a certain amount of work: the bend is sharp.
      const bent = Math.max(least.point, Math.min(...most.map(({ point }) => point)));
      return { value, point: most.length === 0 ? least.point : bent, sign };
    });
    return [here, ...between];
  });
}

/** The logarithm of the ratio between the two in the middle, with the candidate on the line through two of them. */
function ratioAt(
  value: number,
  [left, right]: readonly [BothAt, BothAt],
  [from, to]: readonly [BothAt, BothAt],
): Located {
  const single = lineAt(value, left, right);
  const other = lineAt(value, from, to);
  const cells = [left.baseline, right.baseline, from.candidate, to.candidate] as const;
  // A line that has come down to 0 tells nothing.
  const ratio = ([a, b, c, d]: readonly number[]): number => {
    const ofSingle = single(a ?? 0, b ?? 0);
    return Math.log(ofSingle / Math.max(other(c ?? 0, d ?? 0), LEAST_SHARE * ofSingle));
  };
  const rounds = roundsOf([left, right, from, to]);
  if (rounds.length < FEWEST_TRIALS) return apart(cells, ratio);
  return locatedOf(rounds.map((round) => ratio(cells.map((cell) => cell.get(round) ?? 0))));
}

/** The time per request on the line through two points, of whose throughput logarithms are given. */
function lineAt(value: number, a: BothAt, b: BothAt): (ofA: number, ofB: number) => number {
  const share = (value - a.value) / (b.value - a.value);
  return (ofA, ofB) => (1 - share) * Math.exp(-ofA) + share * Math.exp(-ofB);
}

/**
 * Where too few rounds have all of them: each by itself, and what they add to the variance by the delta method, with degrees of
 * freedom by Welch and Satterthwaite. What a round does to all alike does not cancel out, so that this claims too little.
 */
function apart(cells: readonly Logs[], ratio: (logs: readonly number[]) => number): Located {
  const each = cells.map((cell) => locatedOf([...cell.values()]));
  const logs = each.map(({ point }) => point);
  const point = ratio(logs);
  const parts = each.map((one, i) => {
    const moved = ratio(logs.with(i, one.point + STEP)) - point;
    return { variance: ((moved / STEP) * one.standardError) ** 2, freedom: one.degreesOfFreedom };
  });
  const variance = parts.reduce((sum, one) => sum + one.variance, 0);
  const squares = parts.reduce((sum, one) => sum + one.variance ** 2 / one.freedom, 0);
  return {
    point,
    standardError: Math.sqrt(variance),
    // In quarters, whose quantiles are kept.
    degreesOfFreedom: squares === 0 ? 0 : Math.floor((4 * variance ** 2) / squares) / 4,
    outlying: [],
    rounds: Math.min(...each.map(({ rounds }) => rounds)),
  };
}

/** Of a logarithm, for a derivative. */
const STEP = 1e-5;

/** Of the time that a single process takes. */
const LEAST_SHARE = 0.01;

/** In which both were measured at all of these. */
function roundsOf(points: readonly BothAt[]): number[] {
  const [first] = points;
  if (first === undefined) return [];
  return [...first.baseline.keys()].filter((round) =>
    points.every(({ baseline, candidate }) => baseline.has(round) && candidate.has(round)),
  );
}

function locatedOf(values: readonly number[]): Located {
  return { ...locationOf(values), rounds: values.length };
}

/** 1 where it is shown to be above 0, -1 below, 0 where neither. */
function signOf({ point, standardError, degreesOfFreedom }: Located, error: number): -1 | 0 | 1 {
  const half = studentQuantile(1 - error / 2, degreesOfFreedom) * standardError;
  return point > half ? 1 : point < -half ? -1 : 0;
}

/**
 * Index of the last that is below 0, -1 where none is: by the ascending values that are nearest to the means (Ayer et al. 1955,
 * Ann. Math. Stat. 26, 641).
 */
function lastBehind(located: readonly Located[]): number {
  const blocks: { sum: number; count: number }[] = [];
  for (const { point } of located) {
    let block = { sum: point, count: 1 };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.sum / last.count <= block.sum / block.count) break;
      blocks.pop();
      block = { sum: last.sum + block.sum, count: last.count + block.count };
    }
    blocks.push(block);
  }
  const ascending = blocks.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
  return ascending.findLastIndex((one) => one < 0);
}
