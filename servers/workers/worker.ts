/** The worker's side of a group of workers: it loads what it is told to serve, reports its usage, and stops. */
import type { Patience, ServerContext } from '../model.ts';
import { whileStarting } from './failure.ts';
import type { WorkerCommand, WorkerMessage, WorkerReport } from './group.ts';

/** A worker that serves. */
export interface RunningWorker {
  /** 0 when the worker does not listen. */
  readonly port: number;
  report(): WorkerReport;
  /** Resolves when its clients, if it has any, have had their replies. */
  stop(patience: Patience): Promise<void>;
}

/**
 * Tells the parent over `send` that the worker has started, and returns what follows the parent's commands. The caller must
 * listen for them before the current turn of the event loop ends: a command that comes to a cluster worker without a listener
 * is lost without a trace.
 */
export function followCommands(
  send: (message: WorkerMessage) => void,
  start: (context: ServerContext, id: number) => Promise<RunningWorker>,
): (command: WorkerCommand) => Promise<void> {
  let running: RunningWorker | undefined;
  // To a whole group of processes, it comes to the parent as well, which has its workers end in order.
  process.on('SIGTERM', () => {});
  send({ type: 'started' });
  return async (command) => {
    switch (command.type) {
      case 'start':
        running = await whileStarting(
          command.context,
          () => start(command.context, command.id),
          (failure) => send({ type: 'failed', ...failure }),
        );
        if (running !== undefined) send({ type: 'ready', port: running.port });
        return;
      case 'report':
        if (running !== undefined) send({ type: 'report', ticket: command.ticket, report: running.report() });
        return;
      case 'stop':
        await running?.stop(command.patience);
        process.exit(0);
    }
  };
}
