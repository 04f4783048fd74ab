/** Which process died. That shows as a closed connection or a bad reply first, but it is the reason. */
import { FailedTrial } from './failed-trial.ts';
import { lostWorker } from './lost-worker.ts';
import type { Surroundings } from './scenario-set-up.ts';
import type { ServerProcess } from './server-process.ts';

type Death = Promise<FailedTrial>;

/** Resolves when the server process ends. */
export function endOfServer(server: ServerProcess): Death {
  return server.exited.then((how) => new FailedTrial('server', `the server ended during the trial (${how})`));
}

/** Resolves when a service of the scenario ends. */
export function endOfService(surroundings: Surroundings): Death {
  return surroundings.broken.then((what) => new FailedTrial('upstream', what));
}

/** Looks for what died when a trial has failed; null when nothing did. A service comes first: it may take others with it. */
export async function rootCause(
  server: ServerProcess,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<FailedTrial | null> {
  if (signal.aborted) return null;
  const lost = await lostWorker(server, signal); // By its end a process that is about to die has died.
  return (await ifSettled(endOfService(surroundings))) ?? lost ?? (await ifSettled(endOfServer(server)));
}

/** What the promise has resolved with by now, or null. */
function ifSettled<T>(promise: Promise<T>): Promise<T | null> {
  return new Promise((resolve) => {
    void promise.then(resolve);
    setImmediate(() => resolve(null));
  });
}
