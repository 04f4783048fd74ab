/** What a history keeps of one run: where the trials of each cell lie, in every metric that base and head are compared by. */
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import { LEAST_SCALE, locationOf } from '../../stats/location.ts';
import type { Cell, Manifest, Run } from '../../store/schema.ts';
import { HISTORY_VERSION, type HistoryCell, type HistoryLine, type HistoryPlace } from '../../store/history-schema.ts';
import { isRankable } from '../bottleneck/limited-by.ts';
import { validOf } from '../cell/summary.ts';
import { type CellPair, sideBySide } from '../change/cells.ts';
import { figuresOnce, metricsOf } from '../change/figures.ts';
import { RUN_METRICS, runMetric } from '../metrics/derived.ts';

/** Cells whose rates follow from what was measured are left out: no other run has them. */
export function historyLine(run: Run, branch: string): HistoryLine {
  const { startedAt, version, environment } = run.manifest;
  const { node, cpuModel, availableCpus, platform, arch, git } = environment;
  return {
    type: 'run',
    tool: 'fourways',
    history: HISTORY_VERSION,
    startedAt,
    branch,
    commit: git === null ? null : { id: git.commit, dirty: git.dirty },
    version,
    node,
    machine: { cpuModel, cpus: availableCpus.capacity, system: `${platform} ${arch}` },
    cells: cellsOf(run),
    yardstick: yardstickOf(run),
  };
}

function cellsOf(run: Run): HistoryLine['cells'] {
  const sought = run.additions.filter(({ why }) => why.kind === 'sweep' || why.kind === 'slo');
  const isSought = new Set(sought.flatMap(({ cells }) => cells.map(({ id }) => id)));
  // A run beside itself: its own figures, of its own work. In base a latency that lies among requests without a reply is unknown.
  const { pairs } = sideBySide(run, run);
  return pairs.flatMap((pair): HistoryCell[] => {
    const { id, plan, cell } = { id: pair.id, ...pair.head };
    const figures = placesOf(pair);
    if (isSought.has(id) || Object.keys(figures).length === 0) return [];
    const work = plan.calibration === null ? null : plan.iterations;
    return [{ id, setting: settingOf(cell, run.manifest), connections: cell.connections, work, figures }];
  });
}

/** Throughput only where the server was its limit. */
function placesOf(pair: CellPair): HistoryCell['figures'] {
  const figuresOf = figuresOnce();
  const { limitedBy } = pair.head;
  const metrics = metricsOf(
    pair,
    RUN_METRICS.map(({ name }) => name),
  );
  return Object.fromEntries(
    metrics.flatMap((metric) => {
      if (runMetric(metric).atLimit === true && (limitedBy === null || !isRankable(limitedBy))) return [];
      const logs = figuresOf(pair, metric).base.trials.map(({ log }) => log);
      return logs.length === 0 ? [] : [[metric, placeOf(logs)]];
    }),
  );
}

/** In the metrics that a slower machine changes in the yardstick as it does in cells. */
function yardstickOf({ manifest, yardstick: trials = [] }: Run): HistoryLine['yardstick'] {
  if (manifest.yardstick === null) return null;
  const { cell, plan } = manifest.yardstick;
  const valid = validOf(trials);
  const places = RUN_METRICS.flatMap(({ name }) => {
    const { machine, figure } = runMetric(name);
    if (machine !== 'same' || figure.kind !== 'trial') return [];
    const values = valid.map(({ measurement }) => figure.read(measurement) ?? 0);
    const logs = values.flatMap((value) => (value > 0 ? [Math.log(value)] : []));
    return logs.length < FEWEST_TRIALS ? [] : [[name, placeOf(logs)] as const];
  });
  if (places.length === 0) return null;
  const setting = `${plan.name}, ${plan.iterations} iterations, ${cell.connections} connections`;
  return { setting, figures: Object.fromEntries(places) };
}

function placeOf(logs: readonly number[]): HistoryPlace {
  const { point, standardError } = locationOf(logs, LEAST_SCALE);
  return { log: rounded(point), standardError: logs.length < 2 ? null : rounded(standardError), trials: logs.length };
}

/** A millionth of a figure: the line stays small. */
function rounded(log: number): number {
  return Math.round(log * 1e6) / 1e6;
}

function settingOf({ workers, connectionMode, load, placement }: Cell, { measureMs, ab }: Manifest): string {
  return [
    ...(workers === null ? [] : [`${workers} worker${workers === 1 ? '' : 's'}`]),
    ...(connectionMode === 'keep-alive' ? [] : [connectionMode]),
    load.kind === 'capacity' ? `${measureMs} ms` : `${load.arrivals} arrivals`,
    placement.kind === 'shared' ? 'shared CPUs' : `server on CPUs of its own: ${placement.serverCpus.length}`,
    ...(ab === null ? [] : [ab.duet ? 'in a duet' : 'in pairs']),
  ].join(', ');
}
