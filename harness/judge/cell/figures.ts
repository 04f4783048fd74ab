/** What closed and open loops have in common when trials are put together. */
import { mean } from '../../stats/spread.ts';
import type { Measurement } from '../../store/schema.ts';
import type { CellResult, LimitedBy } from '../schema/capacity.ts';

/**
 * Shares of what the workers answered. A front may have answered it all: such a trial has no shares, and they are all 0
 * when no trial has any. Worker 1 of one trial is not worker 1 of the next, so shares are ordered by size before they are
 * averaged.
 */
export function meanShares(measurements: readonly Measurement[]): number[] {
  const perTrial = measurements.flatMap(({ server }) => {
    const total = server.workers.reduce((sum, { requests }) => sum + requests, 0);
    return total === 0 ? [] : [server.workers.map(({ requests }) => requests / total).toSorted((a, b) => b - a)];
  });
  const workers = Math.max(...measurements.map(({ server }) => server.workers.length));
  return Array.from({ length: workers }, (_, rank) =>
    perTrial.length === 0 ? 0 : mean(perTrial.map((shares) => shares[rank] ?? 0)),
  );
}

/** Whether every trial that counts was warm when its window began. */
export function isWarm({ trials }: Pick<CellResult, 'trials'>): boolean {
  return trials.every(({ counted, steady }) => steady || !counted);
}

/** A cell may have one trial in so many that may not be ranked: it does not count, and the others do. */
const TRIALS_PER_ODD_ONE = 5;

/**
 * One label for the cell. With more trials than one in five that may not be ranked, the cell may not be ranked either;
 * otherwise those trials are not counted. Among several labels the most common counts.
 */
export function cellLabel(labels: readonly LimitedBy[], isGood: (label: LimitedBy) => boolean): LimitedBy {
  const held = labels.filter((label) => !isGood(label));
  const tolerated = Math.floor(labels.length / TRIALS_PER_ODD_ONE);
  const candidates = held.length > tolerated ? held : labels.filter(isGood);
  const counts = new Map<LimitedBy['by'], number>();
  for (const { by } of labels) counts.set(by, (counts.get(by) ?? 0) + 1);
  const countOf = ({ by }: LimitedBy): number => counts.get(by) ?? 0;
  const [common] = candidates.toSorted((a, b) => countOf(b) - countOf(a));
  if (common === undefined) throw new RangeError('no trials to label');
  const count = countOf(common);
  return count === labels.length
    ? common
    : { ...common, evidence: `in ${count} of ${labels.length} trials ${common.evidence}` };
}
