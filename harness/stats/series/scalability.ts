/**
 * The Universal Scalability Law (Gunther 2007, Guerrilla Capacity Planning, 4 to 6): with N workers a server does
 * C(N) = λN ÷ (1 + σ(N - 1) + κN(N - 1)), where σ is contention, what they wait for one after the other, and κ coherency, what
 * each has to agree on with each of the others. With κ above 0 there is a peak, at √((1 - σ) ÷ κ), beyond which more workers do less.
 */
import jStat from 'jstat';
import { mean } from '../spread.ts';
import { studentQuantile } from '../student.ts';

/** What so many workers did in a round: the logarithm. */
export interface ScalingFigure {
  readonly workers: number;
  readonly round: number;
  readonly y: number;
}

interface Bounded {
  readonly point: number;
  readonly low: number;
  readonly high: number;
}

export type Scalability =
  | {
      readonly kind: 'fitted';
      /** Of one worker alone, λ. */
      readonly ofOne: number;
      /** σ, 0 to 1. */
      readonly contention: Bounded;
      /** κ, 0 or more. */
      readonly coherency: Bounded;
      /** The number of workers with the highest throughput, a real number from 1; a null is one beyond any that can be told. */
      readonly peak: { readonly point: number | null; readonly low: number; readonly high: number | null };
      /** The most workers that it was fitted to. */
      readonly upTo: number;
    }
  | { readonly kind: 'few' }
  /** What was measured differs from the law by more than chance. */
  | { readonly kind: 'misfit' };

/** Three numbers are fitted: with four there is one to tell that the law does not hold. */
const FEWEST_COUNTS = 4;
const FEWEST_ROUNDS = 3;
/** With more workers than CPUs: by three rounds a plateau is taken for the law in one of four runs with a noise of 5%. */
const FEWEST_ROUNDS_BEYOND = 5;
/** A law that holds is rejected with this chance. */
const MISFIT_ERROR = 0.01;
/** A worker more costs each of the others no more than a whole request. */
const MOST_COHERENCY = 1;
/** A peak at so many times the most workers is none that could be told from one farther away. */
const FARTHEST_PEAK = 100;
const STEPS = 40;

/**
 * Fitted by least squares to logarithms, within physical sense: σ from 0 to 1, κ from 0. Each round has a level of its own, so that
 * what a round does to all alike cancels out. Intervals by profiles: all values with which the best fit is not worse by more
 * than chance (Bates and Watts 1988, Nonlinear Regression Analysis, 6.1), which is as right near a bound as away from it.
 * `error` is the chance that any one of the intervals misses the truth where the law holds.
 * Workers share `cpus`: beyond them there may be a plateau, which no law of scaling is about. More workers are left out where enough is
 * known without, and else the law has to fit better than a plateau does.
 */
export function scalabilityOf(
  figures: readonly ScalingFigure[],
  { error, cpus }: { readonly error: number; readonly cpus: number },
): Scalability {
  const within = figures.filter(({ workers }) => workers <= cpus);
  const rounds = byRound(countsOf(within).length >= FEWEST_COUNTS ? within : figures);
  const own = rounds.flat();
  const counts = countsOf(own);
  const most = Math.max(...counts);
  const fewest = most > cpus ? FEWEST_ROUNDS_BEYOND : FEWEST_ROUNDS;
  if (counts.length < FEWEST_COUNTS || rounds.length < fewest) return { kind: 'few' };
  const groups = groupsOf(rounds);
  const squares = (sigma: number, kappa: number): number => squaresIn(groups, (n) => logOf(n, sigma, kappa));
  const overSigma = (at: (sigma: number) => number): Least => least((sigma) => squares(sigma, at(sigma)), 0, 1);
  const kappaOf = (u: number): number => MOST_COHERENCY * u ** 4;
  const best = least((u) => overSigma(() => kappaOf(u)).value, 0, 1);
  const kappa = kappaOf(best.at);
  const sigma = overSigma(() => kappa).at;
  const isPlateau = most > cpus && squaresByLevels(rounds, (workers) => Math.min(workers, cpus)) < best.value;
  if (isPlateau || isMisfit(rounds, best.value, counts.length)) return { kind: 'misfit' };
  const freedom = own.length - rounds.length - 2;
  const bound = best.value * (1 + studentQuantile(1 - error / 2, freedom) ** 2 / freedom);
  const ofSigma = (s: number): number => least((u) => squares(s, kappaOf(u)), 0, 1).value;
  const ofKappa = (u: number): number => overSigma(() => kappaOf(u)).value;
  const ofPeak = (log: number): number => overSigma((s) => (1 - s) / Math.exp(2 * log)).value;
  const far = Math.log(FARTHEST_PEAK * most);
  const peak = kappa === 0 ? Number.POSITIVE_INFINITY : Math.sqrt((1 - sigma) / kappa);
  const at = Math.min(far, Math.max(0, Math.log(peak)));
  const isEndless = overSigma(() => 0).value <= bound || ofPeak(far) <= bound;
  const logs = rounds.map((round) => mean(round.map(({ workers, y }) => y - logOf(workers, sigma, kappa))));
  return {
    kind: 'fitted',
    ofOne: Math.exp(mean(logs)),
    contention: { point: sigma, low: edge(ofSigma, sigma, 0, bound), high: edge(ofSigma, sigma, 1, bound) },
    coherency: {
      point: kappa,
      low: kappaOf(edge(ofKappa, best.at, 0, bound)),
      high: kappaOf(edge(ofKappa, best.at, 1, bound)),
    },
    peak: {
      point: at === far ? null : Math.max(1, peak),
      low: Math.exp(edge(ofPeak, at, 0, bound)),
      high: isEndless ? null : Math.exp(edge(ofPeak, at, far, bound)),
    },
    upTo: most,
  };
}

/** What so many workers do, by the law. */
export function scaled(
  { ofOne, contention, coherency }: Extract<Scalability, { kind: 'fitted' }>,
  workers: number,
): number {
  return ofOne * Math.exp(logOf(workers, contention.point, coherency.point));
}

function logOf(n: number, sigma: number, kappa: number): number {
  return Math.log(n) - Math.log(1 + sigma * (n - 1) + kappa * n * (n - 1));
}

/** A round with a single figure tells nothing of how they differ. */
function byRound(figures: readonly ScalingFigure[]): readonly (readonly ScalingFigure[])[] {
  const rounds = new Map<number, ScalingFigure[]>();
  for (const one of figures) rounds.set(one.round, [...(rounds.get(one.round) ?? []), one]);
  return [...rounds.values()].filter((round) => round.length > 1);
}

type Rounds = readonly (readonly ScalingFigure[])[];

/** Around the level of each round. */
function squaresOf(rounds: Rounds, log: (workers: number) => number): number {
  let sum = 0;
  for (const round of rounds) {
    const rests = round.map(({ workers, y }) => y - log(workers));
    const level = mean(rests);
    for (const rest of rests) sum += (rest - level) ** 2;
  }
  return sum;
}

/** Rounds with figures of the same numbers of workers: what is around the mean of each does not depend on the law. */
interface Group {
  readonly rounds: number;
  readonly means: readonly { readonly workers: number; readonly y: number }[];
  readonly rest: number;
}

function groupsOf(rounds: Rounds): readonly Group[] {
  const byCounts = new Map<string, (readonly ScalingFigure[])[]>();
  for (const round of rounds) {
    const level = mean(round.map(({ y }) => y));
    const own = round.map((one) => ({ ...one, y: one.y - level })).toSorted((a, b) => a.workers - b.workers);
    const key = own.map(({ workers }) => workers).join();
    byCounts.set(key, [...(byCounts.get(key) ?? []), own]);
  }
  return [...byCounts.values()].map((same): Group => {
    const means = (same[0] ?? []).map(({ workers }, i) => ({ workers, y: mean(same.map((one) => one[i]?.y ?? 0)) }));
    const rest = same.reduce(
      (sum, one) => sum + one.reduce((all, { y }, i) => all + (y - (means[i]?.y ?? 0)) ** 2, 0),
      0,
    );
    return { rounds: same.length, means, rest };
  });
}

function squaresIn(groups: readonly Group[], log: (workers: number) => number): number {
  let sum = 0;
  for (const { rounds, means, rest } of groups) {
    let [total, squares] = [0, 0];
    for (const { workers, y } of means) {
      const own = y - log(workers);
      total += own;
      squares += own ** 2;
    }
    sum += rest + rounds * (squares - total ** 2 / means.length);
  }
  return sum;
}

function countsOf(figures: readonly ScalingFigure[]): readonly number[] {
  return [...new Set(figures.map(({ workers }) => workers))];
}

/** F test of lack of fit (Draper and Smith 1998, Applied Regression Analysis, 2.1), against a level of its own for each number of workers. */
function isMisfit(rounds: Rounds, fitted: number, counts: number): boolean {
  const pure = squaresByLevels(rounds, (workers) => workers);
  const pureFreedom = rounds.flat().length - rounds.length - counts + 1;
  if (pure === 0 || pureFreedom < 1) return false;
  const ratio = (fitted - pure) / (counts - 3) / (pure / pureFreedom);
  return ratio > 0 && 1 - jStat.centralF.cdf(ratio, counts - 3, pureFreedom) < MISFIT_ERROR;
}

/** Around levels of the rounds and of the numbers of workers, of which those that `of` makes the same share one. */
function squaresByLevels(rounds: Rounds, of: (workers: number) => number): number {
  const levels = new Map<number, number>();
  const levelOf = (workers: number): number => levels.get(of(workers)) ?? 0;
  for (let step = 0; step < STEPS; step++) {
    const rests = rounds.flatMap((round) => {
      const level = mean(round.map(({ workers, y }) => y - levelOf(workers)));
      return round.map(({ workers, y }) => ({ key: of(workers), rest: y - level }));
    });
    for (const key of new Set(rests.map((one) => one.key))) {
      levels.set(key, mean(rests.flatMap((one) => (one.key === key ? [one.rest] : []))));
    }
  }
  return squaresOf(rounds, levelOf);
}

interface Least {
  readonly at: number;
  readonly value: number;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const SCAN = 16;

/** Where it is least between two ends: a look at all of it, and then golden sections (Kiefer 1953). */
function least(of: (at: number) => number, low: number, high: number): Least {
  const all = Array.from({ length: SCAN + 1 }, (_, i) => low + ((high - low) * i) / SCAN);
  const values = all.map(of);
  const i = values.indexOf(Math.min(...values));
  let [a, b] = [all[Math.max(0, i - 1)] ?? low, all[Math.min(SCAN, i + 1)] ?? high];
  let [c, d] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
  let [ofC, ofD] = [of(c), of(d)];
  for (let step = 0; step < STEPS && b - a > 1e-7 * (high - low); step++) {
    if (ofC <= ofD) {
      [b, d, ofD] = [d, c, ofC];
      c = b - GOLDEN * (b - a);
      ofC = of(c);
    } else {
      [a, c, ofC] = [c, d, ofD];
      d = a + GOLDEN * (b - a);
      ofD = of(d);
    }
  }
  // What lies at an end is exactly there.
  const ends = [all[i] ?? low, (a + b) / 2].map((at) => ({ at, value: of(at) }));
  return ends.reduce((one, other) => (other.value < one.value ? other : one));
}

/** The farthest towards `end` at which it is within the bound. */
function edge(of: (at: number) => number, from: number, end: number, bound: number): number {
  if (of(end) <= bound) return end;
  let [inside, outside] = [from, end];
  for (let step = 0; step < STEPS / 2; step++) {
    const middle = (inside + outside) / 2;
    if (of(middle) <= bound) inside = middle;
    else outside = middle;
  }
  return inside;
}
