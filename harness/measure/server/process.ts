/** One server process tree, started for one trial. */
import { entryBeside } from '../../../scenarios/entry.ts';
import type { HostCommand } from '../../../servers/host.ts';
import type { ServerContext, ServerSnapshot } from '../../../servers/model.ts';
import { UserError } from '../../errors.ts';
import { FailedTrial } from '../failed-trial.ts';
import { NoMessage, nextMessage } from '../processes/next-message.ts';
import { endText } from '../processes/output.ts';
import type { OwnedProcess, ProcessRegistry } from '../processes/registry.ts';
import { hostMessageSchema } from './messages.ts';

/** The process in which every server runs. */
export const HOST = entryBeside(import.meta.url, '../../../servers/host');

const START_LIMIT_MS = 30_000;
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
  /** Resolves when the process tree is gone, with how its root ended and the error that it printed. */
  readonly exited: Promise<string>;
  /** The end of what its processes wrote. */
  recentOutput(): string;
  /** Rejects with a FailedTrial when it does not answer within the limit, 30 s by default. */
  snapshot(signal: AbortSignal, limitMs?: number): Promise<ServerSnapshot>;
  /** Asks it to stop, and kills it when it does not. */
  stop(): Promise<void>;
}

interface ServerOptions {
  /** The module of the model, where it is not a built-in one. */
  readonly modelUrl?: string | undefined;
  /** The CPUs that it is bound to; null for any. */
  readonly cpus?: readonly number[] | null;
  /** Another Node.js than our own; workers inherit it. */
  readonly execPath?: string | undefined;
  /** Working directory, if it is not our own. */
  readonly cwd?: string | undefined;
  /** Called with what its processes write. */
  readonly onOutput?: (text: string) => void;
}

/** Where the module of a built-in model is. */
function builtInUrl(model: string): string {
  return entryBeside(import.meta.url, `../../../servers/${model}`).href;
}

/** Starts a model with a scenario. Rejects with a UserError when the port is taken. */
export async function startServer(
  registry: ProcessRegistry,
  model: string,
  context: ServerContext,
  signal: AbortSignal,
  { modelUrl = builtInUrl(model), cpus = null, execPath, cwd, onOutput }: ServerOptions = {},
): Promise<ServerProcess> {
  const owned = registry.fork(HOST, [], cpus, { isServer: true, execPath, cwd, onOutput });
  try {
    send(owned, { type: 'start', model: modelUrl, context });
    const ready = await nextMessage(
      owned,
      hostMessageSchema,
      (message) => (message.type === 'ready' || message.type === 'failed' ? message : undefined),
      { forWhat: `starting the ${model} server`, limitMs: START_LIMIT_MS, signal },
    );
    if (ready.type === 'failed') throw startError(ready.message, ready.code, context.port);
    return {
      url: `http://127.0.0.1:${ready.port}/`,
      port: ready.port,
      workers: ready.workers,
      exited: owned.exited.then((how) => endText(how, owned.recentOutput())),
      recentOutput: () => owned.recentOutput(),
      snapshot: snapshotOf(owned, model),
      stop: () => stop(owned),
    };
  } catch (error) {
    await owned.kill();
    throw error;
  }
}

/** Sends a command to a host. */
export function send(owned: OwnedProcess, message: HostCommand): void {
  // A process that has just ended cannot receive it; the wait for the answer reports the end.
  owned.child.send(message, () => {});
}

function snapshotOf(owned: OwnedProcess, model: string): ServerProcess['snapshot'] {
  let lastTicket = 0;
  const forWhat = `asking the ${model} server for its usage`;
  return async (signal, limitMs = SNAPSHOT_LIMIT_MS) => {
    const ticket = ++lastTicket;
    send(owned, { type: 'snapshot', ticket });
    try {
      const answer = await nextMessage(
        owned,
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

async function stop(owned: OwnedProcess): Promise<void> {
  send(owned, { type: 'stop' });
  const killer = setTimeout(() => void owned.kill(), STOP_LIMIT_MS);
  await owned.exited;
  clearTimeout(killer);
}

function startError(message: string, code: string | null, port: number): Error {
  if (code === 'EADDRINUSE') {
    return new UserError(`--port ${port} is in use; give another, or leave it out for a free one`);
  }
  if (code === 'EACCES') return new UserError(`--port ${port} is not allowed for this user; give one above 1023`);
  return new StartError(message);
}
