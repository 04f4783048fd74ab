/** The trials of one cell in a few figures. */
import { mergeLatencies } from '../stats/latency.ts';
import { jainIndex, spreadOf } from '../stats/spread.ts';
import type { Cell, Limit, Measurement, Trial } from '../store/schema.ts';
import { limitedBy } from './limited-by.ts';
import type { CellResult, CellSummary, LimitedBy } from './summary-schema.ts';

/** The measurements of the valid trials. A failed trial has none, and so can never be averaged in. */
export function measurementsOf(trials: readonly Trial[]): readonly Measurement[] {
  return trials.flatMap(({ outcome }) => (outcome.status === 'ok' ? [outcome.measurement] : []));
}

export function summariseCell(cell: Cell, trials: readonly Trial[], limit: Limit | null): CellSummary {
  const measurements = measurementsOf(trials);
  return {
    id: cell.id,
    model: cell.model,
    style: cell.style,
    workers: cell.workers,
    connections: cell.connections,
    trialsOk: measurements.length,
    trialsFailed: trials.length - measurements.length,
    result: resultOf(measurements, limit),
  };
}

function resultOf(measurements: readonly Measurement[], limit: Limit | null): CellResult | null {
  const latencyMs = mergeLatencies(measurements.map(({ latencyHistogram }) => latencyHistogram));
  if (measurements.length === 0 || latencyMs === null) return null;
  const requestsPerSec = spreadOf(measurements.map((one) => one.requestsPerSec));
  return {
    requestsPerSec,
    shareOfLimit: limit === null ? null : requestsPerSec.median / limit.requestsPerSec,
    latencyMs,
    unfinished: measurements.reduce((sum, one) => sum + one.unfinished, 0),
    cpuMsPerRequest: spreadOf(measurements.map(({ server }) => server.cpuMsPerRequest)),
    memory: {
      kind: measurements.every(({ memory }) => memory.kind === 'pss') ? 'pss' : 'rss',
      bytes: spreadOf(measurements.map(({ memory }) => memory.bytes)),
    },
    workerShares: meanShares(measurements),
    fairness: meanFairness(measurements),
    limitedBy: commonLabel(measurements.map((one) => limitedBy(one, limit))),
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

/** The label of most trials; where two are as common, the first that any trial had, in the order of the trials. */
function commonLabel(labels: readonly LimitedBy[]): LimitedBy {
  const counts = new Map<string, number>();
  for (const { by } of labels) counts.set(by, (counts.get(by) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const common = labels.find(({ by }) => counts.get(by) === most);
  if (common === undefined) throw new RangeError('no trials to label');
  return most === labels.length
    ? common
    : { ...common, evidence: `in ${most} of ${labels.length} trials ${common.evidence}` };
}
