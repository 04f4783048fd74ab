/** The decision in a line: below the bars of a scenario, and over all of them the first sentence of a report. */
import { partsOf } from '../../plan/schedule/runtimes.ts';
import { isServerLatency } from '../bottleneck/limited-by.ts';
import type { Answer } from '../schema/answer.ts';
import type { SeriesSummary } from '../schema/series.ts';
import type { CellSummary, ScenarioSummary } from '../schema/summary.ts';
import { list, mibText, msText, namesOf, rateText, scenarioHeading, scenarioWords } from '../words.ts';
import { mostText, standingText } from './behind.ts';
import { faultHeadline } from '../faults/headline.ts';
import { relationOf } from './contender.ts';
import { aheadOf, type Found, figureOf, multipleOf, nameIn, type Speaking } from './finding.ts';

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
  if (answer === undefined || own === undefined) return `take ${name(take)}: no other keeps every session`;
  return `take ${name(take)}: ${figureText({ scenario, answer }, take)}, ${standingText(metric, own)}${asGood}`;
}

type Qualified = Pick<ScenarioSummary, 'cells' | 'answers' | 'decision' | 'comparisons' | 'latency'>;

/** At what cost, and what would change it: `44 MiB of memory, single 21 MiB; on one CPU single would do as well`. Empty where nothing is decided. */
export function qualification(scenario: Qualified): string {
  return [costText(scenario), tailText(scenario), changeText(scenario)].filter((text) => text !== '').join('; ');
}

/** At what cost the model is to be taken that is: `44 MiB of memory, single 21 MiB`. Empty where nothing is decided. */
function costText({ cells, decision }: Pick<Found, 'cells' | 'decision'>): string {
  const taken = cells.find(({ id }) => id === decision?.take);
  if (taken?.result == null) return '';
  const beside = singleBeside(taken, cells);
  // Resident and proportional set sizes are different quantities.
  const isAlike = beside !== taken && beside?.result?.memory.kind === taken.result.memory.kind;
  const single = isAlike ? beside : undefined;
  const against =
    single?.result == null ? '' : `, ${namesOf(cells)(single)} ${mibText(single.result.memory.peakBytes.point)}`;
  return `${mibText(taken.result.memory.peakBytes.point)} of memory${against}`;
}

/** The single process on the same Node.js that uses its connections in the same way. */
function singleBeside(taken: CellSummary, cells: readonly CellSummary[]): CellSummary | undefined {
  const { version } = partsOf(taken.model);
  return cells.find(
    ({ style, connectionMode, model }) =>
      style === 'alone' && connectionMode === taken.connectionMode && partsOf(model).version === version,
  );
}

/**
 * Whose users would wait less: `p99 of light requests at 91.6/s is 201 ms, with fork-pool at most 5.96 ms`. Empty where no other is
 * shown to have a shorter p99 at the highest rate that all kept up with. What a late load generator adds only makes it longer.
 */
export function tailText({ cells, decision, latency }: Pick<Found, 'cells' | 'decision' | 'latency'>): string {
  const taken = cells.find(({ id }) => id === decision?.take);
  const rates = (latency?.common ?? []).map(({ offeredPerSec, cells: ids }) => ({
    offeredPerSec,
    own: (latency?.cells ?? []).flatMap((cell) => {
      const { result } = cell;
      return result !== null && ids.includes(cell.id)
        ? [{ cell, result, p99: (result.classes[0] ?? result).latency.p99 }]
        : [];
    }),
  }));
  const kept = rates.filter(({ own }) => own.length > 1 && own.every(({ result }) => result.keptUp));
  const rate = kept.toSorted((a, b) => b.offeredPerSec - a.offeredPerSec)[0];
  const mine = rate?.own.find(({ cell }) => isSame(cell, taken));
  const least = mine?.p99?.low ?? null;
  // What delayed it may not have been the server.
  if (rate === undefined || mine?.p99 == null || least === null || !isServerLatency(mine.result.limitedBy)) return '';
  const shorter = rate.own
    .flatMap((one) =>
      one.p99?.high != null && !one.p99.atLeast && one.p99.high < least ? [{ ...one, ms: one.p99.ms }] : [],
    )
    .toSorted((a, b) => a.ms - b.ms)[0];
  if (shorter === undefined) return '';
  const { classes, limitedBy } = shorter.result;
  const of = classes[0] === undefined ? '' : ` of ${classes[0].name} requests`;
  const atMost = isServerLatency(limitedBy) ? '' : 'at most ';
  return `p99${of} at ${rateText(rate.offeredPerSec)}/s is ${msText(mine.p99.ms)}, with ${namesOf(cells)(shorter.cell)} ${atMost}${msText(shorter.ms)}`;
}

function isSame(one: Pick<CellSummary, 'model' | 'connectionMode'>, other: CellSummary | undefined): boolean {
  return one.model === other?.model && one.connectionMode === other.connectionMode;
}

/**
 * What would change the answer: one CPU, where CPU time per request decides. Empty where the single process is not shown to be behind,
 * or requests per second are not what decides.
 */
export function changeText({ cells, answers, decision, comparisons }: Qualified): string {
  const taken = cells.find(({ id }) => id === decision?.take);
  const single = taken === undefined ? undefined : singleBeside(taken, cells);
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
  {
    scenarios: all,
    series = [],
  }: {
    readonly scenarios: readonly (Found & Pick<ScenarioSummary, 'faults'> & { readonly id?: string })[];
    readonly series?: readonly Pick<SeriesSummary, 'points' | 'sentence'>[] | undefined;
  },
  length: 'whole' | 'short' = 'whole',
): string {
  // What the points of a series say together is not said again of each.
  const points = new Set(series.flatMap((one) => one.points.map(({ scenario }) => scenario)));
  const scenarios = all.filter(({ id }) => id === undefined || !points.has(id));
  const together = series.map(({ sentence }) =>
    length === 'whole' ? sentence : (/^.+?\.(?=\s|$)/su.exec(sentence)?.[0] ?? sentence),
  );
  const decided = scenarios.filter(({ decision }) => decision !== null);
  const taken = [...new Set(decided.map(takenName))];
  const parts = taken.map((model, i) => {
    const own = decided.filter((one) => takenName(one) === model);
    const isAll = own.length === scenarios.length && own.length > 1;
    const what = list(own.map((one) => `${scenarioWords(one)}${length === 'whole' ? gainText(one) : ''}`));
    return `${i === 0 ? 'Take ' : ''}${model} for ${isAll ? `all: ${what}` : what}`;
  });
  const alone = scenarios.filter(isAlone);
  const open = scenarios.filter((one) => one.decision === null && !isAlone(one));
  const between = open.map((one) => {
    const left = length === 'short' ? [] : leftIn(one);
    return `${scenarioWords(one)}${left.length === 0 ? '' : ` (${list(left.map(nameIn(one)), 'or')})`}`;
  });
  // Where there is more to say, each scenario says it for itself.
  const isNothing = length === 'whole' && open.length === scenarios.length && open.every(isHeld);
  const why = isNothing ? `, as ${HELD}` : '';
  return [
    ...together,
    ...(parts.length === 0 ? [] : [`${parts.join('; ')}.`]),
    ...alone.map((one) => `${scenarioHeading(one)}: ${servedText(one)}.`),
    ...(open.length === 0 ? [] : [`Not decided${open.some(mayBeAnswered) ? ' yet' : ''}${why}: ${list(between)}.`]),
    ...[faultHeadline(all)].filter((text) => text !== ''),
  ].join(' ');
}

/** Ids of those between which it is open, where others are out; empty where any may be the best, or nothing is known. */
function leftIn({ answers }: Found): readonly string[] {
  const throughput = answers.find(({ metric }) => metric === 'throughput');
  const isKnown = throughput?.models.some(({ atMostBehind }) => atMostBehind !== null) === true;
  if (throughput === undefined || !isKnown) return [];
  return throughput.best.length < throughput.models.length || throughput.models.length === 2 ? throughput.best : [];
}

/** Whether there is only one model to speak of. */
function isAlone({ cells }: Found): boolean {
  return cells.length === 1 && cells[0]?.result !== null;
}

/** Of the only model: `single serves 99.1/s`. */
function servedText(scenario: Found): string {
  const [only] = scenario.cells;
  return only?.result == null
    ? ''
    : `${nameIn(scenario)(only.id)} serves ${rateText(only.result.requestsPerSec.point)}/s`;
}

const HELD = 'something other than the server was the limit';

/** What the servers are compared by: requests per second or, where these tell nothing of them, CPU per request at a rate. */
function comparing({ answers }: Found): Answer | undefined {
  return (
    answers.find(({ metric }) => metric === 'throughput') ??
    answers.find(({ metric, offeredPerSec }) => metric === 'cpu-per-request' && offeredPerSec !== null)
  );
}

/** Whether servers were measured, and nothing compares them. */
function isHeld(scenario: Found): boolean {
  return comparing(scenario) === undefined && scenario.cells.some(({ result }) => result !== null);
}

function mayBeAnswered(scenario: Found): boolean {
  return (comparing(scenario)?.roundsToAnswer ?? 0) > 0;
}

function takenName({ cells, decision }: Found): string {
  const cell = cells.find(({ id }) => id === decision?.take);
  return cell === undefined ? '' : namesOf(cells)(cell);
}

/** ` (1.9× a single process)`, or by what else it was decided; empty where there is no single process behind it. */
function gainText(scenario: Found): string {
  const { decision, answers, cells } = scenario;
  if (decision === null) return '';
  if (decision.metric !== 'throughput') return ' (least CPU)';
  const taken = cells.find(({ id }) => id === decision.take);
  const single = taken === undefined ? undefined : singleBeside(taken, cells);
  const answer = answers.find(({ metric }) => metric === 'throughput');
  const out = answer?.models.filter(({ cell, atLeastBehind }) => cell === single?.id && atLeastBehind > 0) ?? [];
  if (answer === undefined || !aheadOf(answer, out).includes(decision.take)) return '';
  return ` (${multipleOf({ scenario, answer }, [decision.take], out)} a single process)`;
}

function openLine(scenario: Found): string {
  const { cells } = scenario;
  const answer = comparing(scenario);
  const measured = cells.filter(({ result }) => result !== null);
  const [only] = measured;
  if (only !== undefined && measured.length === 1)
    return `there is nothing to compare ${nameIn(scenario)(only.id)} with`;
  if (answer === undefined) return `not decided: ${HELD}`;
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

/** With its unit, as the decision has it. */
function figureText(speaking: Speaking, id: string): string {
  const { metric, offeredPerSec } = speaking.answer;
  const value = figureOf(speaking, id);
  const at = offeredPerSec === null ? '' : ` at ${rateText(offeredPerSec)}/s`;
  if (value === null) return 'unknown';
  return metric === 'throughput' ? `${rateText(value)}/s` : `${msText(value)} of CPU per request${at}`;
}
