/** Two cells of one scenario side by side: which did more, and whether that may be said at all. */
import { isRankable } from './limited-by.ts';
import { namesOf } from './model-names.ts';
import type { CellResult, LimitedBy, Spread } from './result-schema.ts';
import type { CellSummary, Comparison } from './summary-schema.ts';

/** Fewer trials than this have no spread worth comparing. */
export const TRIALS_TO_RANK = 3;
/**
 * Implied capacity is reckoned. For trivial handlers it was seen up to 1.4 times off from what another generator then got
 * (docs/decisions/0007), and for two models not always to the same side, so only a larger ratio than this tells them apart.
 */
export const IMPLIED_ACCURACY = 1.5;

/** A larger share of the CPU time than this in threads that are neither front nor worker. */
const MOST_IN_HELPERS = 0.5;

/**
 * Every pair, the earlier cell as the baseline. Throughput is compared only where the server was the limit in both. A pair
 * where it was not is invalid, with the reason and what to change, and is then compared by implied capacity.
 */
export function compareCells(
  cells: readonly CellSummary[],
  hintOf: (cell: CellSummary) => string | null,
): readonly Comparison[] {
  const nameOf = namesOf(cells);
  return cells.flatMap((baseline, i) =>
    cells.slice(i + 1).flatMap((candidate) => compare(baseline, candidate, hintOf, nameOf)),
  );
}

function compare(
  baseline: CellSummary,
  candidate: CellSummary,
  hintOf: (cell: CellSummary) => string | null,
  nameOf: (cell: CellSummary) => string,
): Comparison[] {
  const pair = { candidate: candidate.id, baseline: baseline.id };
  const [a, b] = [baseline.result, candidate.result];
  if (a === null || b === null) {
    const empty = [baseline, candidate].filter(({ result }) => result === null).map(nameOf);
    const reason = `no valid figures of ${empty.join(' and ')}`;
    const hint = 'read why its trials failed; a model that fails under load is not to be compared by its speed';
    return [{ ...pair, metric: 'throughput', ratio: null, verdict: 'invalid', reason, hint }];
  }
  const held = [baseline, candidate].filter(({ result }) => result !== null && !isRankable(result.limitedBy));
  if (held.length === 0) {
    return [{ ...pair, metric: 'throughput', hint: null, ...judge(a.requestsPerSec, b.requestsPerSec, 1) }];
  }
  const reasons = held.map((cell) => heldBack(nameOf(cell), cell.result?.limitedBy.by));
  const [hint = null] = held.map(hintOf).filter((text) => text !== null);
  return [
    { ...pair, metric: 'throughput', ratio: null, verdict: 'invalid', reason: reasons.join(', '), hint },
    { ...pair, metric: 'implied-capacity', hint: null, ...judgeImplied(a, b) },
  ];
}

function heldBack(model: string, by: LimitedBy['by'] | undefined): string {
  return by === undefined || by === 'unclear' ? `${model}: unclear what limited it` : `${model}: limited by the ${by}`;
}

/** Implied capacity knows nothing of the size of thread pools, which bounds a handler whose work is done there. */
function judgeImplied(baseline: CellResult, candidate: CellResult): ReturnType<typeof judge> {
  const judged = judge(implied(baseline), implied(candidate), IMPLIED_ACCURACY);
  const inPool = [baseline, candidate].some(
    ({ cpuByRole, cpuMsPerRequest }) => (cpuByRole.helpers ?? 0) > cpuMsPerRequest.median * MOST_IN_HELPERS,
  );
  if (!inPool) return judged;
  return {
    ...judged,
    verdict: 'inconclusive',
    reason: 'most of the work is done by helper threads, whose number it does not know',
  };
}

function implied({ impliedCapacity }: CellResult): Spread {
  return impliedCapacity.requestsPerSec;
}

/** By ranges over trials that do not overlap, and a ratio beyond `margin`. */
function judge(baseline: Spread, candidate: Spread, margin: number): Pick<Comparison, 'ratio' | 'verdict' | 'reason'> {
  const ratio = candidate.median / baseline.median;
  const fewest = Math.min(baseline.trials, candidate.trials);
  if (fewest < TRIALS_TO_RANK) {
    return { ratio, verdict: 'inconclusive', reason: `fewer than ${TRIALS_TO_RANK} valid trials of each` };
  }
  const above = candidate.min > baseline.max;
  if (!above && candidate.max >= baseline.min) return { ratio, verdict: 'inconclusive', reason: 'the ranges overlap' };
  if (Math.max(ratio, 1 / ratio) <= margin) {
    const percent = Math.round((margin - 1) * 100);
    return { ratio, verdict: 'inconclusive', reason: `nearer than the ${percent}% to which implied capacity is known` };
  }
  return { ratio, verdict: above ? 'better' : 'worse', reason: 'every trial of one is above every trial of the other' };
}
