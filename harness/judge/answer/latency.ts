/** How the latencies of the models compare at one common rate, in sentences. */

import { isServerLatency } from '../bottleneck/limited-by.ts';
import type { Percentile } from '../schema/capacity.ts';
import type { RateCell, RateResult } from '../schema/rate.ts';
import { list, namesOf } from '../words.ts';

/** Percentiles that are looked at, the one that decides first. */
const DECISIVE = ['p99', 'p90', 'p50'] as const;
type Name = (typeof DECISIVE)[number];

interface Candidate {
  readonly model: string;
  readonly result: RateResult;
}

interface Rated {
  readonly model: string;
  readonly percentile: Percentile;
}

/**
 * Which model answers fastest in the tail, by how much, and which cannot be compared. Of several request classes the
 * first is compared: a scenario names first what users notice. Models whose intervals overlap with that of the best are named with
 * it; without intervals only figures are stated.
 */
export function latencyAnswer(cells: readonly RateCell[]): string {
  const names = namesOf(cells);
  const all = cells.flatMap((cell): Candidate[] =>
    cell.result === null ? [] : [{ model: names(cell), result: cell.result }],
  );
  const comparable = all.filter(({ result }) => isServerLatency(result.limitedBy) && result.keptUp);
  const faster = fasterDespiteDelay(all, comparable);
  const others = all.filter((one) => !faster.includes(one));
  const ranked = ranking(comparable);
  const begin = faster.length === 0 ? ranked : `Where the load generator was on time: ${ranked}`;
  const parts = [begin, bounded(faster), ...behind(all), ...disturbed(others), ...lost(cells, names)];
  const text = parts.filter((part) => part !== '').join(' ');
  return text === '' ? 'No trial was valid, so there is no result.' : text;
}

function ranking(candidates: readonly Candidate[]): string {
  const name = DECISIVE.find((one) => candidates.every(({ result }) => percentileOf(result, one) !== null));
  if (candidates.length === 0) return '';
  if (name === undefined) return 'There were too few requests for a median of every model.';
  const rated = candidates
    .flatMap(({ model, result }): Rated[] => {
      const percentile = percentileOf(result, name);
      return percentile === null ? [] : [{ model, percentile }];
    })
    .toSorted((a, b) => a.percentile.ms - b.percentile.ms);
  const [best, ...others] = rated;
  if (best === undefined) return '';
  const subject = `${name}${className(candidates)}`;
  if (others.length === 0) return `The ${subject} is ${ms(best.percentile)} for ${best.model}.`;
  if (rated.some(({ percentile }) => percentile.low === null)) {
    const figures = list(rated.map(({ model, percentile }) => `${ms(percentile)} for ${model}`));
    return `The ${subject} is ${figures}: ${noInterval(candidates)}, so this is not a ranking.`;
  }
  const level = others.filter(({ percentile }) => overlap(percentile, best.percentile));
  const slower = others.filter((one) => !level.includes(one));
  const first = list([best, ...level].map(({ model }) => model));
  const begin =
    level.length === 0
      ? `${first} has the lowest ${subject}, ${ms(best.percentile)}`
      : `${first} are level: their ${subject} is about ${ms(best.percentile)}`;
  if (slower.length === 0) return `${begin}, and the trials cannot tell them apart.`;
  const gaps = slower.map((one) => `${ms(one.percentile)} for ${one.model}${times(best, one)}`);
  return `${begin}, against ${list(gaps)}.`;
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
  return `It is lower still, at most ${list(figures)}, even though part of that is delay of the load generator.`;
}

/** Why there is none: it takes three trials, and an end that is not lost among the requests without a reply. */
function noInterval(candidates: readonly Candidate[]): string {
  return candidates.some(({ result }) => result.unfinished > 0)
    ? 'requests without a reply leave no interval'
    : 'there are too few trials for intervals';
}

/** Of the first class where there are several. */
function percentileOf(result: RateResult, name: Name): Percentile | null {
  const [first] = result.classes;
  return (first === undefined ? result.latency : first.latency)[name];
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
      return 'server and load generator shared CPUs that were fully used';
    case 'connections':
      return 'requests waited for a connection';
    case 'upstream':
      return 'the service behind the handler was saturated';
    case 'workers':
    case 'front':
    case 'thread-pool':
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

function overlap(a: Percentile, b: Percentile): boolean {
  return (a.low ?? a.ms) <= (b.high ?? b.ms) && (b.low ?? b.ms) <= (a.high ?? a.ms);
}

/** ` (12 times as long)`, where that says more than the figure. */
function times(best: Rated, other: Rated): string {
  const ratio = other.percentile.ms / best.percentile.ms;
  return ratio < 1.95 ? '' : ` (${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)} times as long)`;
}

function ms({ ms: value, atLeast }: Percentile): string {
  const digits = value < 1 ? 2 : 3;
  // As in the tables, where a half is rounded up: histograms tell such values often.
  const options = { minimumSignificantDigits: digits, maximumSignificantDigits: digits };
  const text = value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toLocaleString('en-US', options);
  return `${atLeast ? 'at least ' : ''}${text} ms`;
}
