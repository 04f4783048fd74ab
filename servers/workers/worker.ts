/** The worker's side of a group of workers: it loads what it is told to serve, reports its usage, and stops. */
import type { ServerContext } from '../model.ts';
import { whileStarting } from './failure.ts';
import type { WorkerCommand, WorkerMessage, WorkerReport } from './group.ts';

/** A worker that serves. */
export interface RunningWorker {
  /** 0 when the worker does not listen. */
  readonly port: number;
  report(): WorkerReport;
  stop(): Promise<void>;
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
        await running?.stop();
        process.exit(0);
    }
  };
}
