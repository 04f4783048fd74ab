/** The sentences that decide: which model, by how much, or how many more rounds it takes. */

import { aside, capital, list, moreThan, percent, rateText } from '../words.ts';
import type { Contender, Order, Relate } from './order.ts';

export interface Decided {
  readonly order: Order;
  /** The one to take. */
  readonly one: Contender;
  /** Why it is taken of those that are equivalent. */
  readonly why: string;
  readonly relate: Relate;
  /** What the first sentence begins with. */
  readonly begin: string;
  readonly margin: number;
}

/** The decision first, then by how much the others are behind. */
export function decision(decided: Decided): readonly string[] {
  const { order, one, begin } = decided;
  const { best, equivalent, open, behind } = order;
  if (open.length > 0) return [`${begin}${undecided(decided)}`, lead(decided), ...among(decided)];
  if (equivalent.length > 0) return [`${begin === '' ? 'Take' : `${begin}take`} ${taken(decided)}`, lead(decided)];
  const served = `${one.name} served ${behind.length === 0 ? '' : 'the most, '}${rateOf(best)} requests per second`;
  return [`${begin}${served}${behind.length === 0 ? '' : `: ${gaps(one, behind, decided.relate)}`}.`];
}

/** What it takes to tell the best apart from those that it cannot be told apart from yet; empty when there are none. */
export function settling(
  { best, open }: Order,
  relate: Relate,
  { budgetMs }: { readonly budgetMs: number | null },
): string {
  const relations = open.map((other) => relate(best, other));
  const endless = relations.find(({ roundsToSettle }) => roundsToSettle === null);
  if (endless !== undefined) return capital(`${endless.reason}.`);
  const rounds = Math.max(0, ...relations.map(({ roundsToSettle }) => roundsToSettle ?? 0));
  if (rounds === 0) return '';
  const isFew = relations.every(({ ratio }) => ratio === null);
  const how = budgetMs === null ? `--rounds ${rounds}` : 'a larger --budget';
  if (isFew) return `It takes at least ${rounds} rounds in which both are valid: give ${how}.`;
  const all = someAreApart(open, relate) ? `${best.name} apart from ${names(open)}` : `${names([best, ...open])} apart`;
  return rounds > MOST_WORTH_IT
    ? `Telling ${all} would take about ${rounds} rounds, more than so small a difference is worth.`
    : `Telling ${all} would take about ${rounds} rounds in total: give ${how}.`;
}

/** The ends of an interval that spans more than this factor are not worth reading. */
const WIDEST = 100;

/** Hours, at the pace of a standard run. */
const MOST_WORTH_IT = 100;

function undecided({ order: { best, equivalent, open }, relate, margin }: Decided): string {
  const ratiosOf = open.flatMap((other) => {
    const { ratio } = relate(best, other);
    return ratio === null ? [] : [{ ratio, other }];
  });
  const known = ratiosOf
    .filter(({ ratio }) => ratio.high <= WIDEST * ratio.low)
    .map(({ ratio, other }) => `between ${aside(ratio.low)} and ${aside(ratio.high)} ${other.name}`);
  const unknown =
    ratiosOf.length === 0 ? 'they have too few rounds in common' : 'their rounds vary too much to say more';
  const ratios =
    known.length === 0 ? unknown : `${best.name} lies ${list(known)}, and the margin is ${percent(margin)}`;
  if (equivalent.length === 0) {
    const rates = list([best, ...open].map(rateOf));
    if (someAreApart(open, relate)) {
      const others = `${names(open)} at ${list(open.map(rateOf))}`;
      return `${best.name} at ${rateOf(best)} requests per second cannot be told apart from ${others}: ${ratios}.`;
    }
    return `${names([best, ...open])} cannot be told apart at ${rates} requests per second: ${ratios}.`;
  }
  return (
    `${names([best, ...equivalent])} are equivalent within ${percent(margin)} at about ${rateOf(best)} requests per second, ` +
    `but ${names(open)} cannot be told apart from ${best.name} at ${list(open.map(rateOf))}: ${ratios}.`
  );
}

/** Whether some of those that cannot be told apart from the best can be told apart from each other. */
function someAreApart(open: readonly Contender[], relate: Relate): boolean {
  return open.some((one) => open.some((other) => other !== one && relate(one, other).word === 'better'));
}

/** What is known nevertheless about those that cannot be told apart from the best: a sentence for each that is ahead of another. */
function among({ order: { open }, relate }: Decided): string[] {
  return open.flatMap((one) => {
    const behind = open.filter((other) => other !== one && relate(one, other).word === 'better');
    return behind.length === 0 ? [] : [`${one.name} served ${gaps(one, behind, relate)}.`];
  });
}

function taken({ order: { best, equivalent }, one, why, margin }: Decided): string {
  const others = [best, ...equivalent].filter((other) => other !== one);
  const level = `equivalent within ${percent(margin)} at about ${rateOf(best)} requests per second`;
  return `${one.name}: ${list(['it', ...others.map(({ name }) => name)])} are ${level}; ${why}.`;
}

/** How far the others are behind, of the chosen one if it is told apart from all of them, or else of the best. */
function lead({ order: { best, behind }, one, relate }: Decided): string {
  if (behind.length === 0) return '';
  const first = behind.every((other) => relate(one, other).word === 'better') ? one : best;
  return `${first.name} served ${gaps(first, behind, relate)}.`;
}

function gaps(one: Contender, behind: readonly Contender[], relate: Relate): string {
  return list(
    behind.flatMap((other) => {
      const { ratio } = relate(one, other);
      return ratio === null ? [] : [moreThan(ratio, other.name)];
    }),
  );
}

function names(contenders: readonly Contender[]): string {
  return list(contenders.map(({ name }) => name));
}

function rateOf({ result }: Contender): string {
  return rateText(result.requestsPerSec.point);
}
