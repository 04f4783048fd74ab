/** One server process tree, started for one trial. */
import { entryBeside } from '../../scenarios/entry.ts';
import type { HostOrder } from '../../servers/host-protocol.ts';
import type { ServerContext, ServerSnapshot } from '../../servers/model.ts';
import { UserError } from '../errors.ts';
import { nextMessage } from './conversation.ts';
import type { Keeper, Kept } from './keeper.ts';
import { hostNoticeSchema } from './messages.ts';

export const START_LIMIT_MS = 30_000;
/** A worker answers between two requests, so this must outlast the slowest request that is worth measuring. */
const SNAPSHOT_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 5_000;

/** The model could not start: usually the handler failed to load. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly workers: number;
  /** Resolves when the process tree is gone, with how its root ended. */
  readonly exited: Promise<string>;
  snapshot(signal: AbortSignal): Promise<ServerSnapshot>;
  /** Asks it to stop, and kills it when it does not. */
  stop(): Promise<void>;
}

/** Starts a model with a scenario. Rejects with a UserError when the port is taken. */
export async function startServer(
  keeper: Keeper,
  model: string,
  context: ServerContext,
  signal: AbortSignal,
  host: URL = entryBeside(import.meta.url, '../../servers/host'),
): Promise<ServerProcess> {
  const kept = keeper.fork(host);
  try {
    order(kept, { type: 'start', model, context });
    const ready = await nextMessage(
      kept,
      hostNoticeSchema,
      (notice) => (notice.type === 'snapshot' ? undefined : notice),
      { forWhat: `the ${model} server to start`, limitMs: START_LIMIT_MS, signal },
    );
    if (ready.type === 'failed') throw startError(ready.message, ready.code, context.port);
    return {
      url: `http://127.0.0.1:${ready.port}/`,
      port: ready.port,
      workers: ready.workers,
      exited: kept.exited,
      snapshot: snapshotOf(kept, model),
      stop: () => stop(kept),
    };
  } catch (error) {
    await kept.kill();
    throw error;
  }
}

function order(kept: Kept, message: HostOrder): void {
  // A process that has just ended cannot be told anything; whoever waits for its answer hears of the end.
  kept.child.send(message, () => {});
}

function snapshotOf(kept: Kept, model: string): ServerProcess['snapshot'] {
  let lastTicket = 0;
  return (signal) => {
    const ticket = ++lastTicket;
    order(kept, { type: 'snapshot', ticket });
    return nextMessage(
      kept,
      hostNoticeSchema,
      (notice) => (notice.type === 'snapshot' && notice.ticket === ticket ? notice.snapshot : undefined),
      { forWhat: `the ${model} server to report its usage`, limitMs: SNAPSHOT_LIMIT_MS, signal },
    );
  };
}

async function stop(kept: Kept): Promise<void> {
  order(kept, { type: 'stop' });
  const killer = setTimeout(() => void kept.kill(), STOP_LIMIT_MS);
  await kept.exited;
  clearTimeout(killer);
}

function startError(message: string, code: string | null, port: number): Error {
  if (code === 'EADDRINUSE')
    return new UserError(`--port ${port} is taken; name another, or leave it out for a free one`);
  if (code === 'EACCES') return new UserError(`--port ${port} is not allowed to this user; name one above 1023`);
  return new StartError(message);
}
