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

export type Crossing =
  /** Between the values that were measured; an end is null where it lies beyond them. */
  | { readonly kind: 'found'; readonly value: number; readonly low: number | null; readonly high: number | null }
  /** Ahead at all of them, or behind at all of them. */
  | { readonly kind: 'ahead' | 'behind' }
  /** Too little is known to say any of these. */
  | { readonly kind: 'open' };

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
  const after = crossed(located);
  if (after === null) {
    const isAhead = first.point >= 0;
    const sign = isAhead ? first.sign : last.sign;
    if (sign === 0) return { kind: 'open' };
    return { kind: isAhead ? 'ahead' : 'behind' };
  }
  const [from, to] = [Math.log(own[after]?.value ?? 1), Math.log(own[after + 1]?.value ?? 1)];
  const at = places.find(({ log, point }) => log > from && log < to && point >= 0)?.log ?? to;
  const below = places.findLast(({ log, sign }) => log <= at && sign < 0);
  const above = places.find(({ log, sign }) => log >= at && sign > 0);
  // Neither is told from the other anywhere: where they cross is noise.
  if (below === undefined && above === undefined) return { kind: 'open' };
  return {
    kind: 'found',
    value: Math.exp(at),
    low: below === undefined ? null : Math.exp(below.log),
    high: above === undefined ? null : Math.exp(above.log),
  };
}

interface Place {
  readonly log: number;
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
    const here = { log: Math.log(left.value), point: atLeft.point, sign: signOf(known(atLeft), error) };
    if (right === undefined) return [here];
    const between = Array.from({ length: PLACES - 1 }, (_, k): Place[] => {
      const value = left.value * (right.value / left.value) ** ((k + 1) / PLACES);
      if (roundsOf([left, right]).length < FEWEST_TRIALS) return [];
      const least = ratioAt(value, [left, right], [left, right]);
      // Each of the lines beyond is below the truth by itself.
      const beyond = [[own[i - 1], left] as const, [right, own[i + 2]] as const];
      const most = beyond.flatMap(([from, to]) =>
        from === undefined || to === undefined || roundsOf([from, to, left, right]).length < FEWEST_TRIALS
          ? []
          : [ratioAt(value, [left, right], [from, to])],
      );
      const each = error / Math.max(1, most.length);
      const isBehind = (most.length === 0 ? [least] : most).some((one) => signOf(known(one), each) < 0);
      const sign = signOf(known(least), error) > 0 ? 1 : isBehind ? -1 : 0;
      // What several share limits them up to a certain amount of work: the bend is sharp.
      const bent = Math.max(least.point, Math.min(...most.map(({ point }) => point)));
      return [{ log: Math.log(value), point: most.length === 0 ? least.point : bent, sign }];
    });
    return [here, ...between.flat()];
  });
}

/** The logarithm of the ratio between the two in the middle, with the candidate on the line through two of them. */
function ratioAt(
  value: number,
  [left, right]: readonly [BothAt, BothAt],
  [from, to]: readonly [BothAt, BothAt],
): Located {
  const values = roundsOf([...new Set([left, right, from, to])]).map((round) => {
    const line = (of: 'baseline' | 'candidate', a: BothAt, b: BothAt): number => {
      const [ofA, ofB] = [Math.exp(-(a[of].get(round) ?? 0)), Math.exp(-(b[of].get(round) ?? 0))];
      return ofA + ((ofB - ofA) * (value - a.value)) / (b.value - a.value);
    };
    const [single, other] = [line('baseline', left, right), line('candidate', from, to)];
    // A line that has come down to 0 tells nothing.
    return Math.log(single / Math.max(other, LEAST_SHARE * single));
  });
  return locatedOf(values);
}

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
 * The last of those that are below 0 before it goes above: by the ascending values that are nearest to the means (Ayer et al.
 * 1955, Ann. Math. Stat. 26, 641). Null where it does not.
 */
function crossed(located: readonly Located[]): number | null {
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
  const after = ascending.findLastIndex((one) => one < 0);
  return after < 0 || after === ascending.length - 1 ? null : after;
}
