/**
 * An example of a model of your own: cluster, where the operating system and not the primary hands out the connections.
 *
 *   npx fourways run -s cpu -m cluster,./examples/my-model.js
 *
 * All workers wait for connections on the same socket, and the kernel wakes one of them. That saves the way through the
 * primary, and may be uneven: a worker that has just been busy is woken more often.
 *
 * fourways imports this file in the process of the server, and in this model every worker runs it again, with `ROLE` as its
 * argument. It may import what it likes; `fourways/servers` has what the built-in models are made of.
 */
import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { followCommands, processUsage, startLoopProbe, startReplica, startWorkers } from 'fourways/servers';

const ROLE = 'my-model-worker';

/**
 * Starts one worker. Messages and the end of the worker are passed on; commands are sent to it.
 * @type {import('fourways/servers').SpawnWorker<import('fourways/servers').WorkerHandle>}
 */
const spawn = (_id, onMessage, onExit) => {
  const worker = cluster.fork();
  worker.on('message', onMessage);
  // A worker may die while a message is on its way to it.
  worker.on('error', () => {});
  worker.once('exit', (code, signal) => onExit(signal ?? `exit code ${code}`));
  return {
    send: (command) => {
      if (worker.isConnected()) worker.send(command, () => {});
    },
    kill: () => worker.process.kill('SIGKILL'),
  };
};

/** What each worker does: it serves over HTTP, reports its usage, and stops, when the process that started it says so. */
function work() {
  const follow = followCommands(
    (message) => process.send?.(message),
    async (context, id) => {
      const replica = await startReplica(context, id);
      return {
        port: replica.port,
        report: () => ({ worker: replica.usage(), process: processUsage('worker') }),
        // Nothing that a client has sent is lost, for as long as the patience lasts.
        stop: (patience) => replica.close(patience),
      };
    },
  );
  process.on('message', follow);
}

// Only as a worker: the file is also imported to be described, and then it must start nothing.
if (cluster.isWorker && process.argv[2] === ROLE) work();

/** @type {import('fourways/servers').Model} */
const model = {
  // One line that says what it is.
  summary: 'N copies of the HTTP server, connections handed out by the kernel',

  // How requests reach handler code: 'alone' in one process, 'replicated' in copies of the HTTP server, or 'offload' in a
  // pool behind one HTTP front end.
  style: 'replicated',

  // Of models that serve the same at the same cost, the one with the lowest rank is recommended: single has 1, cluster 2,
  // worker-threads 3 and fork-pool 4. Leave it out, and the model comes after all of them.
  effort: { rank: 2, why: 'the same server several times, without a message' },

  // Resolves when every worker can answer. It listens on 127.0.0.1 and on `context.port`, where 0 means a free one.
  async start(context) {
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    cluster.setupPrimary({ exec: fileURLToPath(import.meta.url), args: [ROLE] });
    const probe = startLoopProbe();
    const group = await startWorkers(context, spawn, { onReady: () => {}, onGone: () => {} });
    return {
      port: group.port,
      workers: context.workers,
      // Asked before and after the measured window: CPU time and memory of every process, and requests of every worker.
      snapshot: async () => {
        const reports = await group.report();
        const workers = reports.flatMap(({ process: usage }) => (usage === null ? [] : [usage]));
        return {
          processes: [processUsage('front'), ...workers],
          front: { ...probe.usage(0), requests: 0, waitingMs: 0 },
          workers: reports.map(({ worker }) => worker),
          // A trial in which a worker died is a failed trial, unless a fault was put into it.
          lostWorkers: group.lostWorkers,
          replacedWorkers: group.replacedWorkers,
        };
      },
      stop: (patience) => group.stop(patience),
      // Left out, the model is one that cannot replace its workers one by one.
      reload: () => group.reload(),
    };
  },
};

export default model;
