/** Two cells of one scenario compared: which did more, at what cost, and whether they can be compared at all. */
import { isRankable } from '../bottleneck/limited-by.ts';
import { COSTS } from '../metrics/derived.ts';
import type { CellResult, LimitedBy } from '../schema/capacity.ts';
import type { CellSummary, Comparison } from '../schema/summary.ts';
import { namesOf } from '../words.ts';
import { type Judgement, judge, type Pair, type Standard, wordFor } from './verdict.ts';

/**
 * Implied capacity is derived, not measured. For trivial handlers it was up to 1.4 times off from what another generator then got
 * (docs/decisions/0007), and for two models not always to the same side, so only a larger ratio than this tells them apart.
 */
export const IMPLIED_ACCURACY = 1.5;

/** A larger share of the CPU time than this in threads that belong to neither front end nor worker. */
const MOST_IN_HELPERS = 0.5;

type TrialFigures = CellResult['trials'][number];

/**
 * Every pair of models that can run the scenario, the earlier cell as the baseline. Throughput is compared only where the server was the limit in both. A pair
 * where it was not is invalid, with the reason and what to change, and is then compared by implied capacity. What each
 * costs is compared in any case.
 */
export function compareCells(
  cells: readonly CellSummary[],
  hintOf: (cell: CellSummary) => string | null,
  standard: Standard,
): readonly Comparison[] {
  const nameOf = namesOf(cells);
  const able = cells.filter(({ unable }) => !unable);
  return able.flatMap((baseline, i) =>
    able.slice(i + 1).flatMap((candidate) => compare(baseline, candidate, hintOf, nameOf, standard)),
  );
}

/** Pairs of cells in scenarios of so many cells each: the family that is judged together. */
export function pairsIn(cellsByScenario: readonly number[]): number {
  return cellsByScenario.reduce((sum, cells) => sum + (cells * (cells - 1)) / 2, 0);
}

function compare(
  baseline: CellSummary,
  candidate: CellSummary,
  hintOf: (cell: CellSummary) => string | null,
  nameOf: (cell: CellSummary) => string,
  standard: Standard,
): Comparison[] {
  const pair = { candidate: candidate.id, baseline: baseline.id };
  const invalid = { ...pair, metric: 'throughput', ratio: null, verdict: 'invalid', roundsToSettle: null } as const;
  const [a, b] = [baseline.result, candidate.result];
  if (a === null || b === null) {
    const empty = [baseline, candidate].filter(({ result }) => result === null).map(nameOf);
    const reason = `no valid figures for ${empty.join(' and ')}`;
    const hint = 'see why its trials failed; do not compare the speed of a model that fails under load';
    return [{ ...invalid, reason, hint }];
  }
  const costs = costsOf(a, b, standard).map((cost) => ({ ...pair, hint: null, ...cost }));
  const held = [baseline, candidate].filter(({ result }) => result !== null && !isRankable(result.limitedBy));
  if (held.length === 0) {
    const judged = judge(
      // A trial that something else limited says nothing of the server, also where it is one of few.
      pairsOf(a, b, (one) => (isRankable(one.limitedBy) ? one.requestsPerSec : 0)),
      standard,
      'more',
    );
    return [{ ...pair, metric: 'throughput', hint: null, ...judged }, ...costs];
  }
  const reasons = held.map((cell) => heldBack(nameOf(cell), cell.result?.limitedBy.by));
  const [hint = null] = held.map(hintOf).filter((text) => text !== null);
  return [
    { ...invalid, reason: reasons.join(', '), hint },
    { ...pair, metric: 'implied-capacity', hint: null, ...judgeImplied(a, b, standard) },
    ...costs,
  ];
}

function costsOf(a: CellResult, b: CellResult, standard: Standard) {
  return COSTS.filter(({ isAlike }) => isAlike(a, b)).map(({ name, good, figure }) => ({
    metric: name,
    ...judge(
      pairsOf(a, b, (trial) => trial[figure.key]),
      standard,
      good,
    ),
  }));
}

/** What both have of the rounds in which both were valid, in the order of the rounds. Without a figure above 0, there is no ratio. */
function pairsOf(baseline: CellResult, candidate: CellResult, of: (trial: TrialFigures) => number): readonly Pair[] {
  const byRound = new Map(candidate.trials.map((trial) => [trial.round, of(trial)]));
  return baseline.trials
    .toSorted((a, b) => a.round - b.round)
    .flatMap((trial) => {
      const [own, other] = [of(trial), byRound.get(trial.round) ?? 0];
      return own > 0 && other > 0 ? [{ round: trial.round, baseline: own, candidate: other }] : [];
    });
}

function heldBack(model: string, by: LimitedBy['by'] | undefined): string {
  return by === undefined || by === 'unclear' ? `${model}: no bottleneck was found` : `${model}: limited by the ${by}`;
}

/** Implied capacity ignores the size of thread pools, which bounds a handler whose work is done there. */
function judgeImplied(baseline: CellResult, candidate: CellResult, standard: Standard): Judgement {
  const inexact = { ...standard, margin: IMPLIED_ACCURACY - 1 };
  const pairs = pairsOf(baseline, candidate, (one) => one.impliedPerSec);
  const judged = judge(pairs, inexact, 'more');
  const inPool = [baseline, candidate].some(
    ({ cpuByRole, cpuMsPerRequest }) => (cpuByRole.helpers ?? 0) > cpuMsPerRequest.point * MOST_IN_HELPERS,
  );
  const inconclusive = { ...judged, verdict: 'inconclusive', roundsToSettle: null } as const;
  if (inPool) {
    return { ...inconclusive, reason: 'most of the work is done by helper threads, whose number is not known' };
  }
  // Within that margin there is no verdict, and certainly not that two are equivalent.
  const isNear =
    judged.ratio !== null &&
    wordFor({ low: judged.ratio.point, high: judged.ratio.point }, inexact.margin, 'more') === 'equivalent';
  if (judged.verdict !== 'equivalent' && !(judged.verdict === 'inconclusive' && isNear)) return judged;
  return { ...inconclusive, reason: 'closer than 50%, the accuracy of implied capacity' };
}
