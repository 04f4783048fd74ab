/** Two cells of one scenario compared: which did more, at what cost, and whether they can be compared at all. */
import { isRankable } from '../bottleneck/limited-by.ts';
import { COSTS } from '../metrics/derived.ts';
import type { CellResult, LimitedBy } from '../schema/capacity.ts';
import type { CellSummary, Comparison } from '../schema/summary.ts';
import { namesOf } from '../words.ts';
import type { Judging } from './judging.ts';
import { keeping } from './keeping.ts';
import { FAMILY_ERROR, judgeAll, type Pair, type Standard, wordFor } from './verdict.ts';

/**
 * Implied capacity is derived, not measured. For trivial handlers it was up to 1.4 times off from what another generator then got
 * (docs/decisions/0007), and for two models not always to the same side, so only a larger ratio than this tells them apart.
 */
export const IMPLIED_ACCURACY = 1.5;

/** A larger share of the CPU time than this in threads that belong to neither front end nor worker. */
const MOST_IN_HELPERS = 0.5;

type TrialFigures = CellResult['trials'][number];

/**
 * Every pair of models that can run the scenario, the earlier cell as the baseline. Throughput is compared only where the server
 * was the limit in both. A pair where it was not is invalid, with the reason and what to change, and is then compared by implied
 * capacity. What each costs is compared in any case. The pairs of a figure that can be judged are one family, which shares the
 * error that is allowed and what is known of the spread.
 */
export function compareCells(
  cells: readonly CellSummary[],
  hintOf: (cell: CellSummary) => string | null,
  judging: Judging,
): readonly Comparison[] {
  const nameOf = namesOf(cells);
  const able = keeping(cells.filter(({ unable }) => !unable));
  const paired = able.flatMap((baseline, i) => able.slice(i + 1).map((candidate) => ({ baseline, candidate })));
  const measured = paired.flatMap(({ baseline: { id: a, result: own }, candidate: { id: b, result: other } }) =>
    own === null || other === null ? [] : [{ ids: { candidate: b, baseline: a }, own, other }],
  );
  const ranked = measured.filter(({ own, other }) => isRankable(own.limitedBy) && isRankable(other.limitedBy));
  const held = measured.filter((pair) => !ranked.includes(pair));
  const judged = [
    // A trial that something else limited says nothing of the server, also where it is one of few.
    ...family('throughput', ranked, judging, (one) => (isRankable(one.limitedBy) ? one.requestsPerSec : 0), 'more'),
    ...impliedFamily(held, judging),
    ...COSTS.flatMap(({ name, good, figure, isAlike }) => {
      const alike = measured.filter(({ own, other }) => isAlike(own, other));
      return family(name, alike, judging, (trial) => trial[figure.key], good);
    }),
  ];
  return paired.flatMap(({ baseline, candidate }) => [
    ...invalidOf(baseline, candidate, hintOf, nameOf),
    ...judged.filter((one) => one.baseline === baseline.id && one.candidate === candidate.id),
  ]);
}

interface Measured {
  readonly ids: Pick<Comparison, 'candidate' | 'baseline'>;
  readonly own: CellResult;
  readonly other: CellResult;
}

/** The error of each pair is that of the family ÷ its size (Bonferroni). */
function standardFor(judging: Judging, pairs: readonly Measured[]): Standard {
  return { ...judging, error: FAMILY_ERROR / Math.max(1, pairs.length) };
}

function family(
  metric: Comparison['metric'],
  pairs: readonly Measured[],
  judging: Judging,
  of: (trial: TrialFigures) => number,
  good: 'more' | 'less',
): readonly Comparison[] {
  const figures = pairs.map(({ own, other }) => pairsOf(own, other, of));
  const judgements = judgeAll(figures, standardFor(judging, pairs), good);
  return pairs.flatMap(({ ids }, i) => {
    const judgement = judgements[i];
    return judgement === undefined ? [] : [{ ...ids, metric, hint: null, ...judgement }];
  });
}

/** Empty when throughput can be compared. */
function invalidOf(
  baseline: CellSummary,
  candidate: CellSummary,
  hintOf: (cell: CellSummary) => string | null,
  nameOf: (cell: CellSummary) => string,
): readonly Comparison[] {
  const pair = { candidate: candidate.id, baseline: baseline.id };
  const invalid = { ...pair, metric: 'throughput', ratio: null, verdict: 'invalid', roundsToSettle: null } as const;
  const both = [baseline, candidate];
  const empty = both.filter(({ result }) => result === null);
  if (empty.length > 0) {
    const reason = `no valid figures for ${empty.map(nameOf).join(' and ')}`;
    const hint = 'see why its trials failed; do not compare the speed of a model that fails under load';
    return [{ ...invalid, reason, hint }];
  }
  const held = both.filter(({ result }) => result !== null && !isRankable(result.limitedBy));
  if (held.length === 0) return [];
  const reasons = held.map((cell) => heldBack(nameOf(cell), cell.result?.limitedBy.by));
  const [hint = null] = held.map(hintOf).filter((text) => text !== null);
  return [{ ...invalid, reason: reasons.join(', '), hint }];
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
function impliedFamily(pairs: readonly Measured[], judging: Judging): readonly Comparison[] {
  const inexact = { ...judging, margin: IMPLIED_ACCURACY - 1 };
  const judged = family('implied-capacity', pairs, inexact, (one) => one.impliedPerSec, 'more');
  return judged.map((one, i): Comparison => {
    const inPool = [pairs[i]?.own, pairs[i]?.other].some(
      (result) =>
        result !== undefined && (result.cpuByRole.helpers ?? 0) > result.cpuMsPerRequest.point * MOST_IN_HELPERS,
    );
    const inconclusive = { ...one, verdict: 'inconclusive', roundsToSettle: null } as const;
    if (inPool) {
      return { ...inconclusive, reason: 'most of the work is done by helper threads, whose number is not known' };
    }
    // Within that margin there is no verdict, and certainly not that two are equivalent.
    const isNear =
      one.ratio !== null &&
      wordFor({ low: one.ratio.point, high: one.ratio.point }, inexact.margin, 'more') === 'equivalent';
    if (one.verdict !== 'equivalent' && !(one.verdict === 'inconclusive' && isNear)) return one;
    return { ...inconclusive, reason: 'closer than 50%, the accuracy of implied capacity' };
  });
}
