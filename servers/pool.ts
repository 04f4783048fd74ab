/** One HTTP front and a pool of workers behind it: what the fork pool and the thread pool have in common. */
import { type Crew, hireCrew, type Member, type Spawn } from './crew.ts';
import { Dispatcher, type JobBatch, type ReceivedReplies } from './dispatcher.ts';
import { startFrontHandler } from './front-handler.ts';
import { httpServer } from './http.ts';
import { startLoopProbe } from './loop-probe.ts';
import type { ProcessRole, ProcessUsage, Running, ServerContext } from './model.ts';
import { processUsage } from './process-usage.ts';

export interface PoolMember extends Member {
  sendJobs(batch: JobBatch): void;
  /** Set by the pool: takes the replies of this worker. */
  onReplies: (replies: ReceivedReplies) => void;
  /** Gets the bytes of each reply that was sent, when there is a use for their memory. */
  giveBack?(body: Uint8Array): void;
}

/** `role` is that of this process: with its workers in it, or with each of them in a process of its own. */
export async function startPool(
  context: ServerContext,
  spawn: Spawn<PoolMember>,
  role: Exclude<ProcessRole, 'worker'>,
): Promise<Running> {
  const probe = startLoopProbe();
  const dispatcher = new Dispatcher();
  const detachers = new Map<PoolMember, () => void>();
  const loading = startFrontHandler(context, (request, body, response) => {
    dispatcher.dispatch(request.method ?? 'GET', request.url ?? '/', request.rawHeaders, body, response);
  });
  loading.catch(() => {}); // It is awaited below, when the workers have started beside it.
  const crew: Crew = await hireCrew(context, spawn, {
    joined: (member) => {
      const { settle, detach } = dispatcher.attach(
        (batch) => member.sendJobs(batch),
        (body) => member.giveBack?.(body),
      );
      member.onReplies = settle;
      detachers.set(member, detach);
    },
    left: (member) => {
      detachers.get(member)?.();
      detachers.delete(member);
    },
  });
  const { handler, front, port } = await listening().catch(async (error: unknown) => {
    await crew.stop();
    throw error;
  });
  return {
    port,
    workers: context.workers,
    snapshot: async () => {
      const reports = await crew.report();
      const others = reports.flatMap(({ process: usage }): ProcessUsage[] => (usage === null ? [] : [usage]));
      return {
        processes: [processUsage(role), ...others],
        front: { ...probe.usage(front.connections()), ...handler.usage() },
        workers: reports.map(({ worker }) => worker),
        lostWorkers: crew.lostWorkers(),
      };
    },
    stop: async () => {
      await front.close();
      await crew.stop();
    },
  };

  async function listening() {
    const handler = await loading;
    const front = httpServer(handler.onRequest);
    return { handler, front, port: await front.listen(context.port) };
  }
}
