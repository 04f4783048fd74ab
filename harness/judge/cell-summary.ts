/** The trials of one cell in a few figures. */
import { mergeLatencies } from '../stats/latency.ts';
import { jainIndex, spreadOf } from '../stats/spread.ts';
import type { Cell, Environment, Limit, Measurement, Trial } from '../store/schema.ts';
import { isRankable, limitedBy } from './limited-by.ts';
import type { CellResult, CellSummary, LimitedBy } from './summary-schema.ts';

/** The measurements of the valid trials. A failed trial has none, and so can never be averaged in. */
export function measurementsOf(trials: readonly Trial[]): readonly Measurement[] {
  return trials.flatMap(({ outcome }) => (outcome.status === 'ok' ? [outcome.measurement] : []));
}

export function summariseCell(
  cell: Cell,
  trials: readonly Trial[],
  limit: Limit | null,
  available: Environment['availableCpus'],
): CellSummary {
  const measurements = measurementsOf(trials);
  return {
    id: cell.id,
    model: cell.model,
    style: cell.style,
    workers: cell.workers,
    connections: cell.connections,
    trialsOk: measurements.length,
    trialsFailed: trials.length - measurements.length,
    result: resultOf(measurements, limit, available),
  };
}

function resultOf(
  measurements: readonly Measurement[],
  limit: Limit | null,
  available: Environment['availableCpus'],
): CellResult | null {
  const latencyMs = mergeLatencies(measurements.map(({ latencyHistogram }) => latencyHistogram));
  if (measurements.length === 0 || latencyMs === null) return null;
  const requestsPerSec = spreadOf(measurements.map((one) => one.requestsPerSec));
  return {
    requestsPerSec,
    shareOfLimit: limit === null ? null : requestsPerSec.median / limit.requestsPerSec,
    latencyMs,
    cpuMsPerRequest: spreadOf(measurements.map(({ server }) => server.cpuMsPerRequest)),
    memory: {
      kind: measurements.every(({ memory }) => memory.kind === 'pss') ? 'pss' : 'rss',
      bytes: spreadOf(measurements.map(({ memory }) => memory.bytes)),
    },
    workerShares: meanShares(measurements),
    fairness: meanFairness(measurements),
    limitedBy: cellLabel(measurements.map((one) => limitedBy(one, limit, available))),
  };
}

/** Worker 1 of one trial is not worker 1 of the next, so shares are ordered by size before they are averaged. */
function meanShares(measurements: readonly Measurement[]): number[] {
  const perTrial = measurements.map(({ server }) => {
    const total = server.workers.reduce((sum, { requests }) => sum + requests, 0);
    return server.workers.map(({ requests }) => requests / total).toSorted((a, b) => b - a);
  });
  const workers = Math.max(...perTrial.map((shares) => shares.length));
  return Array.from(
    { length: workers },
    (_, rank) => perTrial.reduce((sum, shares) => sum + (shares[rank] ?? 0), 0) / perTrial.length,
  );
}

function meanFairness(measurements: readonly Measurement[]): number {
  const indexes = measurements.map(({ server }) => jainIndex(server.workers.map(({ requests }) => requests)));
  return indexes.reduce((sum, index) => sum + index, 0) / indexes.length;
}

/**
 * One label for the cell. A trial that may not be ranked is in the median and in the range like any other, so with one
 * such trial the cell may not be ranked either; among several labels the most common counts.
 */
function cellLabel(labels: readonly LimitedBy[]): LimitedBy {
  const held = labels.filter((label) => !isRankable(label));
  const candidates = held.length > 0 ? held : labels;
  const countOf = ({ by }: LimitedBy): number => labels.filter((label) => label.by === by).length;
  const [common] = candidates.toSorted((a, b) => countOf(b) - countOf(a));
  if (common === undefined) throw new RangeError('no trials to label');
  const count = countOf(common);
  return count === labels.length
    ? common
    : { ...common, evidence: `in ${count} of ${labels.length} trials ${common.evidence}` };
}
