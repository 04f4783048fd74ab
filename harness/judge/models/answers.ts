/** What the trials of a scenario answer: which model is the best in each figure, and which is to be taken. */
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import { looksAt, shareOf } from '../../stats/looks.ts';
import { isRankable, isServerLatency } from '../bottleneck/limited-by.ts';
import { COSTS } from '../metrics/derived.ts';
import type { Answer, Decision } from '../schema/answer.ts';
import type { CommonRate, LatencySummary, RateCell } from '../schema/rate.ts';
import type { CellSummary } from '../schema/summary.ts';
import { type Contest, contestOf, type Figures } from './contest.ts';
import type { Judging } from './judging.ts';
import { keeping } from './keeping.ts';

/** What a scenario is answered by. */
export interface Measured {
  readonly cells: readonly CellSummary[];
  /** At the rates that were offered to all; null where there is none. */
  readonly latency:
    | (Pick<LatencySummary, 'cells'> & { readonly common: readonly Pick<CommonRate, 'offeredPerSec' | 'cells'>[] })
    | null;
}

interface Entrant {
  /** Of the capacity cell, also of a figure at a rate. */
  readonly id: string;
  readonly figures: Figures;
}

/** One figure, and who can be compared in it. */
interface Question {
  readonly metric: Answer['metric'];
  readonly offeredPerSec: number | null;
  readonly entrants: readonly Entrant[];
  /** Nothing that was seen had a say in how many rounds there are. */
  readonly isFixed: boolean;
}

/** `rankOf` is the effort that a model takes; the simplest has the lowest. */
export function answersOf(
  measured: Measured,
  judging: Judging,
  rankOf: (model: string) => number,
): { readonly answers: readonly Answer[]; readonly decision: Decision | null } {
  const questions = questionsOf(measured).map((question) =>
    judging.looks === 'again' ? question : withEnough(question),
  );
  const answers = questions.map((question) => answerOf(question, judging));
  return { answers, decision: decide({ measured, questions, answers, judging, rankOf }) };
}

/**
 * Whether a run that goes on until then has ended because this is answered. Its last look has spent its own share of the error; only
 * the last look of what is still open may spend the rest, because it does not follow from what was seen that it was the last.
 */
export function isAnswered(measured: Measured, margin: number): boolean {
  const question = decisiveOf(questionsOf(measured));
  return question !== undefined && answerOf(question, { margin, looks: 'again' }).roundsToAnswer === 0;
}

/** Whether the server was the limit of at least two models, so that requests per second can be compared. */
export function comparesThroughput(cells: readonly CellSummary[]): boolean {
  return throughputOf(cells).length > 1;
}

function questionsOf({ cells: all, latency }: Measured): readonly Question[] {
  const cells = keeping(all);
  const full = { offeredPerSec: null, isFixed: false };
  const throughput = throughputOf(cells);
  const isFixed = throughput.length > 1;
  return [
    { ...full, metric: 'throughput' as const, entrants: throughput },
    ...costsOf(cells).map((one) => ({ ...full, ...one })),
    ...(latency?.common ?? []).flatMap(({ offeredPerSec, cells: ids }) => {
      const own = (latency?.cells ?? []).filter(({ id }) => ids.includes(id));
      return questionsAtRate(own, cells).map((one) => ({ offeredPerSec, isFixed, ...one }));
    }),
  ].filter(({ entrants }) => entrants.length > 1);
}

/** What is decided by where it is asked: requests per second, or else CPU time per request at the lowest rate that was offered to all. */
function decisiveOf<One extends Pick<Question, 'metric' | 'offeredPerSec'>>(all: readonly One[]): One | undefined {
  return (
    all.find(({ metric }) => metric === 'throughput') ??
    all.find(({ metric, offeredPerSec }) => metric === 'cpu-per-request' && offeredPerSec !== null)
  );
}

/** At the end, one that lacks rounds does not keep the others from being compared. */
function withEnough(question: Question): Question {
  const enough = question.entrants.filter(({ figures }) => figures.size >= FEWEST_TRIALS);
  return enough.length > 1 ? { ...question, entrants: enough } : question;
}

/**
 * A trial that something else limited, or that was not warm, says nothing of the server, also where it is one of few. What was held
 * back serves at least what it served: where that is more than any other did, the best of the others is not the best.
 */
function throughputOf(cells: readonly CellSummary[]): readonly Entrant[] {
  const most = (isRanked: boolean): number =>
    Math.max(
      ...cells.map(({ result }) =>
        result !== null && isRankable(result.limitedBy) === isRanked ? result.requestsPerSec.point : 0,
      ),
    );
  if (most(false) > most(true)) return [];
  return cells.flatMap(throughputIn);
}

function throughputIn({ id, result }: CellSummary): Entrant[] {
  if (result === null || !isRankable(result.limitedBy)) return [];
  const own = result.trials.filter(({ limitedBy, steady }) => steady && isRankable(limitedBy));
  return entrant(id, own, ({ requestsPerSec }) => requestsPerSec);
}

/** Of the trials that its server limited; none where something else limited the cell. */
export function throughputFigures(cell: CellSummary): Figures {
  return throughputIn(cell)[0]?.figures ?? new Map();
}

function costsOf(cells: readonly CellSummary[]): readonly Pick<Question, 'metric' | 'entrants'>[] {
  const results = cells.flatMap(({ id, result }) => (result === null ? [] : [{ id, result }]));
  return COSTS.map(({ name, figure, isAlike }) => {
    const alike = results.filter(({ result }) => results[0] !== undefined && isAlike(results[0].result, result));
    const entrants = alike.flatMap(({ id, result }) => {
      // Code that is not compiled yet takes longer, and no less memory.
      const own = result.trials.filter(({ steady }) => steady || name !== 'cpu-per-request');
      return entrant(id, own, (trial) => 1 / trial[figure.key]);
    });
    return { metric: name, entrants };
  });
}

/** A model that did not keep up did less work than the others, and its latency grows as long as the load lasts. */
function questionsAtRate(
  rates: readonly RateCell[],
  cells: readonly CellSummary[],
): readonly Pick<Question, 'metric' | 'entrants'>[] {
  const kept = rates.flatMap((rate) => {
    const { model, connectionMode, result } = rate;
    const cell = cells.find((one) => one.model === model && one.connectionMode === connectionMode);
    if (cell === undefined || result === null || !result.keptUp) return [];
    return [{ id: cell.id, result, trials: result.trials.filter(({ steady }) => steady) }];
  });
  const onTime = kept.filter(({ result }) => isServerLatency(result.limitedBy));
  const latency = (of: 'p50Ms' | 'p99Ms'): Entrant[] =>
    onTime.flatMap(({ id, trials }) =>
      entrant(id, trials, ({ ofFirstClass }) => 1 / (ofFirstClass[of] ?? Number.POSITIVE_INFINITY)),
    );
  return [
    {
      metric: 'cpu-per-request',
      entrants: kept.flatMap(({ id, trials }) => entrant(id, trials, ({ cpuMsPerRequest }) => 1 / cpuMsPerRequest)),
    },
    { metric: 'latency-p50', entrants: latency('p50Ms') },
    { metric: 'latency-p99', entrants: latency('p99Ms') },
  ];
}

/** Without a figure above 0, which is none, a trial has no logarithm. */
function entrant<Trial extends { readonly round: number }>(
  id: string,
  trials: readonly Trial[],
  more: (trial: Trial) => number,
): Entrant[] {
  const figures = new Map(
    trials.flatMap((trial) => {
      const value = more(trial);
      return value > 0 && Number.isFinite(value) ? [[trial.round, Math.log(value)] as const] : [];
    }),
  );
  return figures.size === 0 ? [] : [{ id, figures }];
}

function answerOf(question: Question, judging: Judging): Answer {
  const { metric, offeredPerSec, entrants } = question;
  const contest = contestIn(question, entrants, judging);
  const asShare = (behind: number): number => (metric === 'throughput' ? -Math.expm1(-behind) : Math.expm1(behind));
  const may = entrants.filter((_, i) => contest.behind[i]?.atLeast === 0);
  const most = inLogarithms(metric, judging.margin);
  const within = entrants.filter(
    (_, i) => !contest.contradicts && (contest.behind[i]?.atMost ?? Number.POSITIVE_INFINITY) <= most,
  );
  const ids = (some: readonly Entrant[]): string[] =>
    contest.contradicts ? [] : some.toSorted((a, b) => typical(b) - typical(a)).map(({ id }) => id);
  return {
    metric,
    offeredPerSec,
    rounds: contest.rounds,
    best: ids(may),
    within: ids(within),
    level: entrants.length > 0 && ids(within).length === entrants.length,
    models: entrants.map(({ id }, i) => {
      const { atMost, atLeast } = contest.behind[i] ?? { atMost: Number.POSITIVE_INFINITY, atLeast: 0 };
      const isKnown = Number.isFinite(atMost) && !contest.contradicts;
      return {
        cell: id,
        atMostBehind: isKnown ? asShare(atMost) : null,
        atLeastBehind: contest.contradicts ? 0 : asShare(atLeast),
      };
    }),
    roundsToAnswer: contest.roundsToAnswer,
  };
}

/** Between some of those that a question is about. */
function contestIn(
  { metric, entrants, isFixed }: Question,
  some: readonly Entrant[],
  { looks, margin }: Judging,
): Contest {
  const rounds = 1 + Math.max(-1, ...entrants.flatMap(({ figures }) => [...figures.keys()]));
  const isOnce = isFixed || looks === 'once';
  return contestOf(
    some.map(({ figures }) => figures),
    isOnce ? [{ rounds, share: 1 }] : looksAt(rounds, looks === 'last'),
    inLogarithms(metric, margin),
    isOnce ? () => 1 : shareOf,
  );
}

/** A model that may be behind by all of it has not been compared. */
const MOST_MARGIN = 0.99;

/** Of requests per second so much less, of a cost so much more: what is printed is at most the margin where this is met. */
function inLogarithms(metric: Answer['metric'], margin: number): number {
  return metric === 'throughput' ? -Math.log1p(-Math.min(margin, MOST_MARGIN)) : Math.log1p(margin);
}

/** For order alone. */
function typical({ figures }: Entrant): number {
  return [...figures.values()].reduce((sum, y) => sum + y, 0) / figures.size;
}

interface Deciding {
  readonly measured: Measured;
  readonly questions: readonly Question[];
  readonly answers: readonly Answer[];
  readonly judging: Judging;
  readonly rankOf: (model: string) => number;
}

/**
 * The only one that keeps what it is to keep, whatever it costs. Else by requests per second where the server was the limit; where it was not, by CPU time per request at the lowest rate that was
 * offered to all, or at full load where that was the same for all: where connections or a service behind the handler were the limit.
 */
function decide(deciding: Deciding): Decision | null {
  const { answers, measured } = deciding;
  const kept = keeping(measured.cells).filter(({ result }) => result !== null);
  const lost = measured.cells.some(({ result }) => result !== null && !kept.some((one) => one.result === result));
  const [only] = kept;
  if (lost && only !== undefined && kept.length === 1) {
    return { metric: 'throughput', offeredPerSec: null, among: [only.id], take: only.id, why: 'only' };
  }
  const decisive =
    decisiveOf(answers) ??
    (isSameLoad(measured.cells) ? answers.find(({ metric }) => metric === 'cpu-per-request') : undefined);
  return decisive === undefined || decisive.within.length === 0 ? null : choose(decisive, deciding);
}

function isSameLoad(cells: readonly CellSummary[]): boolean {
  return cells.every(({ result }) => result !== null && ['connections', 'upstream'].includes(result.limitedBy.by));
}

/** Of several that are as good, those that are not shown to cost more by the margin, cost by cost; and of those the simplest. */
function choose(
  { metric, offeredPerSec, within }: Answer,
  { measured, questions, judging, rankOf }: Deciding,
): Decision {
  const about = { metric, offeredPerSec, among: [...within] };
  let left = within;
  let why: Decision['why'] = 'only';
  for (const name of RUNNING_COSTS) {
    const question =
      questions.find((one) => one.metric === name && one.offeredPerSec === offeredPerSec) ??
      questions.find((one) => one.metric === name && one.offeredPerSec === null);
    const entrants = question?.entrants.filter(({ id }) => left.includes(id)) ?? [];
    if (question === undefined || entrants.length < left.length || left.length < 2) continue;
    const { behind, contradicts } = contestIn(question, entrants, judging);
    const spared = entrants.filter((_, i) => contradicts || (behind[i]?.atLeast ?? 0) <= Math.log1p(judging.margin));
    if (spared.length < left.length) why = name;
    left = left.filter((id) => spared.some((one) => one.id === id));
  }
  const cellOf = (id: string): CellSummary | undefined => measured.cells.find((cell) => cell.id === id);
  const rank = (id: string): number => rankOf(cellOf(id)?.model ?? '');
  // Of one model, fewer workers are simpler.
  const workers = (id: string): number => cellOf(id)?.workers ?? 0;
  const [take = within[0] ?? ''] = left.toSorted((a, b) => rank(a) - rank(b) || workers(a) - workers(b));
  return { ...about, take, why: left.length > 1 ? 'simplest' : why };
}

/** What is paid for each request, and for each hour; a start is paid for once. */
const RUNNING_COSTS = ['cpu-per-request', 'peak-memory'] as const;
