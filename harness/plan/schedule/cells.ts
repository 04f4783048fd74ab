/** The cells of a run, at capacity and at a rate, and what bounds them: limits, windows and time-outs. */
import type { Cell, External, LatencyPlan, Limit, ScenarioPlan } from '../../store/schema.ts';

/** What to start for a trial: a model in a process of ours, or something that is only known from outside. */
export type Launch =
  | {
      readonly kind: 'hosted';
      /** The module of the model, where it is not a built-in one. */
      readonly modelUrl?: string | undefined;
      /** Another Node.js than our own, for the server and all its descendants. */
      readonly execPath?: string | undefined;
    }
  | External;

/** A model, or what stands beside models, as the plan needs it. */
export interface PlannedModel {
  readonly name: string;
  readonly style: Cell['style'];
  /** Without it, the built-in model of this name. */
  readonly launch?: Launch | undefined;
}

/** What is the same for all models of a scenario, so that they can be compared. */
export interface CommonGround extends Pick<Cell, 'connections' | 'placement'> {
  /** Of the models that have several. */
  readonly workers: number;
}

/** The workers of a model: `single` has one whatever the others have, and those of a command are not known. */
export function workersOf(style: Cell['style'], workers: number): number | null {
  return style === 'external' ? null : style === 'alone' ? 1 : workers;
}

/** The matrix: every scenario with every model. */
export function cellsOf(
  scenarios: readonly (Pick<ScenarioPlan, 'id'> & { readonly ground: CommonGround })[],
  models: readonly PlannedModel[],
  connectionModes: readonly Cell['connectionMode'][],
): readonly Cell[] {
  return scenarios.flatMap(({ ground: { workers, connections, placement }, ...scenario }) =>
    connectionModes.flatMap((connectionMode) =>
      models.map(({ name, style }) => ({
        id: `${scenario.id}/${name}${connectionMode === 'keep-alive' ? '' : `/${connectionMode}`}`,
        scenario: scenario.id,
        model: name,
        style,
        workers: workersOf(style, workers),
        connections,
        connectionMode,
        load: { kind: 'capacity' as const },
        placement,
        unable: null,
      })),
    ),
  );
}

/** What a cell of an open loop is measured for. A search stretches windows for the percentile of a single trial. */
type Purpose = { readonly kind: 'rate'; readonly rounds: number } | { readonly kind: 'slo'; readonly samples: number };

/** The cell of an open loop beside one of capacity. */
export function rateCell(
  capacity: Cell,
  requestsPerSec: number,
  { arrivals, mostConnections, measureMs, mayStretch }: LatencyPlan,
  purpose: Purpose,
): Cell {
  const wantedMs =
    purpose.kind === 'rate'
      ? (1000 * REQUESTS_FOR_P99) / (requestsPerSec * purpose.rounds)
      : (1000 * purpose.samples) / requestsPerSec;
  const longestMs = mayStretch ? Math.max(measureMs, LONGEST_WINDOW_MS[purpose.kind]) : measureMs;
  return {
    ...capacity,
    id: `${capacity.id}@${requestsPerSec}${purpose.kind === 'slo' ? '/slo' : ''}`,
    load: {
      kind: 'rate',
      requestsPerSec,
      arrivals,
      mostConnections,
      countErrors: purpose.kind === 'slo',
      measureMs: Math.round(Math.min(longestMs, Math.max(measureMs, wantedMs))),
    },
  };
}

/** 500 and a fifth more, because the number that a random schedule has in a window varies. */
const REQUESTS_FOR_P99 = 600;
const LONGEST_WINDOW_MS = { rate: 6000, slo: 20_000 } as const;

/** So many of the longest requests fit into a window of one worker, within reason: in a mix of few, each would move the figure. */
const LONG_REQUESTS = 30;
const LONGEST_CAPACITY_WINDOW_MS = 3000;

/** The window of capacity load in a scenario, in milliseconds: stretched for requests that take long, unless it was asked for. */
export function capacityWindowMs(
  { calibration, limit }: Pick<ScenarioPlan, 'calibration' | 'limit'>,
  { measureMs, latency }: { readonly measureMs: number; readonly latency: Pick<LatencyPlan, 'mayStretch'> },
): number {
  if (!latency.mayStretch) return measureMs;
  if (limit?.kind === 'waiting' && WAVES.most * limit.waitingMs > measureMs) return wavesMs(limit.waitingMs);
  const wantedMs = LONG_REQUESTS * (calibration?.kernelCpuMs ?? 0);
  return Math.max(measureMs, Math.min(LONGEST_CAPACITY_WINDOW_MS, wantedMs));
}

/** The replies of a closed loop whose requests only wait come in waves. A window of whole ones holds as many wherever it begins. */
const WAVES = { most: 3, longestMs: 60_000 } as const;

/** A window for requests that wait so long, in milliseconds. */
export function wavesMs(waitingMs: number): number {
  return waitingMs * Math.max(1, Math.min(WAVES.most, Math.floor(WAVES.longestMs / waitingMs)));
}

/**
 * The ceiling that physics sets for all models. CPU-bound: what the CPUs could do if they ran nothing but the kernel.
 * Waiting: Little's law (Little 1961), a closed loop of C connections completes at most C per waiting time.
 */
export function limitOf(
  work: { readonly kernelCpuMs: number | null; readonly waitingMs: number | null; readonly inPool?: boolean },
  cpus: number,
  connections: number,
): Limit | null {
  if (work.kernelCpuMs !== null) {
    const { kernelCpuMs, inPool = false } = work;
    return { kind: 'cpu', requestsPerSec: (cpus * 1000) / kernelCpuMs, cpus, kernelCpuMs, ...(inPool && { inPool }) };
  }
  if (work.waitingMs !== null) {
    const { waitingMs } = work;
    return { kind: 'waiting', requestsPerSec: (connections * 1000) / waitingMs, connections, waitingMs };
  }
  return null;
}
