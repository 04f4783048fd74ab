/** What was found, in a line: the title of a chart, the heading of a scenario, the first sentence of a report. */
import type { Answer } from '../schema/answer.ts';
import type { CellSummary, ScenarioSummary } from '../schema/summary.ts';
import { list, mibText, msText, namesOf, rateText } from '../words.ts';
import { relationOf } from './contender.ts';
import { downTo, mostText, share, standingText, upTo } from './behind.ts';

type Found = Pick<ScenarioSummary, 'name' | 'inWords' | 'parameters' | 'cells' | 'answers' | 'decision' | 'latency'>;
type Metric = Answer['metric'];

/** An answer with what it takes to speak of it. */
interface Speaking {
  readonly scenario: Found;
  readonly answer: Answer;
}

/** A multiple between whose bounds there is more than this is written with both of them. */
const WIDEST_FOR_ONE_FIGURE = 1.25;
/** What is less than this much more is written in percent. */
const MULTIPLE_FROM = 1.5;

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

/** What is to be taken, and how sure that is, in a line without a full stop; or that it is open, and between which. */
export function verdictLine(scenario: Found): string {
  const { answers, decision } = scenario;
  if (decision === null) return openLine(scenario);
  const { take, metric, offeredPerSec, among } = decision;
  const answer = answers.find((one) => one.metric === metric && one.offeredPerSec === offeredPerSec);
  const own = answer?.models.find(({ cell }) => cell === take);
  const name = nameIn(scenario);
  const others = among.filter((id) => id !== take).map(name);
  const asGood = others.length === 0 ? '' : `; ${list(others)} ${others.length === 1 ? 'is' : 'are'} as good`;
  if (answer === undefined || own === undefined) return `take ${name(take)}`;
  return `take ${name(take)}: ${figureText({ scenario, answer }, take)}, ${standingText(metric, own)}${asGood}`;
}

type Qualified = Pick<ScenarioSummary, 'cells' | 'answers' | 'decision' | 'comparisons'>;

/** At what cost, and what would change it: `44 MiB, single 21 MiB; on one CPU single would do as well`. Empty where nothing is decided. */
export function qualification(scenario: Qualified): string {
  return [costText(scenario), changeText(scenario)].filter((text) => text !== '').join('; ');
}

/** At what cost the model is to be taken that is: `44 MiB, single 21 MiB`. Empty where nothing is decided. */
function costText({ cells, decision }: Pick<Found, 'cells' | 'decision'>): string {
  const taken = cells.find(({ id }) => id === decision?.take);
  const single = cells.find((one) => one.style === 'alone' && one !== taken && isAlike(one, taken));
  if (taken?.result == null) return '';
  const against =
    single?.result == null ? '' : `, ${namesOf(cells)(single)} ${mibText(single.result.memory.peakBytes.point)}`;
  return `${mibText(taken.result.memory.peakBytes.point)}${against}`;
}

/** Resident and proportional set sizes are different quantities. */
function isAlike(one: CellSummary, other: CellSummary | undefined): boolean {
  return one.connectionMode === other?.connectionMode && one.result?.memory.kind === other.result?.memory.kind;
}

/**
 * What would change the answer: one CPU, where CPU time per request decides. Empty where the single process is not shown to be behind,
 * or requests per second are not what decides.
 */
export function changeText({ cells, answers, decision, comparisons }: Qualified): string {
  const taken = cells.find(({ id }) => id === decision?.take);
  const single = cells.find(
    ({ style, connectionMode }) => style === 'alone' && connectionMode === taken?.connectionMode,
  );
  const throughput = answers.find(({ metric }) => metric === decision?.metric && metric === 'throughput');
  const standing = throughput?.models.find(({ cell }) => cell === single?.id);
  if (taken === undefined || single === undefined || standing === undefined || standing.atLeastBehind === 0) return '';
  const name = namesOf(cells);
  const relation = relationOf(comparisons, 'cpu-per-request', taken.id, single.id);
  switch (relation) {
    case 'better':
      return `on one CPU ${name(taken)} would still be ahead`;
    case 'worse':
      return `on one CPU ${name(single)} would be ahead`;
    case 'equivalent':
      return `on one CPU ${name(single)} would do as well`;
    case 'open':
      return `on one CPU ${name(single)} may do as well`;
    default:
      return relation satisfies never;
  }
}

/**
 * The answer over all scenarios, in one or two sentences: `Take worker-threads for 10 ms of CPU per request (1.9× a single process),
 * single for 20 ms of waiting per request (least CPU). Not decided yet: a constant reply (single or cluster).` A short one has nothing
 * in brackets.
 */
export function overallAnswer(
  { scenarios }: { readonly scenarios: readonly Found[] },
  length: 'whole' | 'short' = 'whole',
): string {
  const decided = scenarios.filter(({ decision }) => decision !== null);
  const taken = [...new Set(decided.map(takenName))];
  const parts = taken.map((model, i) => {
    const own = decided.filter((one) => takenName(one) === model);
    const isAll = own.length === scenarios.length && own.length > 1;
    const what = list(own.map((one) => `${wordsOf(one)}${length === 'whole' ? gainText(one) : ''}`));
    return `${i === 0 ? 'Take ' : ''}${model} for ${isAll ? `all: ${what}` : what}`;
  });
  const open = scenarios.filter(({ decision }) => decision === null);
  const between = open.map((one) => {
    const left = length === 'short' ? [] : leftIn(one);
    return `${wordsOf(one)}${left.length === 0 ? '' : ` (${list(left.map(nameIn(one)), 'or')})`}`;
  });
  return [
    ...(parts.length === 0 ? [] : [`${parts.join('; ')}.`]),
    ...(open.length === 0 ? [] : [`Not decided${open.some(mayBeAnswered) ? ' yet' : ''}: ${list(between)}.`]),
  ].join(' ');
}

/** Ids of those between which it is open, where others are out; empty where any may be the best, or nothing is known. */
function leftIn({ answers }: Found): readonly string[] {
  const throughput = answers.find(({ metric }) => metric === 'throughput');
  const isKnown = throughput?.models.some(({ atMostBehind }) => atMostBehind !== null) === true;
  if (throughput === undefined || !isKnown) return [];
  return throughput.best.length < throughput.models.length || throughput.models.length === 2 ? throughput.best : [];
}

function mayBeAnswered({ answers }: Found): boolean {
  return answers.some(({ roundsToAnswer }) => roundsToAnswer !== null && roundsToAnswer > 0);
}

function takenName({ cells, decision }: Found): string {
  const cell = cells.find(({ id }) => id === decision?.take);
  return cell === undefined ? '' : namesOf(cells)(cell);
}

/** As `scenarioWords` of the reports, for scenarios that say nothing. */
function wordsOf({ name, inWords, parameters }: Found): string {
  return inWords ?? [name, ...Object.entries(parameters).map(([key, value]) => `${key}=${value}`)].join(' ');
}

/** ` (1.9× a single process)`, or by what else it was decided; empty where there is no single process behind it. */
function gainText(scenario: Found): string {
  const { decision, answers, cells } = scenario;
  if (decision === null) return '';
  if (decision.metric !== 'throughput') return ' (least CPU)';
  const single = cells.find(({ style }) => style === 'alone');
  const answer = answers.find(({ metric }) => metric === 'throughput');
  const out = answer?.models.filter(({ cell, atLeastBehind }) => cell === single?.id && atLeastBehind > 0) ?? [];
  if (answer === undefined || !aheadOf(answer, out).includes(decision.take)) return '';
  return ` (${multipleOf({ scenario, answer }, [decision.take], out)} a single process)`;
}

function openLine(scenario: Found): string {
  const { answers } = scenario;
  const answer =
    answers.find(({ metric }) => metric === 'throughput') ??
    answers.find(({ metric, offeredPerSec }) => metric === 'cpu-per-request' && offeredPerSec !== null);
  if (answer === undefined) return 'not decided: something other than the server was the limit';
  if (answer.best.length === 0) return 'not decided: early and late rounds contradict each other';
  const isKnown = answer.models.some(({ atMostBehind }) => atMostBehind !== null);
  if (!isKnown) return 'not decided: it takes 3 rounds in which all are valid';
  const more = answer.roundsToAnswer === null ? '' : ' yet';
  const isAny = answer.best.length === answer.models.length && answer.models.length > 2;
  const bounds = answer.models.flatMap(({ cell, atMostBehind }) => (answer.best.includes(cell) ? [atMostBehind] : []));
  const bound = bounds.reduce((a, b) => (a === null || b === null ? null : Math.max(a, b)), 0);
  const away = bound === null ? '' : `, ${mostText(answer.metric, { atMostBehind: bound })}`;
  return `not decided${more}: ${isAny ? 'any may be the best' : list(answer.best.map(nameIn(scenario)), 'or')}${away}`;
}

/** None is shown to be behind: by how much any may be at most, which bounds every difference between two of them. */
function apartText({ noun }: Words, most: readonly number[]): string | null {
  const bound = Math.max(...most);
  return bound < 1 ? `${noun} at most ${share(upTo(bound))} apart` : null;
}

/** Those of the best that are shown to be before all of `out`, the best figure first. */
function aheadOf({ models, best }: Answer, out: Answer['models']): readonly string[] {
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
function multipleOf(speaking: Speaking, ahead: readonly string[], out: Answer['models']): string {
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

function twoDigits(value: number, to: (scaled: number) => number): string {
  return value < 9.95 ? (to(value * 10) / 10).toFixed(1) : Number(value.toPrecision(2)).toLocaleString('en-US');
}

/** The figure that the answer is about; null where it is not known. */
function figureOf({ scenario, answer }: Speaking, id: string): number | null {
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
      return cell?.result?.startUpMs.point ?? null;
    case 'latency-p50':
      return latency?.p50?.ms ?? null;
    case 'latency-p99':
      return latency?.p99?.ms ?? null;
    default:
      return metric satisfies never;
  }
}

/** With its unit, as the decision has it. */
function figureText(speaking: Speaking, id: string): string {
  const { metric, offeredPerSec } = speaking.answer;
  const value = figureOf(speaking, id);
  const at = offeredPerSec === null ? '' : ` at ${rateText(offeredPerSec)}/s`;
  if (value === null) return 'unknown';
  return metric === 'throughput' ? `${rateText(value)}/s` : `${msText(value)} of CPU per request${at}`;
}

function nameIn({ cells }: Found): (id: string) => string {
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
