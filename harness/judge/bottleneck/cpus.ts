/** The CPUs of a server: how many there are, who used them, and what they would allow. */
import type { Environment, Measurement, Placement } from '../../store/schema.ts';
import { loopsOf } from '../../store/server-schema.ts';
import type { CellResult } from '../schema/capacity.ts';

type AvailableCpus = Environment['availableCpus'];

/** CPUs that the server may use: all but those reserved for load generators, fractions included. */
export function cpusOfServer(placement: Placement, available: AvailableCpus): number {
  return placement.kind === 'isolated' ? placement.serverCpus.length : available.capacity;
}

/** Who used the CPUs that the server could use, as shares of their time. */
export interface CpuShares {
  readonly idle: number;
  /** Load generation: the generators, and the services of the scenario. */
  readonly generators: number;
  /** null where it is not known. */
  readonly others: number | null;
}

/**
 * Under a quota the idle time of the host says nothing, and without `/proc/stat` there is none: then what server and load
 * generation did not use counts as idle, and what others used is not known.
 */
export function cpuShares(
  { machine, serverCpus, server, generators, services, windowMs }: Measurement,
  { available, placement }: { readonly available: AvailableCpus; readonly placement: Placement },
): CpuShares {
  const load = sum(generators.map(({ cpuMs }) => cpuMs)) + sum((services ?? []).map(({ cpuMs }) => cpuMs));
  const isolated = placement.kind === 'isolated';
  const cpus = isolated ? serverCpus : machine;
  if (available.decidedBy === 'quota' || cpus === null) {
    // A quota holds for server and generators together, wherever they run.
    const beside = isolated && available.decidedBy !== 'quota' ? 0 : load;
    const allMs = windowMs * (beside === 0 && isolated ? placement.serverCpus.length : available.capacity);
    return { idle: Math.max(0, 1 - (server.cpuMs + beside) / allMs), generators: beside / allMs, others: null };
  }
  const beside = isolated ? 0 : load;
  const allMs = windowMs * cpus.cpus;
  return {
    idle: cpus.idle,
    generators: beside / allMs,
    others: Math.max(0, 1 - cpus.idle - (server.cpuMs + beside) / allMs),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A larger share of the CPUs than this, taken by other programs or by the hypervisor, is a disturbance: a quiet machine takes 1 to 3%. */
export const DISTURBED = 0.05;

/**
 * Share of the CPUs that other programs took, including the hypervisor and excluding the harness itself; null where that is
 * not known. In a duet the other server cannot be told from other programs.
 */
export function takenByOthers(
  measurement: Measurement,
  where: { readonly available: AvailableCpus; readonly placement: Placement; readonly isDuet: boolean },
): number | null {
  const { others } = cpuShares(measurement, where);
  const cpus = where.placement.kind === 'isolated' ? measurement.serverCpus : measurement.machine;
  if (where.isDuet || others === null || cpus === null) return null;
  return Math.max(0, others - measurement.harnessCpuMs / (measurement.windowMs * cpus.cpus));
}

type BoundBy = CellResult['impliedCapacity']['boundBy'];

/**
 * What a server could do with the load generator elsewhere. Requests per second if CPU time were all that counts: the CPUs ÷
 * CPU time of a request (the utilisation law, Denning and Buzen 1978: X = U ÷ D, with every CPU at U = 1). A thread cannot
 * use more than one CPU, so the front end is a station of its own, and so are the workers together; the slowest station
 * decides. Where the CPU time of threads is not known, a single process counts as one thread, and other models are bounded
 * by the CPUs alone. Of a server whose inside is not known, the busiest thread is such a station: it may be the only one.
 */
export function impliedCapacity(
  { server, windowMs }: Pick<Measurement, 'server' | 'windowMs'>,
  cpus: number,
): { requestsPerSec: number; boundBy: BoundBy } {
  const perRequestMs = server.cpuMsPerRequest;
  // All figures are scaled to the same window, so shares of the total keep the accuracy of CPU time per request.
  const perRequest = (cpuMs: number | null): number | null =>
    cpuMs === null || server.cpuMs === 0 ? null : (cpuMs / server.cpuMs) * perRequestMs;
  const isOneProcess = server.front === null && server.workers?.length === 1;
  const busiestMs = server.busiestThread === null ? null : perRequest(server.busiestThread * windowMs);
  const stations: { readonly boundBy: BoundBy; readonly threads: number; readonly ms: number | null }[] = [
    { boundBy: 'cpus', threads: cpus, ms: perRequestMs },
    { boundBy: 'front', threads: 1, ms: server.front === null ? null : perRequest(server.front.cpuMs) },
    {
      boundBy: 'workers',
      threads: server.workers?.length ?? 1,
      ms:
        server.workers === null
          ? busiestMs
          : (perRequest(cpuMsOf(server.workers)) ?? (isOneProcess ? perRequestMs : null)),
    },
  ];
  const bounds = stations.flatMap(({ boundBy, threads, ms }) =>
    ms === null || ms === 0 ? [] : [{ boundBy, requestsPerSec: (threads * 1000) / ms }],
  );
  const [least] = bounds.toSorted((a, b) => a.requestsPerSec - b.requestsPerSec);
  // Without any CPU time to derive it from, what was served is all that is known.
  const answered = loopsOf(server).reduce((total, { requests }) => total + requests, 0);
  return least ?? { boundBy: 'cpus', requestsPerSec: (answered * 1000) / windowMs };
}

/** null when it is not known of every thread. */
function cpuMsOf(threads: readonly { readonly cpuMs: number | null }[]): number | null {
  return threads.reduce(
    (total: number | null, { cpuMs }) => (total === null || cpuMs === null ? null : total + cpuMs),
    0,
  );
}
