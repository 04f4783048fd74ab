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
import type { SpawnWorker, WorkerHandle, WorkerMessage } from './workers/group.ts';
import { onEnd, serveReplica } from './workers/processes.ts';
import { startReplicas } from './workers/replicas.ts';

const ROLE = 'fourways-cluster-worker';

const spawn: SpawnWorker<WorkerHandle> = (_id, onMessage, onExit) => {
  const worker = cluster.fork();
  worker.on('message', (message: WorkerMessage) => onMessage(message));
  // What the cluster module sends to one that has died fails here.
  worker.on('error', () => {});
  onEnd(worker.process, onExit);
  return {
    send: (command) => {
      if (worker.isConnected()) worker.send(command, () => {});
    },
    kill: () => worker.process.kill('SIGKILL'),
  };
};

/** `SCHED_RR` is not the default on Windows. */
export function startCluster(context: ServerContext, policy: typeof cluster.schedulingPolicy): Promise<Running> {
  cluster.schedulingPolicy = policy;
  cluster.setupPrimary({ exec: fileURLToPath(import.meta.url), args: [ROLE] });
  return startReplicas(context, spawn, 'front');
}

// Each worker listens on a port that the primary owns.
if (cluster.isWorker && process.argv[2] === ROLE) serveReplica(startReplica);

const model: BuiltInModel = {
  summary: 'N copies of the HTTP server, connections handed out round robin by a primary',
  style: 'replicated',
  colour: { light: '#0072b2', dark: '#5ab4ec' },
  effort: { rank: 2, why: 'the same server several times, without a message' },
  start: (context) => startCluster(context, cluster.SCHED_RR),
};

export default model;
