/** When a reply is taken for one that does not come. */

/** What a request takes where nothing else is under way, in milliseconds; 0 where it is not known. */
export interface Work {
  readonly kernelCpuMs: number;
  readonly waitingMs: number;
}

const SHORTEST_LOAD_MS = 10_000;
const SHORTEST_CHECK_MS = 30_000;
/** How many times its fair share of waiting a request may take. */
const PATIENCE = 3;

/**
 * When a request counts as lost. A closed loop on one worker makes a request wait for all other connections, so the
 * time-out must grow with them, or slow work would look like a failing server.
 */
export function timeoutSecOf(work: Work, connections: number): number {
  return Math.ceil(Math.max(SHORTEST_LOAD_MS, patienceMs(work, connections)) / 1000);
}

/** The same of a request that checks a reply, `times` of which are sent at a time; `askedMs`: of `--timeout`, null without one. */
export function checkLimitMs(work: Work, times: number, askedMs: number | null): number {
  return Math.max(SHORTEST_CHECK_MS, patienceMs(work, times), askedMs ?? 0);
}

function patienceMs({ kernelCpuMs, waitingMs }: Work, atATime: number): number {
  return PATIENCE * (atATime * kernelCpuMs + waitingMs);
}
