import { setTimeout } from 'node:timers/promises';
import { FailedTrial } from './failed-trial.ts';
import { errorLine } from './last-words.ts';
import type { ServerProcess } from './server-process.ts';

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
