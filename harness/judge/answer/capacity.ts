/** The answer for one scenario in sentences. */

import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import type { Manifest } from '../../store/schema.ts';
import { isRankable } from '../bottleneck/limited-by.ts';
import { isWarm } from '../cell/capacity.ts';
import { effortOf } from '../models/judging.ts';
import type { Answer, Decision } from '../schema/answer.ts';
import type { LatencySummary } from '../schema/rate.ts';
import type { CellSummary, Comparison, LimitedBy } from '../schema/summary.ts';
import { capital, list, mibText, msText, namesOf, percent, rateText } from '../words.ts';
import { mostText, othersText, standingText } from './behind.ts';
import { type Contender, relationsOf } from './contender.ts';
import { lossText } from './loss.ts';
import { changeSentences, limitOf, limitSentence } from './limits.ts';

/** What an answer is made of. */
export interface Answered {
  readonly cells: readonly CellSummary[];
  readonly comparisons: readonly Comparison[];
  readonly latency: Pick<LatencySummary, 'cells'> | null;
  readonly answers: readonly Answer[];
  readonly decision: Decision | null;
}

/** What the answers were reached by. */
export type About = Pick<Manifest, 'margin' | 'ownModels' | 'runtimes'>;

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
  const parts = [
    ...(throughput === undefined ? elsewhere(speaking) : byThroughput(speaking, throughput)),
    sentence(capital(lossText(cells))),
    notWarm(contenders),
    ...failed(cells, names),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function byThroughput(speaking: Speaking, answer: Answer): readonly string[] {
  const { contenders, decision, comparisons, about } = speaking;
  const ranked = contenders.filter(({ id }) => answer.models.some(({ cell }) => cell === id));
  const taken = ranked.find(({ id }) => id === decision?.take);
  const apart = notCompared(contenders.filter((one) => !ranked.includes(one)));
  if (decision === null || taken === undefined) return [...open(speaking, answer, ranked), apart];
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
    apart,
  ];
}

/** Why it, of several that are as good. */
function among(speaking: Speaking, answer: Answer, decision: Decision, taken: Contender): string {
  const { about, nameOf } = speaking;
  const others = decision.among.filter((id) => id !== decision.take);
  if (others.length === 0) return '';
  const bounds = othersText(answer, others, nameOf);
  return `. ${bounds}, which is within ${percent(about.margin)}: ${whyText(speaking, decision, taken)}`;
}

function whyText({ contenders }: Speaking, { why, among }: Decision, taken: Contender): string {
  switch (why) {
    case 'only':
      return `${taken.name} is the only one`;
    case 'cpu-per-request':
      return `of these ${taken.name} needs the least CPU per request`;
    case 'peak-memory': {
      const bytesOf = ({ result }: Contender): number => result.memory.peakBytes.point;
      const isLeast = contenders.every((one) => !among.includes(one.id) || bytesOf(one) >= bytesOf(taken));
      return `of these ${taken.name} needs the least memory${isLeast ? '' : ' and no more CPU per request'}`;
    }
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
  const may = answer.best.flatMap((best) => contenders.filter(({ id }) => id === best));
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
function elsewhere(speaking: Speaking): readonly string[] {
  const { answers, decision, contenders, nameOf } = speaking;
  const cpu =
    answers.find(({ metric, offeredPerSec }) => metric === 'cpu-per-request' && offeredPerSec !== null) ??
    answers.find(({ metric }) => metric === 'cpu-per-request');
  const [only] = contenders;
  if (only !== undefined && contenders.length === 1) {
    const reason = reasonOf(only);
    return [
      `${only.name} served ${rateText(only.result.requestsPerSec.point)} requests per second.`,
      costSentence('It takes', only, []),
      reason === null ? limitSentence([only]) : `${capital(reason)}.`,
    ];
  }
  const reason = undecidedBy(contenders);
  if (cpu === undefined && decision !== null) return [`Take ${nameOf(decision.take)}: no other keeps every session.`];
  if (cpu === undefined) return [reason];
  const where = cpu.offeredPerSec === null ? '' : `at ${rateText(cpu.offeredPerSec)} requests per second each `;
  const taken = contenders.find(({ id }) => id === decision?.take);
  const best = taken ?? contenders.find(({ id }) => id === cpu.best[0]);
  if (best === undefined || cpu.models.every(({ atMostBehind }) => atMostBehind === null)) {
    return [reason, capital(`${where}there are too few rounds to compare CPU per request: give --rounds 3 or more.`)];
  }
  const spoken = `${msText(cpuMsOf(speaking, best, cpu))} of CPU per request, ${standingOf(cpu, best)}`;
  const others = cpu.models.flatMap(({ cell }) => (cell === best.id ? [] : [cell]));
  if (decision === null || taken === undefined) {
    const isOpen = cpu.offeredPerSec !== null;
    return [
      isOpen ? 'Not decided yet.' : 'Not decided.',
      where === '' ? `${best.name} needs ${spoken}.` : capital(`${where}${best.name} needs ${spoken}.`),
      sentence(othersText(cpu, others, nameOf)),
      isOpen ? roundsText(cpu) : '',
      reason,
    ];
  }
  return [
    `Take ${taken.name}: ${where}it needs ${spoken}${among(speaking, cpu, decision, taken)}.`,
    sentence(
      othersText(
        cpu,
        others.filter((id) => !decision.among.includes(id)),
        nameOf,
      ),
    ),
    tail(speaking, cpu, best),
    reason,
  ];
}

/** `It takes 89 MiB and 10.2 ms of CPU per request, against 58 MiB and 10.1 ms of single.`, for the beginning `It takes`. */
function costSentence(begin: string, one: Contender, others: readonly Contender[]): string {
  const { memory, cpuMsPerRequest } = one.result;
  const own = `${mibText(memory.peakBytes.point)} and ${msText(cpuMsPerRequest.point)} of CPU per request`;
  const figures = others.map(({ name, result }) => {
    const ms = msText(result.cpuMsPerRequest.point);
    // Resident and proportional set sizes are different quantities.
    const mib = result.memory.kind === memory.kind ? `${mibText(result.memory.peakBytes.point)} and ` : '';
    return `${mib}${ms} of ${name}`;
  });
  return `${begin} ${own}${figures.length === 0 ? '' : `, against ${list(figures)}`}.`;
}

/** Why requests per second do not: at most one was limited by itself, or another served more in spite of what held it back. */
function undecidedBy(contenders: readonly Contender[]): string {
  const own = contenders.filter((one) => reasonOf(one) === null);
  const held = contenders.filter((one) => !own.includes(one));
  const [most] = held.toSorted((a, b) => b.result.requestsPerSec.point - a.result.requestsPerSec.point);
  const others = held.filter((one) => one !== most || own.length < 2);
  const [only] = own;
  const parts = [
    ...(own.length > 1 && most !== undefined ? [`${most.name} served the most, although ${reasonOf(most)}`] : []),
    ...(own.length === 1 && only !== undefined ? [`only ${only.name} was limited by ${limitOf([only])}`] : []),
    ...byReason(others).map(({ names, reason }) => `${reason} (${list(names)})`),
  ];
  return `Requests per second do not decide here: ${parts.join('; ')}.`;
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

/** `Not compared: cluster and single, because the number of connections was the limit.` */
function notCompared(some: readonly Contender[]): string {
  const groups = byReason(some).map(({ names, reason }) => `${list(names)}, because ${reason}`);
  return groups.length === 0 ? '' : `Not compared: ${groups.join('; ')}.`;
}

function byReason(some: readonly Contender[]): { readonly names: readonly string[]; readonly reason: string }[] {
  const texts = some.map((one) => ({ name: one.name, reason: reasonOf(one) ?? 'too few trials were valid' }));
  return [...new Set(texts.map(({ reason }) => reason))].map((reason) => ({
    names: texts.filter((one) => one.reason === reason).map(({ name }) => name),
    reason,
  }));
}

const TOO_COLD = 'too few trials were warm';

/** Why its requests per second cannot be compared; null when they can. */
function reasonOf({ result: { limitedBy, trials } }: Contender): string | null {
  if (!isRankable(limitedBy)) return because(limitedBy.by);
  const warm = trials.filter(({ steady, limitedBy: own }) => steady && isRankable(own));
  return warm.length < Math.min(FEWEST_TRIALS, trials.length) ? TOO_COLD : null;
}

function because(by: LimitedBy['by']): string {
  switch (by) {
    case 'generator':
      return 'the load generator was the limit, not the server';
    case 'machine':
      return 'the CPUs were used up by more than the server';
    case 'connections':
      return 'the number of connections was the limit, not the server';
    case 'upstream':
      return 'the service behind the handler was the limit, not the server';
    case 'workers':
    case 'front':
    case 'thread-pool':
    case 'server':
    case 'offered-rate':
    case 'unclear':
      return 'no bottleneck was found';
    default:
      return by satisfies never;
  }
}

/** These were named with a figure above, which must not be mistaken for one of warm code. */
function notWarm(contenders: readonly Contender[]): string {
  const cold = contenders.filter((one) => !isWarm(one.result) && reasonOf(one) !== TOO_COLD).map(({ name }) => name);
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
