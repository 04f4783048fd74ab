/** What servers do that go wrong for a known time, from when a poison reaches them. Plain `node:http`, without code of the models. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { AWAY_MS, DROP_EVERY, type OutageName, SLOW_BY_MS, SLOW_FOR_MS } from './known.ts';

const RIGHT = '{"hello":"world"}';

function reply(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(RIGHT) });
  response.end(RIGHT);
}

function isPoison({ headers }: IncomingMessage): boolean {
  return headers['fourways-fault'] !== undefined;
}

/** Closes the port and every connection, and is there again when the time is over. */
function leave(server: Server): void {
  const address = server.address();
  if (address === null || typeof address === 'string') return;
  const { port, address: host }: AddressInfo = address;
  server.close();
  server.closeAllConnections();
  setTimeout(() => server.listen({ port, host }), AWAY_MS);
}

/** Each is made once per server. */
export const outageAnswers: Readonly<Record<OutageName, (server: Server) => RequestListener>> = {
  away: (server) => (request, response) => {
    reply(response);
    if (isPoison(request)) leave(server);
  },
  dropping: () => {
    let nth: number | null = null;
    return (request, response) => {
      if (isPoison(request)) nth = 0;
      else if (nth !== null && ++nth % DROP_EVERY === 0) return void request.socket.destroy();
      reply(response);
    };
  },
  slow: () => {
    let untilMs = 0;
    return (request, response) => {
      if (isPoison(request)) untilMs = performance.now() + SLOW_FOR_MS;
      else if (performance.now() < untilMs) return void setTimeout(reply, SLOW_BY_MS, response);
      reply(response);
    };
  },
};
