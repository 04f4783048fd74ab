/** What closed and open loops have in common when trials are put together. */
import { mean } from '../../stats/spread.ts';
import type { Measurement } from '../../store/schema.ts';
import type { CellResult } from '../schema/capacity.ts';

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
