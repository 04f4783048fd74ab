/** One server process tree, started for one trial. */
import { entryBeside } from '../../../scenarios/entry.ts';
import type { HostOrder } from '../../../servers/host-protocol.ts';
import type { ServerContext, ServerSnapshot } from '../../../servers/model.ts';
import { UserError } from '../../errors.ts';
import { FailedTrial } from '../failed-trial.ts';
import { NoMessage, nextMessage } from '../processes/conversation.ts';
import type { Keeper, Kept } from '../processes/keeper.ts';
import { endText } from '../processes/last-words.ts';
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
  /** Resolves when the process tree is gone, with how its root ended and what it said of that. */
  readonly exited: Promise<string>;
  /** The last of what its processes wrote. */
  lastWords(): string;
  /** Rejects with a FailedTrial when it does not answer, within 30 s if nothing else is said. */
  snapshot(signal: AbortSignal, limitMs?: number): Promise<ServerSnapshot>;
  /** Asks it to stop, and kills it when it does not. */
  stop(): Promise<void>;
}

/** What is not the same for every server. */
interface Whereabouts {
  /** Another host process than that of the registered models. */
  readonly host?: URL | undefined;
  /** The CPUs that it is bound to; null for any. */
  readonly cpus?: readonly number[] | null;
  /** Another Node.js than our own; workers inherit it. */
  readonly execPath?: string | undefined;
  /** Told what its processes write. */
  readonly onOutput?: (text: string) => void;
}

/** Starts a model with a scenario. Rejects with a UserError when the port is taken. */
export async function startServer(
  keeper: Keeper,
  model: string,
  context: ServerContext,
  signal: AbortSignal,
  { host = entryBeside(import.meta.url, '../../../servers/host'), cpus = null, execPath, onOutput }: Whereabouts = {},
): Promise<ServerProcess> {
  const kept = keeper.fork(host, [], cpus, { execPath, onOutput });
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
      exited: kept.exited.then((how) => endText(how, kept.lastWords())),
      lastWords: () => kept.lastWords(),
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
  const forWhat = `the ${model} server to report its usage`;
  return async (signal, limitMs = SNAPSHOT_LIMIT_MS) => {
    const ticket = ++lastTicket;
    order(kept, { type: 'snapshot', ticket });
    try {
      const answer = await nextMessage(
        kept,
        hostNoticeSchema,
        (notice) =>
          notice.type === 'failed' || (notice.type === 'snapshot' && notice.ticket === ticket) ? notice : undefined,
        { forWhat, limitMs, signal },
      );
      if (answer.type === 'snapshot') return answer.snapshot;
      throw new FailedTrial('server', `${forWhat}: ${answer.message}`);
    } catch (error) {
      throw error instanceof NoMessage ? new FailedTrial('server', error.message) : error;
    }
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
