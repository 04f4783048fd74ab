/** What was found in one figure of all models, in a line: the title of a chart. */
import type { Answer } from '../schema/answer.ts';
import type { Comparison, ScenarioSummary } from '../schema/summary.ts';
import { list, namesOf } from '../words.ts';
import { downTo, share, upTo } from './behind.ts';

/** What is spoken of. */
export type Found = Pick<
  ScenarioSummary,
  'name' | 'inWords' | 'parameters' | 'cells' | 'answers' | 'decision' | 'latency' | 'comparisons'
>;
type Metric = Answer['metric'];

/** An answer with what it takes to speak of it. */
export interface Speaking {
  readonly scenario: Found;
  readonly answer: Answer;
}

/** A multiple between whose bounds there is more than this is written with both of them. */
const WIDEST_FOR_ONE_FIGURE = 1.25;
/** What is less than this much more is written in percent. */
const MULTIPLE_FROM = 2;

/**
 * What was found in one figure of all models, of at most about 90 characters, without a full stop: `cluster and both pools serve 1.9×
 * a single process`. Every model that it puts before another is shown to be before it, at the level of the answer. Null where the
 * models could not be compared, or nothing is known of them yet.
 *
 * @param offeredPerSec requests per second that each was offered; null for full load
 */
export function findingOf(scenario: Found, metric: Metric, offeredPerSec: number | null = null): string | null {
  const answer = scenario.answers.find((one) => one.metric === metric && one.offeredPerSec === offeredPerSec);
  if (answer === undefined || answer.best.length === 0) return null;
  const most = answer.models.map(({ atMostBehind }) => atMostBehind ?? Number.POSITIVE_INFINITY);
  if (most.every((bound) => bound === Number.POSITIVE_INFINITY)) return null;
  const speaking = { scenario, answer };
  const words = wordsFor(speaking);
  if (answer.level) return `all ${words.same}, at most ${share(upTo(Math.max(...most)))} apart`;
  const out = answer.models.filter(({ atLeastBehind }) => atLeastBehind > 0);
  if (out.length === 0) return apartText(words, most);
  const ahead = aheadOf(answer, out);
  if (ahead.length === 0) return `${subject(scenario, ids(out))} ${verb(out, words.trails)} the best`;
  return words.isMore
    ? `${subject(scenario, ahead)} ${verb(ahead, words.leads)} ${multipleOf(speaking, ahead, out)} ${object(scenario, ahead, out)}`
    : `${subject(scenario, ahead)} ${verb(ahead, words.leads)}, ${object(scenario, ahead, out)} ${moreOf(speaking, ahead, out)}`;
}

/** None is shown to be behind: by how much any may be at most, which bounds every difference between two of them. */
function apartText({ noun }: Words, most: readonly number[]): string | null {
  const bound = Math.max(...most);
  return bound < 1 ? `${noun} at most ${share(upTo(bound))} apart` : null;
}

/** Those of the best that are shown to be before all of `out`, the best figure first. */
export function aheadOf({ models, best }: Answer, out: Answer['models']): readonly string[] {
  const least = Math.min(...out.map(({ atLeastBehind }) => atLeastBehind));
  return best.filter((id) => {
    const bound = models.find(({ cell }) => cell === id)?.atMostBehind ?? null;
    return out.length > 0 && bound !== null && bound < least;
  });
}

interface Words {
  /** Whether more of it is better, and so is compared by how many times as much the best is. */
  readonly isMore: boolean;
  readonly leads: Verb;
  readonly trails: Verb;
  readonly same: string;
  /** What it is, with its verb. */
  readonly noun: string;
}

type Verb = readonly [one: string, several: string];

function wordsFor({ scenario, answer }: Speaking): Words {
  const { metric } = answer;
  switch (metric) {
    case 'throughput':
      return {
        ...{ isMore: true, leads: ['serves', 'serve'], trails: ['serves less than', 'serve less than'] },
        ...{ same: 'serve as much', noun: 'requests per second are' },
      };
    case 'cpu-per-request':
      return lessIsBetter(['needs', 'need'], 'CPU per request', 'needs more', 'the least');
    case 'peak-memory':
      return lessIsBetter(['takes', 'take'], 'memory', 'takes more', 'the least');
    case 'start-up':
      return lessIsBetter(['takes', 'take'], 'start-up time', 'takes more', 'the least');
    case 'latency-p50':
    case 'latency-p99': {
      const [first] = scenario.latency?.cells.flatMap(({ result }) => result?.classes ?? []) ?? [];
      const what = `${metric === 'latency-p50' ? 'p50' : 'p99'} latency${first === undefined ? '' : ` of ${first.name} requests`}`;
      return lessIsBetter(['has', 'have'], what, 'has a longer', 'the shortest');
    }
    default:
      return metric satisfies never;
  }
}

function lessIsBetter([one, several]: Verb, what: string, more: string, superlative: string): Words {
  const trails = more.replace(one, '').trim();
  return {
    isMore: false,
    leads: [`${one} ${superlative} ${what}`, `${several} ${superlative} ${what}`],
    trails: [`${one} ${trails} ${what} than`, `${several} ${trails} ${what} than`],
    same: `${several} the same ${what}`,
    noun: `${what} is`,
  };
}

function verb(some: readonly unknown[], [one, several]: Verb): string {
  return some.length > 1 ? several : one;
}

/** `1.9×`, or `1.4 to 1.9×` where those behind differ or the interval is wide. */
export function multipleOf(speaking: Speaking, ahead: readonly string[], out: Answer['models']): string {
  const [low, high] = timesOf(speaking, ahead, out);
  if (!Number.isFinite(high)) return `at least ${twoDigits(low, Math.floor)}×`;
  if (twoDigits(low, Math.round) === twoDigits(high, Math.round)) return `${twoDigits(low, Math.round)}×`;
  // Of a range no digit may promise more than it holds.
  return `${twoDigits(low, Math.floor)} to ${twoDigits(high, Math.ceil)}×`;
}

/** `20% more`, `2.4× as much`, or both ends of what they are. */
function moreOf(speaking: Speaking, ahead: readonly string[], out: Answer['models']): string {
  const { metric } = speaking.answer;
  const isTime = metric === 'start-up' || metric === 'latency-p50' || metric === 'latency-p99';
  const [low, high] = timesOf(speaking, ahead, out);
  if (high >= MULTIPLE_FROM) return `${multipleOf(speaking, ahead, out)} as ${isTime ? 'long' : 'much'}`;
  const [from, to] = [share(downTo(low - 1)), share(upTo(high - 1))];
  return `${from === to ? from : `${from} to ${to}`} ${isTime ? 'longer' : 'more'}`;
}

/**
 * How many times one is the other, at least and at most: by the figures where the bounds leave little room, else by the bounds, which
 * are of whichever is the best: what is ahead may be behind it itself.
 */
function timesOf({ scenario, answer }: Speaking, ahead: readonly string[], out: Answer['models']): [number, number] {
  const isMore = answer.metric === 'throughput';
  const times = (behind: number): number => (isMore ? 1 / (1 - behind) : 1 + behind);
  const trailing = answer.models.flatMap(({ cell, atMostBehind }) => (ahead.includes(cell) ? [atMostBehind ?? 0] : []));
  const all = out.flatMap(({ cell, atLeastBehind, atMostBehind }) => {
    const pairs = isMore ? pairsOf(scenario, ahead, cell) : [];
    // An interval of all pairs may reach over what the comparison with the best has shown.
    if (pairs.length === ahead.length && pairs.every((pair) => pair.low > 1)) return pairs.flatMap(spreadOf);
    const high = atMostBehind === null ? Number.POSITIVE_INFINITY : times(atMostBehind);
    const low = times(atLeastBehind);
    const own = figureOf({ scenario, answer }, cell);
    const points = ahead.flatMap((id) => {
      const best = figureOf({ scenario, answer }, id);
      return own === null || best === null ? [] : [isMore ? best / own : own / best];
    });
    const [first = 0] = points;
    const isClear = high / low <= WIDEST_FOR_ONE_FIGURE && first >= low && first <= high;
    return isClear ? points : [low / times(Math.max(...trailing)), high];
  });
  return [Math.min(...all), Math.max(...all)];
}

/** How many times one serves as much as the other, with the interval that holds together with those of all pairs. */
type Pair = NonNullable<Comparison['ratio']>;

function pairsOf({ comparisons }: Found, ahead: readonly string[], other: string): readonly Pair[] {
  return ahead.flatMap((id): Pair[] => {
    const own = comparisons.filter(({ metric, ratio }) => metric === 'throughput' && ratio !== null);
    const forth = own.find(({ candidate, baseline }) => candidate === id && baseline === other)?.ratio;
    if (forth != null) return [forth];
    const back = own.find(({ candidate, baseline }) => candidate === other && baseline === id)?.ratio;
    return back == null ? [] : [{ ...back, point: 1 / back.point, low: 1 / back.high, high: 1 / back.low }];
  });
}

function spreadOf({ point, low, high }: Pair): readonly number[] {
  return high / low <= WIDEST_FOR_ONE_FIGURE ? [point] : [low, high];
}

/** Three near 1, where two would say that there is no difference. */
function twoDigits(value: number, to: (scaled: number) => number): string {
  const decimals = value < 1.1 ? 2 : 1;
  const scale = 10 ** decimals;
  return value < 9.95
    ? (to(value * scale) / scale).toFixed(decimals)
    : Number(value.toPrecision(2)).toLocaleString('en-US');
}

/** The figure that the answer is about; null where it is not known. */
export function figureOf({ scenario, answer }: Speaking, id: string): number | null {
  const { metric, offeredPerSec } = answer;
  const cell = scenario.cells.find((one) => one.id === id);
  const atRate = scenario.latency?.cells.find(
    (one) =>
      one.model === cell?.model && one.connectionMode === cell.connectionMode && one.offeredPerSec === offeredPerSec,
  )?.result;
  const latency = atRate?.classes[0]?.latency ?? atRate?.latency;
  switch (metric) {
    case 'throughput':
      return cell?.result?.requestsPerSec.point ?? null;
    case 'cpu-per-request':
      return (offeredPerSec === null ? cell?.result : atRate)?.cpuMsPerRequest.point ?? null;
    case 'peak-memory':
      return cell?.result?.memory.peakBytes.point ?? null;
    case 'start-up':
      return cell?.result?.startUpMs?.point ?? null;
    case 'latency-p50':
      return latency?.p50?.ms ?? null;
    case 'latency-p99':
      return latency?.p99?.ms ?? null;
    default:
      return metric satisfies never;
  }
}

/** By id. */
export function nameIn({ cells }: Found): (id: string) => string {
  const names = namesOf(cells);
  return (id) => {
    const cell = cells.find((one) => one.id === id);
    return cell === undefined ? id : names(cell);
  };
}

/** `cluster and both pools`: pools together where all of the scenario are meant, and there are several. */
function subject(scenario: Found, some: readonly string[]): string {
  const name = nameIn(scenario);
  const pools = scenario.cells.filter(({ style }) => style === 'offload').map(({ id }) => id);
  const isEvery = pools.length > 1 && pools.every((id) => some.includes(id));
  if (!isEvery) return list(some.map(name));
  const others = some.filter((id) => !pools.includes(id)).map(name);
  return list([...others, pools.length === 2 ? 'both pools' : 'all pools']);
}

/** Those behind: `the others` where nobody else is left. */
function object(scenario: Found, ahead: readonly string[], out: Answer['models']): string {
  const [only] = out;
  const cell = scenario.cells.find(({ id }) => id === only?.cell);
  if (out.length === 1) return cell?.style === 'alone' ? 'a single process' : subject(scenario, ids(out));
  const measured = scenario.cells.filter(({ result }) => result !== null);
  return ahead.length + out.length === measured.length ? 'the others' : subject(scenario, ids(out));
}

function ids(models: Answer['models']): string[] {
  return models.map(({ cell }) => cell);
}
