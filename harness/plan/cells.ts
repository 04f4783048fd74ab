import type { Style } from '../../servers/model.ts';
import type { Cell, Limit, ScenarioPlan } from '../store/schema.ts';

/** A model as the plan needs it. */
export interface PlannedModel {
  readonly name: string;
  readonly style: Style;
}

/** The matrix: every scenario under every model. `single` has one worker whatever the others have. */
export function cellsOf(
  scenarios: readonly Pick<ScenarioPlan, 'id'>[],
  models: readonly PlannedModel[],
  workers: number,
  connections: number,
): readonly Cell[] {
  return scenarios.flatMap((scenario) =>
    models.map(({ name, style }) => ({
      id: `${scenario.id}/${name}`,
      scenario: scenario.id,
      model: name,
      style,
      workers: style === 'alone' ? 1 : workers,
      connections,
      connectionMode: 'keep-alive' as const,
      load: { kind: 'capacity' as const },
    })),
  );
}

/** Loopback has about 28,000 ports to call from by default, and a socket needs one. */
export const MOST_CONNECTIONS = 20_000;

/** Enough connections to keep every worker busy, and a multiple of the workers, because cluster pins each to one. */
export function defaultConnections(workers: number): number {
  return Math.ceil(Math.max(64, 4 * workers) / workers) * workers;
}

/**
 * The ceiling that physics sets for all models. CPU-bound: what the CPUs could do if they ran nothing but the kernel.
 * Waiting: Little's law (Little 1961), a closed loop of C connections completes at most C per waiting time.
 */
export function limitOf(
  work: { readonly kernelCpuMs: number | null; readonly waitingMs: number | null },
  cpus: number,
  connections: number,
): Limit | null {
  if (work.kernelCpuMs !== null) {
    const { kernelCpuMs } = work;
    return { kind: 'cpu', requestsPerSec: (cpus * 1000) / kernelCpuMs, cpus, kernelCpuMs };
  }
  if (work.waitingMs !== null) {
    const { waitingMs } = work;
    return { kind: 'waiting', requestsPerSec: (connections * 1000) / waitingMs, connections, waitingMs };
  }
  return null;
}

const SHORTEST_TIMEOUT_SEC = 10;
/** How many times its fair share of waiting a request may take. */
const PATIENCE = 3;

/**
 * When a request counts as lost. A closed loop on one worker makes a request wait for all other connections, so the
 * time-out must grow with them, or slow work would look like a failing server.
 */
export function timeoutSecOf(kernelCpuMs: number, connections: number): number {
  return Math.max(SHORTEST_TIMEOUT_SEC, Math.ceil((PATIENCE * connections * kernelCpuMs) / 1000));
}
