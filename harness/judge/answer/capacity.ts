/** The answer for one scenario in sentences. */

import { builtInModel } from '../../../servers/index.ts';
import type { Effort } from '../../../servers/model.ts';
import type { Manifest } from '../../store/schema.ts';
import { isRankable } from '../bottleneck/limited-by.ts';
import { isWarm } from '../cell/capacity.ts';
import type { CellSummary, Comparison, LimitedBy } from '../schema/summary.ts';
import { list, namesOf, rateText, roughly } from '../words.ts';
import { type Costs, choose, costSentence, isCheaper } from './choice.ts';
import { changeSentences, limitSentence } from './limits.ts';
import { type Contender, type Order, orderOf, type Relate, relationsOf } from './order.ts';
import { decision, settling } from './verdict.ts';

/** What the verdicts were reached by. */
export interface About {
  readonly margin: number;
  /** null when the number of rounds was given. */
  readonly budgetMs: number | null;
  /** Models of the user. */
  readonly ownModels: Manifest['ownModels'];
}

/**
 * Which model to take, how much more it serves, at what cost, what limited each, and when another would be the answer.
 * Derived from verdicts: a model serves "the most" only when it can be told apart from all others, and of equivalent models
 * the cheaper or simpler is named. Models that something other than the server limited are listed separately and never
 * ranked; what their CPU time per request would allow is stated instead.
 */
export function answer(cells: readonly CellSummary[], comparisons: readonly Comparison[], about: About): string {
  const nameOf = namesOf(cells);
  const contenders = cells.flatMap((cell): Contender[] =>
    cell.result === null
      ? []
      : [{ id: cell.id, name: nameOf(cell), cell, result: cell.result, effort: effortOf(cell, about) }],
  );
  // A cell that was given up may have valid trials.
  if (contenders.length === 0 && cells.every(({ givenUp }) => givenUp === null)) {
    return 'No trial was valid, so there is no result.';
  }
  const relate = (metric: Comparison['metric']): Relate => relationsOf(comparisons, metric);
  const costs = { cpu: relate('cpu-per-request'), memory: relate('peak-memory') };
  const ranked = contenders.filter(({ result }) => isRankable(result.limitedBy));
  const held = contenders.filter((one) => !ranked.includes(one));
  const parts = [
    ...ranking(ranked, held.length > 0, relate('throughput'), costs, about),
    ...unranked(held),
    held.length === contenders.length ? cheapest(held, costs) : '',
    held.length === 0 ? '' : implied(contenders),
    notWarm(contenders),
    ...failed(cells, nameOf),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function effortOf({ model }: CellSummary, { ownModels }: About): Effort | null {
  return (ownModels.find(({ name }) => name === model) ?? builtInModel(model))?.effort ?? null;
}

/** `notAll`: there are other models, which are not ranked and may have served more. */
function ranking(
  ranked: readonly Contender[],
  notAll: boolean,
  relate: Relate,
  costs: Costs,
  about: About,
): readonly string[] {
  const order = orderOf(ranked, relate);
  const begin = notAll ? 'Of the models that can be ranked, ' : '';
  if (ranked.length === 0) return [];
  if (order === null) {
    const rates = ranked.map(({ name, result }) => `${rateText(result.requestsPerSec.point)} (${name})`);
    return [
      `${begin === '' ? 'No' : `${begin}no`} model comes first, because the comparisons contradict each other: ${list(rates)} requests per second.`,
      limitSentence(ranked),
    ];
  }
  const { one, why } = subjectOf(order, costs);
  const others = ranked.filter((other) => other !== one);
  // A reader has two minutes: where there is more to say before or after, one sentence must do.
  const most = notAll || order.equivalent.length > 0 ? 1 : 2;
  return [
    ...decision({ order, one, why, relate, begin, margin: about.margin }),
    settling(order, relate, about),
    costSentence(`${isSubject(order, one, relate) ? 'It' : one.name} takes`, one, orderedAs(order, others)),
    limitSentence([one, ...orderedAs(order, others)]),
    // While it is open, more rounds are what would change the answer.
    order.open.length > 0 ? '' : changeSentences(one, behindOf(order, one, relate), costs, about.margin, most),
  ];
}

/** The one to take: the best, or of several that are equivalent the one that is chosen. */
function subjectOf(order: Order, costs: Costs): { readonly one: Contender; readonly why: string } {
  const { best, equivalent, open } = order;
  if (equivalent.length === 0 || open.length > 0) return { one: best, why: '' };
  const { chosen, why } = choose([best, ...equivalent], costs);
  return { one: chosen, why };
}

/** Whether the sentence before was about it. */
function isSubject({ open, behind }: Order, one: Contender, relate: Relate): boolean {
  return open.length === 0 && behind.every((other) => relate(one, other).word === 'better');
}

function behindOf({ behind }: Order, one: Contender, relate: Relate): readonly Contender[] {
  return behind.filter((other) => relate(one, other).word === 'better');
}

function orderedAs({ best, equivalent, open, behind }: Order, some: readonly Contender[]): readonly Contender[] {
  return [best, ...equivalent, ...open, ...behind].filter((one) => some.includes(one));
}

function unranked(held: readonly Contender[]): readonly string[] {
  const causes = [...new Set(held.map(({ result }) => result.limitedBy.by))];
  return causes.map((by) => {
    const models = list(held.filter(({ result }) => result.limitedBy.by === by).map(({ name }) => name));
    return `${models}: not ranked, because ${because(by)}.`;
  });
}

/** Where the load and not the server was the limit of all, the model that costs less than each of the others, if there is one. */
function cheapest(held: readonly Contender[], costs: Costs): string {
  const isElsewhere = held.every(({ result: { limitedBy } }) => ['connections', 'upstream'].includes(limitedBy.by));
  const one = held.find((it) => held.every((other) => other === it || isCheaper(it, other, costs)));
  if (!isElsewhere || one === undefined || held.length === 1) return '';
  const others = held.filter((other) => other !== one);
  return `Under this load ${costSentence(`${one.name} costs the least,`, one, others)}`;
}

function because(by: LimitedBy['by']): string {
  switch (by) {
    case 'generator':
      return 'the load generator was saturated before the server';
    case 'machine':
      return 'server and load generator shared CPUs that were fully used';
    case 'connections':
      return 'the number of connections was the limit, not the server';
    case 'upstream':
      return 'the service behind the handler was the limit, not the server';
    case 'workers':
    case 'front':
    case 'thread-pool':
    case 'offered-rate':
    case 'unclear':
      return 'no bottleneck was found';
    default:
      return by satisfies never;
  }
}

/** What a cell that cannot be ranked is compared by; stated for all models as soon as one needs it. */
function implied(contenders: readonly Contender[]): string {
  const of = ({ result }: Contender): number => result.impliedCapacity.requestsPerSec.point;
  const parts = contenders.toSorted((a, b) => of(b) - of(a)).map((one) => `${roughly(of(one))} (${one.name})`);
  return `By CPU time per request alone, with the load generator elsewhere, these CPUs would serve about ${list(parts)} requests per second.`;
}

/** These were named with a figure above, which must not be mistaken for one of warm code. */
function notWarm(contenders: readonly Contender[]): string {
  const cold = contenders.filter(({ result }) => !isWarm(result)).map(({ name }) => name);
  if (cold.length === 0) return '';
  const [was, its] = cold.length === 1 ? ['was', 'its'] : ['were', 'their'];
  return `${list(cold)} ${was} not yet warm in some trials, so ${its} figures may still change.`;
}

function failed(cells: readonly CellSummary[], nameOf: (cell: CellSummary) => string): readonly string[] {
  const unable = cells.flatMap((cell) =>
    cell.unable && cell.givenUp !== null ? [`${nameOf(cell)} cannot run this: ${cell.givenUp.message}.`] : [],
  );
  const lost = cells.filter((cell) => cell.givenUp !== null && !cell.unable).map(nameOf);
  const others = cells.filter((cell) => cell.result === null && cell.givenUp === null).map(nameOf);
  return [
    ...unable,
    lost.length === 0 ? '' : `${list(lost)} kept failing and ${lost.length === 1 ? 'was' : 'were'} given up.`,
    others.length === 0 ? '' : `${list(others)} had no valid trial.`,
  ];
}
