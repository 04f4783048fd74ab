/** How the latencies of the models compare at one common rate, in sentences. */

import { modelLabel } from '../../plan/schedule/runtimes.ts';
import { isServerLatency } from '../bottleneck/limited-by.ts';
import type { Answer } from '../schema/answer.ts';
import type { Percentile } from '../schema/capacity.ts';
import type { RateCell, RateResult } from '../schema/rate.ts';
import type { CellSummary } from '../schema/summary.ts';
import { list, namesOf } from '../words.ts';
import { othersText, share, standingText, upTo } from './behind.ts';

/** Percentiles that are looked at, the one that decides first. */
const DECISIVE = ['p99', 'p90', 'p50'] as const;
type Name = (typeof DECISIVE)[number];
/** Those that models are compared by, round by round. */
const COMPARED = [
  ['p99', 'latency-p99'],
  ['p50', 'latency-p50'],
] as const;

interface Candidate {
  readonly model: string;
  /** Of its cell at full load, by which answers name it. */
  readonly id: string | undefined;
  readonly result: RateResult;
}

/** What the scenario of a rate is answered by. */
export interface Answered {
  /** At full load. */
  readonly cells: readonly Pick<CellSummary, 'id' | 'model' | 'connectionMode'>[];
  readonly answers: readonly Answer[];
}

/**
 * Which model answers fastest in the tail, how far the others are behind it, and which cannot be compared. Of several request
 * classes the first is compared: a scenario names first what users notice. Where too little is known only figures are stated.
 */
export function latencyAnswer(rates: readonly RateCell[], answered: Answered): string {
  const names = namesOf(rates);
  const all = rates.flatMap((cell): Candidate[] => {
    const full = answered.cells.find(
      ({ model, connectionMode }) => model === cell.model && connectionMode === cell.connectionMode,
    );
    return cell.result === null ? [] : [{ model: names(cell), id: full?.id, result: cell.result }];
  });
  const comparable = all.filter(({ result }) => isServerLatency(result.limitedBy) && result.keptUp);
  const faster = fasterDespiteDelay(all, comparable);
  const others = all.filter((one) => !faster.includes(one));
  const own = answered.answers.filter(({ offeredPerSec }) => offeredPerSec === rates[0]?.offeredPerSec);
  const ranked = comparison(comparable, { ...answered, answers: own });
  const begin =
    faster.length === 0 ? ranked : `Where the load generator was on time: ${ranked.replace(/^The /u, 'the ')}`;
  const parts = [begin, bounded(faster), ...behind(all), ...disturbed(others), ...lost(rates, names)];
  const text = parts.filter((part) => part !== '').join(' ');
  return text === '' ? 'No trial was valid, so there is no result.' : text;
}

function comparison(candidates: readonly Candidate[], { answers }: Answered): string {
  let why = 'there are too few rounds to compare them';
  for (const [name, metric] of COMPARED) {
    // It lies among requests without a reply, of which nothing is known but that they take longer.
    if (candidates.some(({ result }) => percentileOf(result, name)?.atLeast === true)) {
      return figures(candidates, 'requests without a reply leave no interval');
    }
    const answer = answers.find((one) => one.metric === metric);
    if (answer === undefined || !isOfAll(answer, candidates)) continue;
    if (answer.models.some(({ atMostBehind }) => atMostBehind !== null)) {
      return standing(name, answer, candidates);
    }
    if (answer.best.length === 0) why = 'early and late rounds contradict each other';
  }
  return figures(candidates, why);
}

function isOfAll({ models }: Answer, candidates: readonly Candidate[]): boolean {
  return candidates.every(({ id }) => models.some(({ cell }) => cell === id));
}

function standing(name: Name, answer: Answer, candidates: readonly Candidate[]): string {
  const byId = new Map(candidates.map((one) => [one.id, one]));
  const nameOf = (id: string): string => modelLabel(byId.get(id)?.model ?? id);
  const ids = [...new Set([...answer.best, ...answer.models.map(({ cell }) => cell)])];
  const [best = '', ...others] = ids;
  const own = answer.models.find(({ cell }) => cell === best);
  const percentile = percentileOf(byId.get(best)?.result, name);
  if (own === undefined || percentile === null) return '';
  const subject = `${name}${className(candidates)}`;
  if (answer.level) {
    const most = Math.max(...answer.models.map(({ atMostBehind }) => atMostBehind ?? 0));
    const within = `none is more than ${share(upTo(most))} longer than the shortest`;
    return `${list(ids.map(nameOf))} are level: their ${subject} is about ${ms(percentile)}, and ${within}.`;
  }
  const first = `The ${subject} of ${nameOf(best)} is ${ms(percentile)}, ${standingText(answer.metric, own)}.`;
  return `${first} ${othersText(answer, others, nameOf)}.`;
}

/** Of one model, or of several that nothing more is known of. */
function figures(candidates: readonly Candidate[], why: string): string {
  if (candidates.length === 0) return '';
  const name = DECISIVE.find((one) => candidates.every(({ result }) => percentileOf(result, one) !== null));
  if (name === undefined) return 'There were too few requests for a median of every model.';
  const rated = candidates
    .flatMap(({ model, result }) => {
      const percentile = percentileOf(result, name);
      return percentile === null ? [] : [{ model, percentile }];
    })
    .toSorted((a, b) => a.percentile.ms - b.percentile.ms);
  const texts = rated.map(({ model, percentile }) => `${ms(percentile)} for ${modelLabel(model)}`);
  const reason = candidates.length === 1 ? '' : `: ${why}, so this is not a ranking`;
  return `The ${name}${className(candidates)} is ${list(texts)}${reason}.`;
}

/**
 * Models whose generator was late, and which are faster than all that can be compared nevertheless: its delay only adds
 * to a latency, so what was measured is an upper bound.
 */
function fasterDespiteDelay(all: readonly Candidate[], comparable: readonly Candidate[]): readonly Candidate[] {
  const late = all.filter(({ result }) => result.limitedBy.by === 'generator' && result.keptUp);
  const name = DECISIVE.find((one) =>
    [...late, ...comparable].every(({ result }) => percentileOf(result, one) !== null),
  );
  if (name === undefined || comparable.length === 0) return [];
  const least = Math.min(...comparable.map(({ result }) => percentileOf(result, name)?.low ?? 0));
  return late.filter(({ result }) => (percentileOf(result, name)?.high ?? Number.POSITIVE_INFINITY) < least);
}

function bounded(faster: readonly Candidate[]): string {
  const name = DECISIVE.find((one) => faster.every(({ result }) => percentileOf(result, one) !== null));
  if (faster.length === 0 || name === undefined) return '';
  const figures = faster.flatMap(({ model, result }) => {
    const percentile = percentileOf(result, name);
    return percentile === null ? [] : [`${ms(percentile)} for ${model}`];
  });
  const subject = `The ${name}${className(faster)}`;
  return `${subject} is lower still, at most ${list(figures)}, even though part of that is delay of the load generator.`;
}

/** Of the first class where there are several. */
function percentileOf(result: RateResult | undefined, name: Name): Percentile | null {
  return (result?.classes[0] ?? result)?.latency[name] ?? null;
}

function className(candidates: readonly Candidate[]): string {
  const first = candidates[0]?.result.classes[0];
  return first === undefined ? '' : ` of ${first.name} requests`;
}

function behind(all: readonly Candidate[]): string[] {
  const slow = all.filter(({ result }) => isServerLatency(result.limitedBy) && !result.keptUp);
  if (slow.length === 0) return [];
  const models = list(slow.map(({ model }) => model));
  const whose = slow.length === 1 ? 'its' : 'their';
  return [`${models} did not keep up with this rate: ${whose} latency grows as long as the load lasts.`];
}

function disturbed(all: readonly Candidate[]): string[] {
  const held = all.filter(({ result }) => !isServerLatency(result.limitedBy));
  const causes = [...new Set(held.map(({ result }) => result.limitedBy.by))];
  return causes.map((by) => {
    const models = held.filter(({ result }) => result.limitedBy.by === by).map(({ model }) => model);
    return `${list(models)} ${models.length === 1 ? 'is' : 'are'} not compared, because ${because(by)}.`;
  });
}

function because(by: RateResult['limitedBy']['by']): string {
  switch (by) {
    case 'generator':
      return 'the load generator itself was late';
    case 'machine':
      return 'the CPUs were used up by more than the server';
    case 'connections':
      return 'requests waited for a connection';
    case 'upstream':
      return 'the service behind the handler was saturated';
    case 'workers':
    case 'front':
    case 'thread-pool':
    case 'server':
    case 'offered-rate':
    case 'unclear':
      return 'requests piled up and no bottleneck was found';
    default:
      return by satisfies never;
  }
}

function lost(cells: readonly RateCell[], names: (cell: RateCell) => string): string[] {
  const without = cells.filter(({ result }) => result === null).map(names);
  return without.length === 0 ? [] : [`${list(without)} had no valid trial.`];
}

function ms({ ms: value, atLeast }: Percentile): string {
  const digits = value < 1 ? 2 : 3;
  // As in the tables, where a half is rounded up: histograms tell such values often.
  const options = { minimumSignificantDigits: digits, maximumSignificantDigits: digits };
  const text = value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toLocaleString('en-US', options);
  return `${atLeast ? 'at least ' : ''}${text} ms`;
}
