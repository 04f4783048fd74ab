/** Why a trial failed: the process that died, where one did, and not the closed connection or bad reply that it caused. */
import { setTimeout } from 'node:timers/promises';
import { codeOf, messageOf } from '../../errors.ts';
import type { Failure } from '../../store/schema.ts';
import { FailedTrial } from '../failed-trial.ts';
import { NoMessage } from '../processes/next-message.ts';
import { errorLine } from '../processes/output.ts';
import { type ScenarioResources, SetUpError } from '../scenario/set-up.ts';
import { type RunningServer, StartError } from '../server/running.ts';

type Death = Promise<FailedTrial>;

const READ_LIMIT_MS = 1_000;
const SECOND_LOOK_MS = 100;

/** The failure that an error stands for. Throws the error again when it is a bug. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FailedTrial) return error.reason;
  if (error instanceof SetUpError) return { kind: 'upstream', message: messageOf(error) };
  if (error instanceof NoMessage || error instanceof StartError)
    return { kind: 'not-ready', message: messageOf(error) };
  if (codeOf(error) !== undefined) return { kind: 'connection-error', message: messageOf(error) };
  throw error;
}

/** Resolves when the server process ends. */
export function endOfServer(server: RunningServer): Death {
  return server.exited.then((how) => new FailedTrial('server', `the server ended during the trial (${how})`));
}

/** Resolves when a service of the scenario ends. */
export function endOfService(resources: ScenarioResources): Death {
  return resources.broken.then((what) => new FailedTrial('upstream', what));
}

/**
 * The cause of an error during a trial: the death of a process, or the error that the server printed, or the error itself.
 * Services come first, because one that dies may take others with it.
 */
export async function rootCause(
  error: unknown,
  server: RunningServer,
  resources: ScenarioResources,
  signal: AbortSignal,
): Promise<unknown> {
  if (signal.aborted) return error;
  const lost = await lostWorker(server, signal); // It takes long enough for a dying process to be dead afterwards.
  const died = (await ifSettled(endOfService(resources))) ?? lost ?? (await ifSettled(endOfServer(server)));
  return died ?? withServerOutput(error, server);
}

/** A reply with status 500 and a closed connection do not say what was thrown. If the server printed it, it is added. */
function withServerOutput(error: unknown, server: RunningServer): unknown {
  const kind = error instanceof FailedTrial ? error.reason.kind : codeOf(error) && 'connection-error';
  if (kind !== 'status' && kind !== 'connection-closed' && kind !== 'connection-error') return error;
  const line = errorLine(server.recentOutput());
  const message = messageOf(error);
  // The reply may say it without the name of the error.
  const isTold = line !== null && message.includes(line.replace(/^[\w.$]*Error: /u, ''));
  return line === null || isTold ? error : new FailedTrial(kind, `${message}; the server printed: ${line}`);
}

/** The value of the promise if it has resolved by now, or null. */
function ifSettled<T>(promise: Promise<T>): Promise<T | null> {
  return new Promise((resolve) => {
    void promise.then(resolve);
    setImmediate(() => resolve(null));
  });
}

/** Asks the server whether it has lost workers: the death of one shows as a closed connection or a 503 first. */
async function lostWorker(server: RunningServer, signal: AbortSignal): Promise<FailedTrial | null> {
  try {
    // The socket of a dying process can close before its parent is notified, so a second look follows the first.
    for (const waitMs of [0, SECOND_LOOK_MS]) {
      await setTimeout(waitMs, undefined, { signal });
      const { inside } = await server.read(signal, READ_LIMIT_MS);
      if (inside !== null && inside.lostWorkers > 0) return workersLost(inside.lostWorkers, server);
    }
    return null;
  } catch {
    return null; // It no longer answers; the first error says more.
  }
}

/** With the error that a worker died of, where it printed one. */
export function workersLost(count: number, server: RunningServer): FailedTrial {
  const text = `${count} worker${count === 1 ? '' : 's'} died and had to be replaced`;
  const why = errorLine(server.recentOutput());
  return new FailedTrial('lost-worker', why === null ? text : `${text}: ${why}`);
}
