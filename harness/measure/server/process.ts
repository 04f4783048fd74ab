/** One server process tree, started for one trial. */
import { entryBeside } from '../../../scenarios/entry.ts';
import type { HostCommand } from '../../../servers/host.ts';
import type { ServerContext, ServerSnapshot } from '../../../servers/model.ts';
import { UserError } from '../../errors.ts';
import { FailedTrial } from '../failed-trial.ts';
import { NoMessage, nextMessage } from '../processes/conversation.ts';
import type { Keeper, Kept } from '../processes/keeper.ts';
import { endText } from '../processes/last-words.ts';
import { hostMessageSchema } from './messages.ts';

/** The process in which every server runs. */
export const HOST = entryBeside(import.meta.url, '../../../servers/host');

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
  /** The module of the model, where it is not a built-in one. */
  readonly modelUrl?: string | undefined;
  /** The CPUs that it is bound to; null for any. */
  readonly cpus?: readonly number[] | null;
  /** Another Node.js than our own; workers inherit it. */
  readonly execPath?: string | undefined;
  /** Told what its processes write. */
  readonly onOutput?: (text: string) => void;
}

/** Where the module of a built-in model is. */
function builtInUrl(model: string): string {
  return entryBeside(import.meta.url, `../../../servers/${model}`).href;
}

/** Starts a model with a scenario. Rejects with a UserError when the port is taken. */
export async function startServer(
  keeper: Keeper,
  model: string,
  context: ServerContext,
  signal: AbortSignal,
  { modelUrl = builtInUrl(model), cpus = null, execPath, onOutput }: Whereabouts = {},
): Promise<ServerProcess> {
  const kept = keeper.fork(HOST, [], cpus, { execPath, onOutput });
  try {
    order(kept, { type: 'start', model: modelUrl, context });
    const ready = await nextMessage(
      kept,
      hostMessageSchema,
      (message) => (message.type === 'ready' || message.type === 'failed' ? message : undefined),
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

/** Sends a command to a host. */
export function order(kept: Kept, message: HostCommand): void {
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
        hostMessageSchema,
        (message) =>
          message.type === 'failed' || (message.type === 'snapshot' && message.ticket === ticket) ? message : undefined,
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
