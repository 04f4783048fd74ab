/** Workers that are processes made with `child_process.fork`, and the worker's side of every process that is a copy of the server. */
import { type ChildProcess, fork } from 'node:child_process';
import { keepChannel } from '../app/process.ts';
import type { Replica } from '../http/replica.ts';
import type { ServerContext } from '../model.ts';
import type { SpawnWorker, WorkerCommand, WorkerHandle, WorkerMessage } from './group.ts';
import { replicaWorker } from './replicas.ts';
import { followCommands } from './worker.ts';

export interface ForkedWorker extends WorkerHandle {
  readonly child: ChildProcess;
}

/** Each runs the file at this path with the role as its argument. */
export function forked(file: string, role: string): SpawnWorker<ForkedWorker> {
  return (_id, onMessage, onExit) => {
    const child = fork(file, [role]);
    child.on('message', (message: WorkerMessage) => onMessage(message));
    onEnd(child, onExit);
    return {
      child,
      send: (command) => {
        // A send that fails means the worker is going.
        if (child.connected) child.send(command, () => {});
      },
      kill: () => child.kill('SIGKILL'),
    };
  };
}

/**
 * Calls back when a process has ended, or could not be started. It may die while a message is on its way to it, which is an error of the
 * channel, and none that should end its parent.
 */
export function onEnd(child: ChildProcess, onExit: (how: string) => void): void {
  child.on('error', (error) => {
    if (child.pid === undefined) onExit(error.message);
  });
  child.once('exit', (code, signal) => onExit(signal ?? `exit code ${code}`));
}

/** Runs in each worker process: a whole HTTP server of its own. */
export function serveReplica(start: (context: ServerContext, id: number) => Promise<Replica>): void {
  const tell = process.send?.bind(process);
  const follow = followCommands(
    (message) => tell?.(message),
    async (context, id) => {
      keepChannel();
      return replicaWorker(await start(context, id), true);
    },
  );
  process.on('message', (command: WorkerCommand) => void follow(command));
  process.on('disconnect', () => process.exit());
}
