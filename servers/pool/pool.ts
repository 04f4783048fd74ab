/** One HTTP front end and a pool of workers behind it: what the fork pool and the thread pool have in common. */
import { withShared } from '../http/handler.ts';
import { type HttpServer, httpServer } from '../http/server.ts';
import type { ProcessRole, ProcessUsage, Running, ServerContext } from '../model.ts';
import { processUsage, startLoopProbe } from '../usage.ts';
import { type SpawnWorker, startWorkers, type WorkerHandle } from '../workers/group.ts';
import { Dispatcher, type JobBatch, type ReceivedReplies } from './dispatcher.ts';
import { startFrontHandler } from './front-handler.ts';

/** The front end's side of one worker of a pool. */
export interface PoolWorker extends WorkerHandle {
  sendJobs(batch: JobBatch): void;
  /** Set by the pool: takes the replies of this worker. */
  onReplies: (replies: ReceivedReplies) => void;
  /** Gets the bytes of each reply that was sent, when there is a use for their memory. */
  giveBack?(body: Uint8Array): void;
}

/** `role` is that of this process: with its workers in it, or with each of them in a process of its own. */
export async function startPool(
  given: ServerContext,
  spawn: SpawnWorker<PoolWorker>,
  role: Exclude<ProcessRole, 'worker'>,
): Promise<Running> {
  const context = role === 'both' ? await withShared(given) : given;
  const probe = startLoopProbe();
  const dispatcher = new Dispatcher();
  const attached = new Map<PoolWorker, ReturnType<Dispatcher['attach']>>();
  const loading = startFrontHandler(context, (request, body, response) => {
    dispatcher.dispatch(request.method ?? 'GET', request.url ?? '/', request.rawHeaders, body, response);
  });
  loading.catch(() => {}); // It is awaited below, when the workers have started beside it.
  const group = await startWorkers(context, spawn, {
    onReady: (worker) => {
      const its = dispatcher.attach(
        (batch) => worker.sendJobs(batch),
        (body) => worker.giveBack?.(body),
      );
      worker.onReplies = its.settle;
      attached.set(worker, its);
    },
    onLeaving: async (worker) => attached.get(worker)?.retire(),
    onGone: (worker) => {
      attached.get(worker)?.detach();
      attached.delete(worker);
    },
    onNoneLeft: () => dispatcher.giveUp(),
  });
  let front: HttpServer;
  let port: number;
  let handler: Awaited<typeof loading>;
  try {
    handler = await loading;
    front = httpServer(handler.onRequest, context);
    port = await front.listen(context.port);
  } catch (error) {
    await group.stop();
    throw error;
  }
  return {
    port,
    workers: context.workers,
    snapshot: async () => {
      const reports = await group.report();
      const others = reports.flatMap(({ process: usage }): ProcessUsage[] => (usage === null ? [] : [usage]));
      return {
        processes: [processUsage(role), ...others],
        front: { ...probe.usage(front.connections()), ...handler.usage() },
        workers: reports.map(({ worker }) => worker),
        lostWorkers: group.lostWorkers,
        replacedWorkers: group.replacedWorkers,
      };
    },
    // The workers are needed until all have been answered.
    stop: async (patience) => {
      await front.close(patience);
      await group.stop();
    },
    reload: () => group.reload(),
  };
}
