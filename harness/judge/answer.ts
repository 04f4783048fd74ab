/** The answer for one scenario in plain words. */

import { TRIALS_TO_RANK } from './comparison.ts';
import { isRankable } from './limited-by.ts';
import { namesOf } from './model-names.ts';
import type { CellResult, CellSummary, LimitedBy } from './summary-schema.ts';

interface Ranked {
  /** As it is named. */
  readonly model: string;
  readonly result: CellResult;
}

/** From this many on, a difference of ranges is unlikely to be chance. */
const TRIALS_TO_BE_SURE = 5;

/**
 * Which model served the most, and by how much. Models whose ranges over trials overlap with the best are named with
 * it. Models that something other than the server held back are named apart and never ranked; what their CPU time per
 * request would allow is told instead.
 */
export function answer(cells: readonly CellSummary[]): string {
  const nameOf = namesOf(cells);
  const withResult = cells.flatMap((cell): Ranked[] =>
    cell.result === null ? [] : [{ model: nameOf(cell), result: cell.result }],
  );
  // A cell that was given up may have valid trials.
  if (withResult.length === 0 && cells.every(({ givenUp }) => givenUp === null)) {
    return 'No trial was valid, so there is nothing to say.';
  }
  const ranked = withResult
    .filter(({ result }) => isRankable(result.limitedBy))
    .toSorted((a, b) => b.result.requestsPerSec.point - a.result.requestsPerSec.point);
  const parts = [
    ranking(ranked, ranked.length < withResult.length),
    unranked(withResult),
    implied(withResult),
    failed(cells, nameOf),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** `notAll`: there are others, which are not ranked and may have served more. */
function ranking(ranked: readonly Ranked[], notAll: boolean): string {
  const [best, ...others] = ranked;
  if (best === undefined) return '';
  if (others.length === 0) return `${best.model} served ${rate(best)} requests per second.`;
  if (ranked.some(({ result }) => result.requestsPerSec.trials < TRIALS_TO_RANK)) {
    return `With fewer than ${TRIALS_TO_RANK} valid trials of each model, the figures are not ranked.`;
  }
  const level = others.filter((other) => other.result.requestsPerSec.max >= best.result.requestsPerSec.min);
  const behind = others.filter((other) => !level.includes(other));
  const first =
    level.length === 0
      ? `${best.model} served the most, ${rate(best)} requests per second`
      : `${list([best, ...level].map(({ model }) => model))} are level at about ${rate(best)} requests per second`;
  const begin = notAll ? `Of the models that can be ranked, ${first}` : first;
  if (behind.length === 0) return `${begin}; the trials do not tell them apart.`;
  const gaps = behind.map((other) => `${times(best, other)} of ${other.model}`);
  return `${begin}: ${list(gaps)}.${caution(ranked)}`;
}

/**
 * With three trials of each, the ranges of two equal models lie apart in 2 of 20 orders of the six figures; with five,
 * in 2 of 252. What the fewest trials say by chance that often is not said without a word of caution.
 */
function caution(ranked: readonly Ranked[]): string {
  const fewest = Math.min(...ranked.map(({ result }) => result.requestsPerSec.trials));
  return fewest < TRIALS_TO_BE_SURE ? ` With ${fewest} trials of each that is an indication, not proof.` : '';
}

function unranked(withResult: readonly Ranked[]): string {
  const held = withResult.filter(({ result }) => !isRankable(result.limitedBy));
  const causes = [...new Set(held.map(({ result }) => result.limitedBy.by))];
  const parts = causes.map((by) => {
    const models = list(held.filter(({ result }) => result.limitedBy.by === by).map(({ model }) => model));
    return `${models}: not ranked, because ${because(by)}.`;
  });
  return parts.join(' ');
}

function because(by: LimitedBy['by']): string {
  switch (by) {
    case 'generator':
      return 'the load generator was at its end before the server';
    case 'machine':
      return 'server and load generator shared CPUs that had no time left';
    case 'connections':
      return 'the number of connections decided, not the server';
    case 'upstream':
      return 'the service behind the handler decided, not the server';
    case 'workers':
    case 'front':
    case 'offered-rate':
    case 'unclear':
      return 'it is unclear what held it back';
    default:
      return by satisfies never;
  }
}

/** What a cell that cannot be ranked is compared by, said for all models as soon as it is needed for one. */
function implied(withResult: readonly Ranked[]): string {
  if (withResult.every(({ result }) => isRankable(result.limitedBy))) return '';
  const of = ({ result }: Ranked): number => result.impliedCapacity.requestsPerSec.point;
  const parts = withResult.toSorted((a, b) => of(b) - of(a)).map((one) => `${rounded(of(one))} (${one.model})`);
  return `Going by CPU time per request alone, with the load generator elsewhere, these CPUs would serve about ${list(parts)} requests per second.`;
}

function failed(cells: readonly CellSummary[], nameOf: (cell: CellSummary) => string): string {
  const lost = cells.filter((cell) => cell.givenUp !== null).map(nameOf);
  const others = cells.filter((cell) => cell.result === null && cell.givenUp === null).map(nameOf);
  return [
    lost.length === 0 ? '' : `${list(lost)} kept failing and ${lost.length === 1 ? 'was' : 'were'} given up.`,
    others.length === 0 ? '' : `${list(others)} had no valid trial.`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** Two digits: it is reckoned, not measured. */
function rounded(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US');
}

function rate({ result }: Ranked): string {
  const value = result.requestsPerSec.point;
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}

/** `2.0 times that`, or `4% more than that` where times would hide it. */
function times(best: Ranked, other: Ranked): string {
  const ratio = best.result.requestsPerSec.point / other.result.requestsPerSec.point;
  if (ratio >= 1.5) return `${ratio.toFixed(1)} times the rate`;
  return ratio < 1.01 ? 'less than 1% above that' : `${Math.round((ratio - 1) * 100)}% above that`;
}

function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
