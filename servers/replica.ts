/** One HTTP server that runs handlers itself: all of `single`, and each worker of `cluster`. */
import { handle, loadHandler } from './handler.ts';
import { httpServer, respond } from './http.ts';
import type { ServerContext, WorkerUsage } from './model.ts';
import { loopUsage } from './usage.ts';

export interface Replica {
  readonly port: number;
  usage(): WorkerUsage;
  close(): Promise<void>;
}

/** Loads the handler, then listens, so that the first connection already finds a server that can answer. */
export async function startReplica(context: ServerContext, id: number): Promise<Replica> {
  const handler = await loadHandler(context);
  let requests = 0;
  const server = httpServer((request, body, response) => {
    handle(handler, request.method ?? 'GET', request.url ?? '/', request.rawHeaders, body, (status, headers, text) => {
      requests++;
      respond(response, status, headers, text);
    });
  });
  const port = await server.listen(context.port);
  return { port, usage: () => ({ ...loopUsage(server.connections()), id, requests }), close: () => server.close() };
}
