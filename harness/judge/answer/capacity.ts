/** The answer for one scenario in sentences. */

import type { Manifest } from '../../store/schema.ts';
import { isRankable } from '../bottleneck/limited-by.ts';
import { isWarm } from '../cell/capacity.ts';
import { effortOf } from '../models/judging.ts';
import type { Answer, Decision } from '../schema/answer.ts';
import type { LatencySummary } from '../schema/rate.ts';
import type { CellSummary, Comparison, LimitedBy } from '../schema/summary.ts';
import { capital, list, msText, namesOf, rateText } from '../words.ts';
import { mostText, othersText, standingText } from './behind.ts';
import { type Contender, relationsOf } from './contender.ts';
import { costSentence } from './costs.ts';
import { changeSentences, limitSentence } from './limits.ts';

/** What an answer is made of. */
export interface Answered {
  readonly cells: readonly CellSummary[];
  readonly comparisons: readonly Comparison[];
  readonly latency: Pick<LatencySummary, 'cells'> | null;
  readonly answers: readonly Answer[];
  readonly decision: Decision | null;
}

/** What the answers were reached by. */
export type About = Pick<Manifest, 'margin' | 'ownModels'>;

interface Speaking extends Answered {
  readonly about: About;
  readonly contenders: readonly Contender[];
  readonly nameOf: (id: string) => string;
}

/**
 * Which model to take, how far the others are behind at least and at most, at what cost, and when another would be the answer. What
 * something other than the server limited is not among those that are compared by requests per second, and is told apart from them.
 */
export function answer(answered: Answered, about: About): string {
  const { cells, answers } = answered;
  const names = namesOf(cells);
  const byId = new Map(cells.map((cell) => [cell.id, names(cell)]));
  const contenders = cells.flatMap((cell): Contender[] =>
    cell.result === null
      ? []
      : [{ id: cell.id, name: names(cell), cell, result: cell.result, effort: effortOf(cell.model, about) }],
  );
  // A cell that was given up may have valid trials.
  if (contenders.length === 0 && cells.every(({ givenUp }) => givenUp === null)) {
    return 'No trial was valid, so there is no result.';
  }
  const speaking: Speaking = { ...answered, about, contenders, nameOf: (id) => byId.get(id) ?? id };
  const throughput = answers.find(({ metric }) => metric === 'throughput');
  const held = contenders.filter(({ result }) => !isRankable(result.limitedBy));
  const ranked = contenders.filter((one) => !held.includes(one));
  const parts = [
    ...(throughput === undefined ? elsewhere(speaking, ranked, held) : byThroughput(speaking, throughput, held)),
    notWarm(contenders),
    ...failed(cells, names),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function byThroughput(speaking: Speaking, answer: Answer, held: readonly Contender[]): readonly string[] {
  const { contenders, decision, comparisons, about } = speaking;
  const ranked = contenders.filter(({ id }) => answer.models.some(({ cell }) => cell === id));
  const taken = ranked.find(({ id }) => id === decision?.take);
  const heldBack = held.length === 0 ? '' : notRanked(held);
  if (decision === null || taken === undefined) return [...open(speaking, answer, ranked), heldBack];
  const others = ranked.filter((one) => one !== taken);
  const behind = others.filter(({ id }) => !answer.within.includes(id));
  const figure = `${rateText(taken.result.requestsPerSec.point)} requests per second`;
  const isSpecial = ranked.some(({ result }) => result.limitedBy.by !== 'workers');
  return [
    `Take ${taken.name}: ${figure}, ${standingOf(answer, taken)}${among(speaking, answer, decision, taken)}.`,
    sentence(othersText(answer, ids(decision.why === 'only' ? others : behind), speaking.nameOf)),
    costSentence('It takes', taken, others),
    isSpecial ? limitSentence([taken, ...others]) : '',
    changeSentences(taken, behind, { cpu: relationsOf(comparisons, 'cpu-per-request') }, about.margin, 1),
    heldBack,
  ];
}

/** Why it, of several that are as good. */
function among({ about, nameOf }: Speaking, answer: Answer, decision: Decision, taken: Contender): string {
  const others = decision.among.filter((id) => id !== decision.take);
  if (others.length === 0) return '';
  const bounds = othersText(answer, others, nameOf);
  return `. ${bounds}, which is within ${Number((about.margin * 100).toPrecision(3))}%: ${whyText(decision, taken)}`;
}

function whyText({ why, among }: Decision, taken: Contender): string {
  switch (why) {
    case 'only':
      return `${taken.name} is the only one`;
    case 'cpu-per-request':
      return `${taken.name} needs the least CPU per request`;
    case 'peak-memory':
      return `${taken.name} needs the least memory`;
    case 'simplest': {
      const reason = taken.effort === null ? '' : ` (${taken.effort.why})`;
      return `${taken.name} is the ${among.length > 2 ? 'simplest' : 'simpler'} of those that cost the least${reason}`;
    }
    default:
      return why satisfies never;
  }
}

/** Nothing is decided: who may be the best, who is out, and what it would take. */
function open({ nameOf, contenders }: Speaking, answer: Answer, ranked: readonly Contender[]): readonly string[] {
  const figures = (some: readonly Contender[]): string =>
    list(some.map(({ name, result }) => `${rateText(result.requestsPerSec.point)} (${name})`));
  if (answer.rounds < 3 || answer.models.every(({ atMostBehind }) => atMostBehind === null)) {
    const why =
      answer.best.length === 0
        ? 'early and late rounds contradict each other'
        : 'it takes 3 rounds in which all are valid';
    return [`Not decided, because ${why}: ${figures(ranked)} requests per second.`];
  }
  const may = contenders.filter(({ id }) => answer.best.includes(id));
  const out = ranked.filter((one) => !may.includes(one));
  return [
    `Not decided yet. The best may be ${list(
      may.map((one) => `${one.name} (${mostOf(answer, one)})`),
      'or',
    )}.`,
    out.length === 0 ? '' : `Out: ${othersText(answer, ids(out), nameOf)}.`,
    roundsText(answer),
    ...may.slice(0, 1).map((one) =>
      costSentence(
        `${one.name} takes`,
        one,
        ranked.filter((other) => other !== one),
      ),
    ),
  ];
}

function roundsText({ roundsToAnswer }: Answer): string {
  if (roundsToAnswer === null) return 'More rounds would probably not decide it.';
  return `About ${roundsToAnswer} more round${roundsToAnswer === 1 ? '' : 's'} would probably decide it.`;
}

/** Requests per second tell nothing of the server, or of one model alone: what the same work costs does. */
function elsewhere(speaking: Speaking, ranked: readonly Contender[], held: readonly Contender[]): readonly string[] {
  const { answers, decision, contenders, nameOf } = speaking;
  const cpu =
    answers.find(({ metric, offeredPerSec }) => metric === 'cpu-per-request' && offeredPerSec !== null) ??
    answers.find(({ metric }) => metric === 'cpu-per-request');
  const [only] = contenders;
  if (held.length === 0 && only !== undefined && contenders.length === 1) {
    return [
      `${only.name} served ${rateText(only.result.requestsPerSec.point)} requests per second.`,
      costSentence('It takes', only, []),
      limitSentence([only]),
    ];
  }
  const reason = `Requests per second do not decide here: ${reasons(ranked, held).join('; ')}.`;
  if (cpu === undefined) return [reason];
  const where = cpu.offeredPerSec === null ? '' : `At ${rateText(cpu.offeredPerSec)} requests per second each, `;
  const taken = contenders.find(({ id }) => id === decision?.take);
  const best = taken ?? contenders.find(({ id }) => id === cpu.best[0]);
  if (best === undefined || cpu.models.every(({ atMostBehind }) => atMostBehind === null)) {
    return [
      reason,
      `${where === '' ? 'T' : `${where}t`}here are too few rounds to compare CPU per request: give --rounds 3 or more.`,
    ];
  }
  const begin = taken === undefined ? `${best.name} needs` : `take ${best.name}: it needs`;
  const figure = msText(cpuMsOf(speaking, best, cpu));
  const others = cpu.models.flatMap(({ cell }) => (cell === best.id ? [] : [cell]));
  const spoken = `${where}${begin} ${figure} of CPU per request, ${standingOf(cpu, best)}`;
  const why =
    decision === null || taken === undefined || decision.among.length < 2 ? '' : `; ${whyText(decision, taken)}`;
  const first = taken === undefined || where !== '' ? `${spoken}.` : capital(`${spoken}.`);
  return [first, sentence(`${othersText(cpu, others, nameOf)}${why}`), tail(speaking, cpu, best), reason];
}

/** One that was held back and served the most nevertheless; one that has no other to be compared with; and what held back whom. */
function reasons(ranked: readonly Contender[], held: readonly Contender[]): string[] {
  const [most] = held.toSorted((a, b) => b.result.requestsPerSec.point - a.result.requestsPerSec.point);
  if (ranked.length > 1 && most !== undefined) {
    return [`${most.name} served the most, although ${because(most.result.limitedBy.by)}`];
  }
  const alone = ranked.map(({ name }) => `only ${name} was limited by the server itself`);
  return [...alone, ...causes(held).map(([models, cause]) => `${models}: ${cause}`)];
}

function cpuMsOf({ latency }: Speaking, { cell, result }: Contender, { offeredPerSec }: Answer): number {
  const own = latency?.cells.find(
    (one) =>
      one.model === cell.model && one.connectionMode === cell.connectionMode && one.offeredPerSec === offeredPerSec,
  );
  return (own?.result ?? result).cpuMsPerRequest.point;
}

/** The tail of latency at that rate, where all can be compared. */
function tail({ answers }: Speaking, { offeredPerSec }: Answer, best: Contender): string {
  const p99 = answers.find((one) => one.metric === 'latency-p99' && one.offeredPerSec === offeredPerSec);
  const own = p99?.models.find(({ cell }) => cell === best.id);
  if (p99 === undefined || own === undefined || own.atMostBehind === null) return '';
  return `Its p99 latency there is ${standingText('latency-p99', own)}.`;
}

function notRanked(held: readonly Contender[]): string {
  return `Not compared: ${causes(held)
    .map(([models, cause]) => `${models}, because ${cause}`)
    .join('; ')}.`;
}

/** Models, and what limited all of them. */
function causes(held: readonly Contender[]): (readonly [models: string, cause: string])[] {
  const labels = [...new Set(held.map(({ result }) => result.limitedBy.by))];
  return labels.map((by) => {
    const models = list(held.filter(({ result }) => result.limitedBy.by === by).map(({ name }) => name));
    return [models, because(by)] as const;
  });
}

function because(by: LimitedBy['by']): string {
  switch (by) {
    case 'generator':
      return 'the load generator was the limit, not the server';
    case 'machine':
      return 'CPUs that server and load generator shared were the limit';
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

function standingOf({ metric, models }: Answer, { id }: Contender): string {
  const own = models.find(({ cell }) => cell === id);
  return own === undefined ? '' : standingText(metric, own);
}

function mostOf({ metric, models }: Answer, { id }: Contender): string {
  const own = models.find(({ cell }) => cell === id);
  return own === undefined ? '' : mostText(metric, own);
}

function ids(contenders: readonly Contender[]): string[] {
  return contenders.map(({ id }) => id);
}

function sentence(text: string): string {
  return text === '' ? '' : `${text}.`;
}
