/** How many connections a load opens: by default, and at most. */

/** Connections that an open loop may open: so many that a server which falls behind is not let off. */
export function mostConnections(connections: number, openFiles: number | null): number {
  const most = Math.min(MOST_CONNECTIONS, Math.max(1000, 2 * connections));
  return openFiles === null ? most : Math.max(connections, Math.min(most, Math.floor((openFiles - OTHER_FILES) / 2)));
}

/** Files that a server or a generator opens besides its connections. */
export const OTHER_FILES = 64;

/** Loopback has about 28,000 ports to call from by default, and a socket needs one. */
export const MOST_CONNECTIONS = 20_000;

/**
 * Enough connections to keep every worker busy, and a multiple of the workers, because cluster pins each to one. Fewer
 * where a request takes long: `kernelCpuMs` is the CPU time of the longest, null when that is not known.
 */
export function defaultConnections(workers: number, kernelCpuMs: number | null): number {
  const perWorker = kernelCpuMs === null ? Number.POSITIVE_INFINITY : LONGEST_QUEUE_MS / kernelCpuMs;
  const wanted = Math.min(USUAL_CONNECTIONS, Math.floor(perWorker) * workers);
  return Math.ceil(Math.max(wanted, FEWEST_PER_WORKER * workers) / workers) * workers;
}

/** Requests that wait in front of a worker for longer than this, in milliseconds, only make readings and drains late. */
const LONGEST_QUEUE_MS = 80;

const USUAL_CONNECTIONS = 64;

/** A worker is kept busy by one request that it runs, one that travels each way, and one to spare. */
const FEWEST_PER_WORKER = 4;
