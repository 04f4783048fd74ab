/** Between the last check of the replies and the window: accepting connections, compiling code, filling queues. */
import { setTimeout } from 'node:timers/promises';
import { areWarm, isSteady, isWarm } from '../../stats/steady.ts';
import { FailedTrial } from '../failed-trial.ts';
import type { RunningServer } from '../server/running.ts';

/** How often the generator reports its progress. */
export const BIN_MS = 100;
/** A server that is not warm by then is measured nevertheless, and the trial is marked as not steady. */
const WARM_UP_LIMIT_MS = 15_000;
const ACCEPT_LIMIT_MS = 20_000;
const ACCEPT_POLL_MS = 5;

/** Waits until the server reports that it has accepted every connection. Of a server that reports nothing, nothing is known. */
export async function allAccepted(server: RunningServer, connections: number, signal: AbortSignal): Promise<void> {
  const until = performance.now() + ACCEPT_LIMIT_MS;
  for (;;) {
    const { inside } = await server.read(signal);
    if (inside === null) return;
    const { front, workers } = inside;
    const accepted = workers.reduce((sum, worker) => sum + worker.connections, front?.connections ?? 0);
    if (accepted >= connections) return;
    if (performance.now() > until) {
      const message = `the server accepted ${accepted} of ${connections} connections within ${ACCEPT_LIMIT_MS / 1000} s`;
      throw new FailedTrial('connection-error', message);
    }
    await setTimeout(ACCEPT_POLL_MS, undefined, { signal });
  }
}

export interface WarmUpSettings {
  /** Null where it is not known. */
  readonly workers: number | null;
  /** CPUs of the server: more workers than that are not expected. */
  readonly cpus: number;
  /** Requests of all classes per request of the rarest class. */
  readonly cycle: number;
  readonly limitMs: number;
}

/** Waits until the code is warm and throughput is steady, or for the limit; resolves with whether it is. */
export async function warmUp(
  completions: readonly number[],
  { workers, cpus, cycle, limitMs }: WarmUpSettings,
  signal: AbortSignal,
): Promise<boolean> {
  const until = performance.now() + limitMs;
  const most = Math.max(1, Math.ceil(cpus));
  const warm = (): boolean =>
    workers === null ? areWarm(completions, BIN_MS, most) : isWarm(completions, BIN_MS, workers);
  const ready = (): boolean => warm() && isSteady(completions, cycle);
  while (performance.now() < until) {
    await setTimeout(Math.min(BIN_MS, Math.max(0, until - performance.now())), undefined, { signal });
    if (ready()) return true;
  }
  return ready();
}

/** The first replies come after `waitingMs` at the soonest. */
export function warmUpLimitMs(waitingMs: number): number {
  return Math.max(WARM_UP_LIMIT_MS, WAITS * waitingMs);
}

const SHORTEST_LEAD_IN_MS = 300;
const LEAD_IN_PART = 0.25;
const WAITS = 1.5;

/**
 * How long requests are sent on schedule before the window begins: a queue needs time to reach its lasting length, and until the
 * first replies arrive every request is unanswered.
 */
export function leadInMs(windowMs: number, waitingMs: number): number {
  return Math.max(SHORTEST_LEAD_IN_MS, LEAD_IN_PART * windowMs, WAITS * waitingMs);
}
