/** One HTTP server that runs handlers itself: all of `single`, and each worker of the other listeners. */
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { importDefault } from '../../scenarios/import.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { loadApp, portOf } from '../app/load.ts';
import { standAlone } from '../app/process.ts';
import type { AppScenario } from '../app/scenario.ts';
import type { Patience, ServerContext, WorkerUsage } from '../model.ts';
import type { Place } from '../place.ts';
import { startLoopProbe } from '../usage.ts';
import { Connections, QUICK, stopListening } from './connections.ts';
import { loadFaults, loadHandler } from './handler.ts';
import { give, httpServer, respond } from './server.ts';

export interface Replica {
  /** 0 when it does not listen. */
  readonly port: number;
  usage(): WorkerUsage;
  /** Serves a connection that another process has accepted. */
  accept(socket: Socket): void;
  /** As that of an `HttpServer`. */
  close(patience?: Patience): Promise<void>;
}

/** Loads what is to be served, then listens, so that the first connection already finds a server that can answer. */
export async function startReplica(
  context: ServerContext,
  id: number,
  place: Place = { kind: 'port', port: context.port },
): Promise<Replica> {
  const scenario = await importDefault<Scenario | AppScenario>(context.scenarioUrl);
  return 'app' in scenario ? ofApp(scenario.app, context, id, place) : ofHandler(context, id, place);
}

async function ofHandler(context: ServerContext, id: number, place: Place): Promise<Replica> {
  const handler = await loadHandler(context);
  const probe = startLoopProbe();
  let requests = 0;
  const server = httpServer((request, body, response) => {
    handler.handle(request.method ?? 'GET', request.url ?? '/', request.rawHeaders, body, (status, headers, text) => {
      requests++;
      respond(response, status, headers, text);
    });
  }, context);
  const port = await server.listen(place);
  return {
    port,
    usage: () => ({ ...probe.usage(server.connections()), id, requests, waitingMs: handler.waitingMs() }),
    accept: (socket) => server.accept(socket),
    close: (patience) => server.close(patience),
  };
}

/** The server of a service as it is: it is counted from outside, and nothing stands between it and its clients. */
async function ofApp(app: string, { faults }: ServerContext, id: number, place: Place): Promise<Replica> {
  const probe = startLoopProbe();
  let begun = 0;
  let requests = 0;
  let server: Server | undefined;
  // Counting both ends by channels, with the time of each, took 7% of the CPU time of a small service.
  subscribe('http.server.response.finish', (message) => {
    if (typeof message === 'object' && message !== null && 'server' in message && message.server === server) requests++;
  });
  standAlone(app);
  server = await loadApp(app, place);
  const own = server;
  own.on('request', () => begun++);
  const waitingMs = sampled(() => begun - requests);
  const connections = new Connections(own);
  if (faults === true) loadFaults().watch(own);
  if (place.kind !== 'nowhere' && !own.listening) await once(own, 'listening');
  return {
    port: place.kind === 'nowhere' ? 0 : portOf(own),
    usage: () => ({ ...probe.usage(connections.count), id, requests, waitingMs: waitingMs() }),
    accept: (socket) => give(own, socket),
    close: (patience = QUICK) => {
      // One that does not listen would believe that all its clients have left.
      if (place.kind !== 'nowhere') stopListening(own);
      return connections.end(patience);
    },
  };
}

/** How often requests under way are counted. */
const LOOK_EVERY_MS = 10;

/** Adds up how long how many requests were under way, from looks at a regular interval. */
function sampled(underWay: () => number): () => number {
  let totalMs = 0;
  let sinceMs = performance.now();
  const look = (): void => {
    const nowMs = performance.now();
    totalMs += Math.max(0, underWay()) * (nowMs - sinceMs);
    sinceMs = nowMs;
  };
  setInterval(look, LOOK_EVERY_MS).unref();
  return () => {
    look();
    return totalMs;
  };
}
