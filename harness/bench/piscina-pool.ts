/** The same HTTP front as the pools of `servers/`, with Piscina behind it: what both pools are measured against. */
import { Piscina } from 'piscina';
import { entryBeside } from '../../scenarios/entry.ts';
import { httpServer, respond } from '../../servers/http/server.ts';
import type { Model, Running, ServerContext } from '../../servers/model.ts';
import { processUsage, startLoopProbe } from '../../servers/usage.ts';
import type { PiscinaReply, PiscinaTask } from './piscina-worker.ts';

/** What a thread of Piscina does not tell about itself. */
const NOTHING_KNOWN = {
  activeMs: 0,
  idleMs: 0,
  threadId: null,
  threadCpuUs: null,
  queuedUs: null,
  gcMs: 0,
  loopDelayP99Ms: null,
  connections: 0,
  waitingMs: 0,
};

async function start(context: ServerContext): Promise<Running> {
  const probe = startLoopProbe();
  let requests = 0;
  const pool = new Piscina<PiscinaTask, PiscinaReply>({
    filename: entryBeside(import.meta.url, 'piscina-worker').href,
    workerData: context,
    minThreads: context.workers,
    maxThreads: context.workers,
    idleTimeout: Number.POSITIVE_INFINITY,
  });
  const front = httpServer((request, body, response) => {
    const { method = 'GET', url = '/', rawHeaders: headers } = request;
    pool.run({ method, url, headers, body }).then(
      (reply) => {
        requests++;
        respond(response, reply.status, reply.headers, reply.body);
      },
      (error: unknown) => respond(response, 500, [], String(error)),
    );
  });
  const port = await front.listen(context.port);
  return {
    port,
    workers: context.workers,
    // Piscina does not tell what each of its threads did; the front counts for all of them.
    snapshot: async () => ({
      processes: [processUsage('both')],
      front: { ...probe.usage(front.connections()), requests: 0, waitingMs: 0 },
      workers: [{ ...NOTHING_KNOWN, id: 1, requests }],
      lostWorkers: 0,
    }),
    stop: async () => {
      await front.close();
      await pool.destroy();
    },
  };
}

const model: Model = { summary: 'one HTTP front, threads of Piscina behind it', style: 'offload', start };

export default model;
