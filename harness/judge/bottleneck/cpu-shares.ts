import type { Environment, Measurement, Placement } from '../../store/schema.ts';

/** Who used the CPUs that the server could use, as shares of their time. */
export interface CpuShares {
  readonly idle: number;
  /** Load generation: the generators, and the services of the scenario. */
  readonly generators: number;
  /** null where it cannot be told. */
  readonly others: number | null;
}

/**
 * Shares of the CPUs of the server. Under a quota the host's idle time says nothing, and without `/proc/stat` there is
 * none: then what server and load generation did not use was idle as far as is known, and what others used is not known.
 */
export function cpuShares(
  { machine, serverCpus, server, generators, services, windowMs }: Measurement,
  { available, placement }: { readonly available: Environment['availableCpus']; readonly placement: Placement },
): CpuShares {
  const load = sum(generators.map(({ cpuMs }) => cpuMs)) + sum((services ?? []).map(({ cpuMs }) => cpuMs));
  const isolated = placement.kind === 'isolated';
  const cpus = isolated ? serverCpus : machine;
  if (available.decidedBy === 'quota' || cpus === null) {
    // A quota holds server and generators together, wherever they run.
    const beside = isolated && available.decidedBy !== 'quota' ? 0 : load;
    const whole = windowMs * (beside === 0 && isolated ? placement.serverCpus.length : available.capacity);
    return {
      idle: Math.max(0, 1 - (server.cpuMs + beside) / whole),
      generators: beside / whole,
      others: null,
    };
  }
  const beside = isolated ? 0 : load;
  const whole = windowMs * cpus.cpus;
  return {
    idle: cpus.idle,
    generators: beside / whole,
    others: Math.max(0, 1 - cpus.idle - (server.cpuMs + beside) / whole),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * Share of the CPUs that programs beside the run took, the hypervisor included and the harness itself not; null where that
 * is not told. The other server of a duet cannot be told from others.
 */
export function takenByOthers(
  measurement: Measurement,
  where: { readonly available: Environment['availableCpus']; readonly placement: Placement; readonly isDuet?: boolean },
): number | null {
  const { others } = cpuShares(measurement, where);
  const cpus = where.placement.kind === 'isolated' ? measurement.serverCpus : measurement.machine;
  if (where.isDuet === true || others === null || cpus === null) return null;
  return Math.max(0, others - measurement.harnessCpuMs / (measurement.windowMs * cpus.cpus));
}

/** More of the CPUs than this, taken by programs beside the run or by the hypervisor, is a disturbance: a quiet machine takes 1 to 3%. */
export const DISTURBED = 0.05;
