/** Copies of the HTTP server, each of them a worker: what all listeners but `single` have in common. */
import { withShared } from '../http/handler.ts';
import type { Replica } from '../http/replica.ts';
import type { ProcessRole, Running, ServerContext } from '../model.ts';
import { processUsage, startLoopProbe } from '../usage.ts';
import { type GroupEvents, type SpawnWorker, startWorkers, type WorkerHandle } from './group.ts';
import type { RunningWorker } from './worker.ts';

const NO_EVENTS = { onReady: () => {}, onGone: () => {} };

/** `role` is that of this process: with its workers in it, or with each of them in a process of its own. */
export async function startReplicas<W extends WorkerHandle>(
  given: ServerContext,
  spawn: SpawnWorker<W>,
  role: Exclude<ProcessRole, 'worker'>,
  events: GroupEvents<W> = NO_EVENTS,
): Promise<Running> {
  const context = role === 'both' ? await withShared(given) : given;
  const probe = startLoopProbe();
  const group = await startWorkers(context, spawn, events);
  return {
    port: group.port,
    workers: context.workers,
    snapshot: async () => {
      const reports = await group.report();
      return {
        processes: [processUsage(role), ...reports.flatMap(({ process: usage }) => (usage === null ? [] : [usage]))],
        // It sees connections at most, and no request.
        front: { ...probe.usage(0), requests: 0, waitingMs: 0 },
        workers: reports.map(({ worker }) => worker),
        lostWorkers: group.lostWorkers,
        replacedWorkers: group.replacedWorkers,
      };
    },
    stop: (patience) => group.stop(patience),
    reload: () => group.reload(),
  };
}

/** The worker's side of one. */
export function replicaWorker(replica: Replica, isProcess: boolean): RunningWorker {
  return {
    port: replica.port,
    report: () => ({ worker: replica.usage(), process: isProcess ? processUsage('worker') : null }),
    stop: (patience) => replica.close(patience),
  };
}
