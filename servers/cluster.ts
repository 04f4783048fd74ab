/**
 * N copies of the HTTP server, one process each, behind one port.
 *
 * The primary accepts connections and hands each to a worker that is ready for one (round robin). A connection stays
 * with its worker, so hand-over is paid per connection and not per request, and load is as even as connections are.
 */
import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { hireCrew, type Member, type Notice, type Order, type Spawn } from './crew.ts';
import { reportForWork } from './crew-member.ts';
import { startLoopProbe } from './loop-probe.ts';
import type { Model, ServerContext } from './model.ts';
import { processUsage } from './process-usage.ts';
import { startReplica } from './replica.ts';

const spawn: Spawn<Member> = (_id, onNotice, onExit) => {
  const worker = cluster.fork();
  worker.on('message', (notice: Notice) => onNotice(notice));
  worker.once('exit', (code, signal) => onExit(signal ?? `exit code ${code}`));
  return {
    send: (order) => {
      if (worker.isConnected()) worker.send(order, () => {});
    },
    kill: () => worker.process.kill('SIGKILL'),
  };
};

async function start(context: ServerContext): ReturnType<Model['start']> {
  cluster.schedulingPolicy = cluster.SCHED_RR; // Also on Windows, where it is not the default.
  cluster.setupPrimary({ exec: fileURLToPath(import.meta.url), args: [] });
  const probe = startLoopProbe();
  const crew = await hireCrew(context, spawn, { joined: () => {}, left: () => {} });
  return {
    port: crew.port,
    workers: context.workers,
    snapshot: async () => {
      const reports = await crew.report();
      return {
        processes: [processUsage('front'), ...reports.flatMap(({ process: usage }) => (usage === null ? [] : [usage]))],
        // It hands over connections and sees no request.
        front: { ...probe.usage(0), requests: 0, waitingMs: 0 },
        workers: reports.map(({ worker }) => worker),
        lostWorkers: crew.lostWorkers(),
      };
    },
    stop: () => crew.stop(),
  };
}

/** Runs in each worker: a whole HTTP server of its own, listening on a port that the primary owns. */
function work(): void {
  const follow = reportForWork(
    (notice) => process.send?.(notice),
    async (context, id) => {
      const replica = await startReplica(context, id);
      return {
        port: replica.port,
        report: () => ({ worker: replica.usage(), process: processUsage('worker') }),
        stop: () => replica.close(),
      };
    },
  );
  process.on('message', (order: Order) => void follow(order));
}

if (cluster.isWorker) work();

const model: Model = {
  summary: 'N copies of the HTTP server, connections handed out round robin',
  style: 'replicated',
  start,
};

export default model;
