/** Which scenarios are answered, and what is measured again to answer the others. */
import { aheadMs, expectedMs, spentMs, usedMs } from '../../plan/schedule/outlook.ts';
import { lookAfter, looksAt, nextLook } from '../../stats/looks.ts';
import type { Addition, Cell, Manifest, Run, ScenarioPlan, Trial } from '../../store/schema.ts';
import { isRankable } from '../bottleneck/limited-by.ts';
import { summariseCells, trialsOf } from '../cell/summary.ts';
import { latencySummary } from '../latency.ts';
import { answersOf, comparesThroughput } from '../models/answers.ts';
import { judgingOf, rankOf } from '../models/judging.ts';
import type { Answer } from '../schema/answer.ts';
import type { CellSummary } from '../schema/summary.ts';
import { type State, stateAtBreakEven } from './break-even.ts';

/** How many questions are settled. */
export interface Standing {
  readonly settled: number;
  /** Those that are not, and that no number of rounds would settle. */
  readonly hopeless: number;
  readonly of: number;
  /** What is counted: scenarios when left out, and cells of which both sides are measured. */
  readonly counted?: 'scenario' | 'cell';
  /** Hopeless ones that cannot be judged at all; none when left out. */
  readonly unjudged?: number;
}

/** A cell whose trials disagree on what limited them is measured up to this often, not counting disturbed trials. */
const TRIALS_TO_AGREE = 8;

type Recorded = Omit<Run, 'end'>;

/** To be asked when nothing of capacity is due. */
export function standingOf(run: Recorded): Standing {
  const states = run.manifest.scenarios.map((plan) => stateOf(run, plan).kind);
  const count = (kind: State['kind']): number => states.filter((one) => one === kind).length;
  const unjudged = count('unjudged');
  return { settled: count('answered'), hopeless: count('hopeless') + unjudged, unjudged, of: states.length };
}

/**
 * More rounds of the scenario whose answer is the nearest in time, as many as lead to the next look, or as the budget has room
 * for; those are then the last, because the next look was taken early. `begun` are those that others would begin with, which wait
 * for what is nearer, and not for the budget. Empty when all is answered, or the budget is spent but for what the rates that are
 * still to come take.
 */
export function settle(run: Recorded, batch: number, begun: readonly Addition[] = []): readonly Addition[] {
  const { manifest, additions, trials } = run;
  const left = (manifest.budgetMs ?? 0) - usedMs(run) - aheadMs(manifest, additions);
  const affordable = manifest.scenarios.flatMap((plan): Timed[] => {
    const state = manifest.budgetMs === null ? null : stateOf(run, plan);
    if (state?.kind !== 'open') return [];
    const { cells, from, rounds } = state;
    const roundMs = roundMsOf(cells, manifest, trials);
    const toLook = nextLook(from) - from;
    // Nothing can be said before the first look, so no budget ends before it.
    const most = from < lookAfter(0) ? toLook : Math.floor(left / roundMs);
    // Rounds that end between two looks were the last there was time for, unless there is much more of it now.
    if (most < (isLook(from) ? 1 : nextLook(from) - lookBefore(from))) return [];
    const numbers = Array.from({ length: Math.min(toLook, most) }, (_, k) => from + k);
    const why = { kind: 'unsettled' } as const;
    const addition = { type: 'addition', batch, scenario: plan.id, why, cells: [...cells], rounds: numbers } as const;
    return [{ addition, ms: rounds * roundMs }];
  });
  const others = begun.map((addition): Timed => {
    return { addition, ms: addition.rounds.length * roundMsOf(addition.cells, manifest, trials) };
  });
  const [nearest] = [...affordable, ...others].toSorted((a, b) => a.ms - b.ms);
  return nearest === undefined ? [] : [nearest.addition];
}

interface Timed {
  readonly addition: Addition;
  /** Until its scenario is answered. */
  readonly ms: number;
}

/** Which of these scenarios more rounds would probably answer, and how long those would take. */
export function timeToAnswer(
  run: Recorded,
  ids: readonly string[],
): { readonly names: readonly string[]; readonly ms: number } {
  const { manifest, trials } = run;
  const open = manifest.scenarios.flatMap((plan) => {
    const state = ids.includes(plan.id) ? stateOf(run, plan) : null;
    return state?.kind === 'open'
      ? [{ name: plan.name, ms: state.rounds * roundMsOf(state.cells, manifest, trials) }]
      : [];
  });
  return { names: [...new Set(open.map(({ name }) => name))], ms: open.reduce((sum, { ms }) => sum + ms, 0) };
}

/** Whether requests per second will not tell its models apart, however often they are measured: the load or the machine is the limit. */
export function isLimitedElsewhere(cells: readonly CellSummary[]): boolean {
  const measured = cells.filter(({ result }) => result !== null);
  return measured.length > 1 && !comparesThroughput(cells) && !cells.some(disagrees);
}

export function stateOf(run: Recorded, plan: ScenarioPlan): State {
  const { manifest, additions } = run;
  const atBreakEven = stateAtBreakEven(run, plan);
  if (atBreakEven !== null) return atBreakEven;
  const own = manifest.cells.filter(({ scenario, unable }) => scenario === plan.id && unable === null);
  const cells = summariseCells(run, plan);
  const latency = latencySummary({ ...run, end: null }, plan, cells);
  const { answers } = answersOf({ cells, latency }, judgingOf(manifest, false), rankOf(manifest));
  const roundsOf = (some: readonly Cell[]): number =>
    new Set(
      additions
        .filter((addition) => addition.cells.some(({ id }) => some.some((cell) => cell.id === id)))
        .flatMap(({ rounds }) => rounds),
    ).size;
  const disagreeing = cells.filter(disagrees).map(({ id }) => id);
  const throughput = answers.find(({ metric }) => metric === 'throughput');
  if (throughput !== undefined || disagreeing.length > 0) {
    const ranked = cells.flatMap(({ id, result }) => (result !== null && isRankable(result.limitedBy) ? [id] : []));
    const running = ranked.filter((id) => !isOut(throughput, id, manifest));
    const wanted = own.filter(({ id }) => running.includes(id) || disagreeing.includes(id));
    // One that may yet be ranked may be the best.
    return stateFrom(disagreeing.length === 0 ? throughput : undefined, wanted, manifest.rounds + roundsOf(own));
  }
  const atRate = answers.find(({ metric, offeredPerSec }) => metric === 'cpu-per-request' && offeredPerSec !== null);
  if (atRate === undefined || plan.rates.length > 0)
    return { kind: atRate?.roundsToAnswer === 0 ? 'answered' : 'unjudged' };
  const offered = additions.flatMap((addition) =>
    addition.scenario === plan.id && addition.why.kind === 'common' ? addition.cells : [],
  );
  const kept = own.filter(({ id }) => atRate.models.some(({ cell }) => cell === id) && !isOut(atRate, id, manifest));
  const same = (a: Cell, b: Cell): boolean => a.model === b.model && a.connectionMode === b.connectionMode;
  return stateFrom(
    atRate,
    offered.filter((cell) => kept.some((one) => same(one, cell))),
    roundsOf(offered),
  );
}

function stateFrom(answer: Answer | undefined, cells: readonly Cell[], from: number): State {
  if (answer?.roundsToAnswer === 0) return { kind: 'answered' };
  if (answer?.roundsToAnswer === null || cells.length === 0) return { kind: 'hopeless' };
  return { kind: 'open', cells, from, rounds: answer?.roundsToAnswer ?? Math.max(1, nextLook(from) - from) };
}

/** Shown to be behind by more than the margin: it will not be the one to take. */
function isOut(answer: Answer | undefined, id: string, { margin }: Manifest): boolean {
  const own = answer?.models.find(({ cell }) => cell === id);
  return own !== undefined && own.atLeastBehind > margin;
}

function isLook(rounds: number): boolean {
  return rounds < lookAfter(0) || nextLook(rounds - 1) === rounds;
}

function lookBefore(rounds: number): number {
  return Math.max(0, ...looksAt(rounds).flatMap((look) => (look.rounds < rounds ? [look.rounds] : [])));
}

/**
 * Whether it cannot be ranked, and more trials may show that the server limits it: others disturbed some, or most of a handful may be
 * ranked and the others may be odd ones.
 */
function disagrees({ result }: CellSummary): boolean {
  const undisturbed = result?.trials.filter(({ disturbed }) => !disturbed) ?? [];
  if (result === null || isRankable(result.limitedBy) || undisturbed.length >= TRIALS_TO_AGREE) return false;
  const good = undisturbed.filter(({ limitedBy }) => isRankable(limitedBy)).length;
  return good < result.trials.length && good * 2 >= undisturbed.length;
}

/** What a round of these cells took so far, or is expected to take. */
function roundMsOf(cells: readonly Cell[], manifest: Manifest, trials: readonly Trial[]): number {
  return cells.reduce((sum, cell) => {
    const own = trialsOf(trials, cell.id);
    return sum + (own.length === 0 ? expectedMs(cell, manifest) : spentMs(own) / own.length);
  }, 0);
}
