/** Which process died. That shows as a closed connection or a bad reply first, but it is the reason. */

import { setTimeout } from 'node:timers/promises';
import { codeOf, messageOf } from '../../errors.ts';
import { FailedTrial } from '../failed-trial.ts';
import { errorLine } from '../processes/last-words.ts';
import type { Surroundings } from '../scenario/set-up.ts';
import type { ServerProcess } from '../server/process.ts';

type Death = Promise<FailedTrial>;

/** Resolves when the server process ends. */
export function endOfServer(server: ServerProcess): Death {
  return server.exited.then((how) => new FailedTrial('server', `the server ended during the trial (${how})`));
}

/** Resolves when a service of the scenario ends. */
export function endOfService(surroundings: Surroundings): Death {
  return surroundings.broken.then((what) => new FailedTrial('upstream', what));
}

/**
 * What lies behind an error of a trial: the death of a process, or what the server wrote, or the error itself. A service comes
 * first: it may take others with it.
 */
export async function rootCause(
  error: unknown,
  server: ServerProcess,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<unknown> {
  if (signal.aborted) return error;
  const lost = await lostWorker(server, signal); // By its end a process that is about to die has died.
  const died = (await ifSettled(endOfService(surroundings))) ?? lost ?? (await ifSettled(endOfServer(server)));
  return died ?? withWords(error, server);
}

/** A reply with status 500 and a closed connection do not say what was thrown. Where the server printed it, it is added. */
function withWords(error: unknown, server: ServerProcess): unknown {
  const kind = error instanceof FailedTrial ? error.reason.kind : codeOf(error) && 'connection-error';
  if (kind !== 'status' && kind !== 'connection-closed' && kind !== 'connection-error') return error;
  const line = errorLine(server.lastWords());
  const said = messageOf(error);
  return line === null || said.includes(line) ? error : new FailedTrial(kind, `${said}; the server wrote: ${line}`);
}

/** What the promise has resolved with by now, or null. */
function ifSettled<T>(promise: Promise<T>): Promise<T | null> {
  return new Promise((resolve) => {
    void promise.then(resolve);
    setImmediate(() => resolve(null));
  });
}

const LAST_LOOK_MS = 1_000;
const SECOND_LOOK_MS = 100;

/** A worker that died shows as a closed connection or a 503 first. What matters is that it died. */
export async function lostWorker(server: ServerProcess, signal: AbortSignal): Promise<FailedTrial | null> {
  try {
    // The socket of a dying process can close before its parent hears of the end, so a second look follows the first.
    for (const waitMs of [0, SECOND_LOOK_MS]) {
      await setTimeout(waitMs, undefined, { signal });
      const { lostWorkers } = await server.snapshot(signal, LAST_LOOK_MS);
      if (lostWorkers > 0) return new FailedTrial('lost-worker', lostText(lostWorkers, server.lastWords()));
    }
    return null;
  } catch {
    return null; // It no longer answers; the first error tells more.
  }
}

/** With the error that it died of, where it printed one. */
export function lostText(count: number, words: string): string {
  const text = `${count} worker${count === 1 ? '' : 's'} died and had to be replaced`;
  const why = errorLine(words);
  return why === null ? text : `${text}: ${why}`;
}
