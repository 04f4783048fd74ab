/** What a model could do with the generator elsewhere, reckoned from the CPU time that its requests took. */
import type { Measurement } from '../../store/schema.ts';
import type { CellResult } from '../schema/capacity.ts';

type BoundBy = CellResult['impliedCapacity']['boundBy'];

/**
 * Requests per second if CPU time were all that counts: the CPUs ÷ CPU time of a request (the utilisation law,
 * Denning and Buzen 1978: X = U ÷ D, with every CPU at U = 1). A thread cannot use more than one CPU, so the front is a
 * station of its own, and so are the workers together; the slowest station decides. Where threads are not told apart, a
 * single process is taken for one thread, and other models are bounded by the CPUs alone.
 */
export function impliedCapacity(
  { server, windowMs }: Pick<Measurement, 'server' | 'windowMs'>,
  cpus: number,
): { requestsPerSec: number; boundBy: BoundBy } {
  const answered = server.workers.reduce((sum, { requests }) => sum + requests, server.front?.requests ?? 0);
  const perRequestMs = server.cpuMsPerRequest;
  const threads = (list: readonly { readonly cpuMs: number | null }[]): number | null =>
    list.reduce((sum: number | null, { cpuMs }) => (sum === null || cpuMs === null ? null : sum + cpuMs), 0);
  // All figures are scaled to the same window, so shares of the whole keep the exactness of CPU time per request.
  const perRequest = (cpuMs: number | null): number | null =>
    cpuMs === null || server.cpuMs === 0 ? null : (cpuMs / server.cpuMs) * perRequestMs;
  const stations: { readonly boundBy: BoundBy; readonly threads: number; readonly ms: number | null }[] = [
    { boundBy: 'cpus', threads: cpus, ms: perRequestMs },
    { boundBy: 'front', threads: 1, ms: server.front === null ? null : perRequest(server.front.cpuMs) },
    { boundBy: 'workers', threads: server.workers.length, ms: workersMs() },
  ];
  const bounds = stations.flatMap(({ boundBy, threads, ms }) =>
    ms === null || ms === 0 ? [] : [{ boundBy, requestsPerSec: (threads * 1000) / ms }],
  );
  const [least] = bounds.toSorted((a, b) => a.requestsPerSec - b.requestsPerSec);
  // Without any CPU time to reckon with, what was served is all that is known.
  return least ?? { boundBy: 'cpus', requestsPerSec: (answered * 1000) / windowMs };

  function workersMs(): number | null {
    const ms = perRequest(threads(server.workers));
    if (ms !== null) return ms;
    return server.front === null && server.workers.length === 1 ? perRequestMs : null;
  }
}
