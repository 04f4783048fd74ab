/** A model of ours: a process tree with a host that answers to messages. */
import { entryBeside } from '../../../scenarios/entry.ts';
import type { HostCommand } from '../../../servers/host.ts';
import type { ServerContext } from '../../../servers/model.ts';
import { UserError } from '../../errors.ts';
import type { ServerReading } from '../../store/server-schema.ts';
import { FailedTrial } from '../failed-trial.ts';
import { NoMessage, nextMessage } from '../processes/next-message.ts';
import { endText } from '../processes/output.ts';
import type { OwnedProcess, ProcessRegistry } from '../processes/registry.ts';
import { hostMessageSchema } from './messages.ts';
import { type RunningServer, StartError } from './running.ts';

/** The process in which every server runs. */
export const HOST = entryBeside(import.meta.url, '../../../servers/host');

const START_LIMIT_MS = 30_000;
/** A worker answers between two requests, so this must outlast the slowest request that is worth measuring. */
const SNAPSHOT_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 5_000;
/** It may wait for its clients as long as it is patient. */
const END_LIMIT_MS = 10_000;
/** Each worker has as long as one that starts, and some seconds to end. */
const RELOAD_LIMIT_MS = 120_000;

/** It can be asked about its inside. */
export interface HostedServer extends RunningServer {
  readonly workers: number;
  read(
    signal: AbortSignal,
    limitMs?: number,
  ): Promise<ServerReading & { readonly inside: NonNullable<ServerReading['inside']> }>;
}

interface HostOptions {
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
  readonly profilesInto?: string | undefined;
  readonly faults?: boolean | undefined;
}

/** Where the module of a built-in model is. */
export function builtInUrl(model: string): string {
  return entryBeside(import.meta.url, `../../../servers/${model}`).href;
}

/** Starts a model with a scenario. Rejects with a UserError when the port is taken. */
export async function startHosted(
  registry: ProcessRegistry,
  model: string,
  context: ServerContext,
  signal: AbortSignal,
  { modelUrl = builtInUrl(model), ...options }: HostOptions = {},
): Promise<HostedServer> {
  const owned = registry.fork(HOST, [], options.cpus ?? null, { isServer: true, ...options });
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
      url: `${context.tls === true ? 'https' : 'http'}://127.0.0.1:${ready.port}/`,
      port: ready.port,
      workers: ready.workers,
      exited: owned.exited.then((how) => endText(how, owned.recentOutput())),
      recentOutput: () => owned.recentOutput(),
      isFresh: true,
      read: readerOf(owned, model),
      canReload: ready.canReload,
      reload: reloaderOf(owned, model),
      end: () => end(owned),
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

function readerOf(owned: OwnedProcess, model: string): HostedServer['read'] {
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
      if (answer.type === 'snapshot') {
        const { processes, ...inside } = answer.snapshot;
        return { processes, inside };
      }
      throw new FailedTrial('server', `${forWhat}: ${answer.message}`);
    } catch (error) {
      throw error instanceof NoMessage ? new FailedTrial('server', error.message) : error;
    }
  };
}

function reloaderOf(owned: OwnedProcess, model: string): (signal: AbortSignal) => Promise<void> {
  let lastTicket = 0;
  const forWhat = `reloading the ${model} server`;
  return async (signal) => {
    const ticket = ++lastTicket;
    send(owned, { type: 'reload', ticket });
    const { failure } = await nextMessage(
      owned,
      hostMessageSchema,
      (message) => (message.type === 'reloaded' && message.ticket === ticket ? message : undefined),
      { forWhat, limitMs: RELOAD_LIMIT_MS, signal },
    ).catch((error: unknown) => {
      throw error instanceof NoMessage ? new FailedTrial('server', error.message) : error;
    });
    if (failure !== null) throw new FailedTrial('server', `${forWhat}: ${failure}`);
  };
}

async function stop(owned: OwnedProcess): Promise<void> {
  send(owned, { type: 'stop' });
  await gone(owned, STOP_LIMIT_MS);
}

async function end(owned: OwnedProcess): Promise<void> {
  owned.child.kill('SIGTERM');
  await gone(owned, END_LIMIT_MS);
}

/** Kills it after so long. */
async function gone(owned: OwnedProcess, limitMs: number): Promise<void> {
  const killer = setTimeout(() => void owned.kill(), limitMs);
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
