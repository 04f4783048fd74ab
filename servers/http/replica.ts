/** One HTTP server that runs handlers itself: all of `single`, and each worker of `cluster`. */

import type { ServerContext, WorkerUsage } from '../model.ts';
import { startLoopProbe } from '../usage.ts';
import { loadHandler } from './handler.ts';
import { httpServer, respond } from './server.ts';

export interface Replica {
  readonly port: number;
  usage(): WorkerUsage;
  close(): Promise<void>;
}

/** Loads the handler, then listens, so that the first connection already finds a server that can answer. */
export async function startReplica(context: ServerContext, id: number): Promise<Replica> {
  const handler = await loadHandler(context);
  const probe = startLoopProbe();
  let requests = 0;
  const server = httpServer((request, body, response) => {
    handler.handle(request.method ?? 'GET', request.url ?? '/', request.rawHeaders, body, (status, headers, text) => {
      requests++;
      respond(response, status, headers, text);
    });
  });
  const port = await server.listen(context.port);
  return {
    port,
    usage: () => ({ ...probe.usage(server.connections()), id, requests, waitingMs: handler.waitingMs() }),
    close: () => server.close(),
  };
}
