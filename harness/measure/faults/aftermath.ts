/** What has become of a server into which faults were put. */
import type { FaultRecord } from '../../store/schema.ts';
import type { ServerReading } from '../../store/server-schema.ts';
import { isAlive } from '../processes/tree.ts';
import { exchange } from '../replies/exchange.ts';
import { nthRequest } from '../requests/varied.ts';
import { pidsOf } from '../server/launch.ts';
import type { TrialRequest } from '../trial/request.ts';
import type { FaultedServer } from './faulted-server.ts';

/** One that is well answers at once. */
const LIMIT_MS = 5_000;
/** Of a server that does not tell how many workers it has. */
const UNKNOWN_WORKERS = 8;

/** The server, or null where it does not tell in time. */
export function readOrNull(server: FaultedServer, signal: AbortSignal): Promise<ServerReading | null> {
  return server.read(signal, LIMIT_MS).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return null;
  });
}

/** Whether it still answers: some workers may, while others hold what they were given for ever. */
export async function answers(
  { url, workers }: FaultedServer,
  { loaded, expected }: Pick<TrialRequest, 'loaded' | 'expected'>,
  firstN: number,
  signal: AbortSignal,
): Promise<boolean> {
  const [requestClass] = loaded.classes;
  if (requestClass === undefined) return false;
  const until = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const request = nthRequest(requestClass);
  const asked = Array.from({ length: 2 * (workers ?? UNKNOWN_WORKERS) }, async (_, i) => {
    const { reply } = await exchange(url, request(firstN + i), until);
    if (reply.status !== expected.get(requestClass.name)?.status) throw new Error(`status ${reply.status}`);
  });
  return Promise.any(asked).then(
    () => true,
    () => false,
  );
}

/**
 * Workers that ended and those that took their place, from readings before the faults and after: as a model counts them, or else by their
 * processes. Null where neither tells.
 */
export function workersBetween(
  before: ServerReading,
  after: ServerReading | null,
  { end, startedAgain }: Pick<FaultedServer, 'end' | 'startedAgain'>,
  isReload: boolean,
): FaultRecord['workers'] {
  if (startedAgain > 0) return { lost: startedAgain, replaced: startedAgain };
  if (before.inside === null) return after === null ? null : processesBetween(before, after);
  if (end !== null) return { lost: before.inside.workers.length, replaced: 0 };
  if (after === null || after.inside === null) return isUnharmed(before) ? { lost: 0, replaced: 0 } : null;
  const { lostWorkers, replacedWorkers } = after.inside;
  const lost = lostWorkers - before.inside.lostWorkers;
  // Not every model counts them; without a dead one there is none to replace.
  if (replacedWorkers === undefined) return lost === 0 && !isReload ? { lost: 0, replaced: 0 } : null;
  const replaced = replacedWorkers - (before.inside.replacedWorkers ?? 0);
  // One that is reloaded does not die, but it ends.
  return { lost: isReload ? Math.max(lost, replaced) : lost, replaced };
}

function processesBetween(before: ServerReading, after: ServerReading): FaultRecord['workers'] {
  const [old, now] = [pidsOf(before), pidsOf(after)];
  return {
    lost: old.filter((pid) => !now.includes(pid)).length,
    replaced: now.filter((pid) => !old.includes(pid)).length,
  };
}

/** Whether every process that ran handler code is there; of threads nothing is known. */
function isUnharmed({ processes }: ServerReading): boolean {
  return processes.every(({ pid, role }) => role === 'front' || (role === 'worker' && isAlive(pid)));
}
