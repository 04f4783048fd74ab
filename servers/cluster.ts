/**
 * N copies of the HTTP server, one process each, behind one port.
 *
 * The primary accepts connections and hands each to a worker that is ready for one (round robin). A connection stays
 * with its worker, so hand-over is paid per connection and not per request, and load is as even as connections are.
 */
import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { startReplica } from './http/replica.ts';
import type { BuiltInModel, Running, ServerContext } from './model.ts';
import { processUsage, startLoopProbe } from './usage.ts';
import {
  type SpawnWorker,
  startWorkers,
  type WorkerCommand,
  type WorkerHandle,
  type WorkerMessage,
} from './workers/group.ts';
import { followCommands } from './workers/worker.ts';

const ROLE = 'fourways-cluster-worker';

const spawn: SpawnWorker<WorkerHandle> = (_id, onMessage, onExit) => {
  const worker = cluster.fork();
  worker.on('message', (message: WorkerMessage) => onMessage(message));
  worker.once('exit', (code, signal) => onExit(signal ?? `exit code ${code}`));
  return {
    send: (command) => {
      if (worker.isConnected()) worker.send(command, () => {});
    },
    kill: () => worker.process.kill('SIGKILL'),
  };
};

async function start(context: ServerContext): Promise<Running> {
  cluster.schedulingPolicy = cluster.SCHED_RR; // Also on Windows, where it is not the default.
  cluster.setupPrimary({ exec: fileURLToPath(import.meta.url), args: [ROLE] });
  const probe = startLoopProbe();
  const group = await startWorkers(context, spawn, { onReady: () => {}, onGone: () => {} });
  return {
    port: group.port,
    workers: context.workers,
    snapshot: async () => {
      const reports = await group.report();
      return {
        processes: [processUsage('front'), ...reports.flatMap(({ process: usage }) => (usage === null ? [] : [usage]))],
        // It hands over connections and sees no request.
        front: { ...probe.usage(0), requests: 0, waitingMs: 0 },
        workers: reports.map(({ worker }) => worker),
        lostWorkers: group.lostWorkers,
      };
    },
    stop: () => group.stop(),
  };
}

/** Runs in each worker: a whole HTTP server of its own, listening on a port that the primary owns. */
function work(): void {
  // Kept here: a service that is loaded in this process gets another.
  const tell = process.send?.bind(process);
  const follow = followCommands(
    (message) => tell?.(message),
    async (context, id) => {
      const replica = await startReplica(context, id);
      return {
        port: replica.port,
        report: () => ({ worker: replica.usage(), process: processUsage('worker') }),
        stop: () => replica.close(),
      };
    },
  );
  process.on('message', (command: WorkerCommand) => void follow(command));
}

if (cluster.isWorker && process.argv[2] === ROLE) work();

const model: BuiltInModel = {
  summary: 'N copies of the HTTP server, connections handed out round robin',
  style: 'replicated',
  colour: { light: '#0072b2', dark: '#5ab4ec' },
  effort: { rank: 2, why: 'the same server several times, without a message' },
  start,
};

export default model;
