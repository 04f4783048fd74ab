/** Which functions got slower: growth of their own time per request that is more than noise. */
import type { SlowerCell } from '../schema/change.ts';
import { type Frame, functionsOf, totalMs } from './frames.ts';

/** Standard errors of sampling. So many, because there are hundreds of functions, and the one that grew most is picked. */
const ERRORS = 4;
/** Growth below this share of the CPU time of a request explains nothing. */
const LEAST_SHARE = 0.01;
const MOST_NAMED = 5;

type Grown = SlowerCell['functions'][number];

/**
 * Most grown first. Growth counts when every launch of head took longer in it than every launch of base, because launches differ (in
 * what V8 inlines, and how often it collects garbage), and when it is beyond what sampling does by chance.
 */
export function grownFunctions(base: readonly Frame[], head: readonly Frame[]): readonly Grown[] {
  const before = base.map(functionsOf);
  const after = head.map(functionsOf);
  const leastMs = LEAST_SHARE * mean(base.map(totalMs));
  const keys = new Set(after.flatMap((launch) => [...launch.keys()]));
  const grown = [...keys].flatMap((key) => {
    const [a, b] = [of(key, before), of(key, after)];
    const growthMs = b.meanMs - a.meanMs;
    const isMore = Math.min(...b.all) > Math.max(...a.all);
    const errorMs = Math.sqrt(a.variance + b.variance);
    if (b.frame === null || !isMore || growthMs < Math.max(leastMs, ERRORS * errorMs)) return [];
    return [{ name: b.frame.name, where: b.frame.where, baseMs: a.meanMs, headMs: b.meanMs }];
  });
  return grown.toSorted((x, y) => y.headMs - y.baseMs - (x.headMs - x.baseMs)).slice(0, MOST_NAMED);
}

/** One function in the launches of a side. */
interface InLaunches {
  /** Own time in each, in milliseconds per request. */
  readonly all: readonly number[];
  readonly meanMs: number;
  /** Of the mean, by sampling alone: n samples vary by the root of n (Poisson). */
  readonly variance: number;
  readonly frame: Frame | null;
}

function of(key: string, launches: readonly ReadonlyMap<string, Frame>[]): InLaunches {
  const frames = launches.map((launch) => launch.get(key) ?? null);
  const all = frames.map((frame) => frame?.selfMs ?? 0);
  const variances = frames.map((frame) =>
    frame === null || frame.samples === 0 ? 0 : frame.selfMs ** 2 / frame.samples,
  );
  return {
    all,
    meanMs: mean(all),
    variance: variances.reduce((sum, one) => sum + one, 0) / launches.length ** 2,
    frame: frames.find((frame) => frame !== null) ?? null,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
