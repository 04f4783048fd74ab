/**
 * Servers whose true figures are known, to test the harness against. They are plain `node:http` and share no code with the
 * models except the reading of CPU time, so that the same mistake cannot be on both sides.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Model } from '../../../servers/model.ts';
import { processUsage, startLoopProbe } from '../../../servers/usage.ts';
import { answers } from './answers.ts';
import { type OutageName, outageNames, type TruthName, truthNames } from './known.ts';
import { outageAnswers } from './outage-answers.ts';

function truthServer(name: TruthName | OutageName): Model {
  return {
    summary: `the known truth '${name}'`,
    style: 'alone',
    start: async ({ port }) => {
      const probe = startLoopProbe();
      let connections = 0;
      let requests = 0;
      const server = createServer();
      server.on('request', listenerOf(name, server));
      server.on('request', () => requests++);
      // A connection that is closed by the server is a fault, so none may be closed for being idle or slow.
      Object.assign(server, { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });
      server.on('connection', (socket) => {
        connections++;
        socket.once('close', () => connections--);
      });
      return {
        port: await listen(server, port),
        workers: 1,
        snapshot: async () => ({
          processes: [processUsage('worker')],
          front: null,
          workers: [{ ...probe.usage(connections), id: 1, requests, waitingMs: 0 }],
          lostWorkers: 0,
        }),
        stop: async () => {
          server.closeAllConnections();
          server.close();
        },
      };
    },
  };
}

function listenerOf(name: TruthName | OutageName, server: Server): RequestListener {
  if (isOutage(name)) return outageAnswers[name](server);
  const answer = answers[name]();
  let nth = 0;
  return (_request, response) => answer(response, ++nth);
}

function isOutage(name: TruthName | OutageName): name is OutageName {
  return outageNames.some((one) => one === name);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}

/** The URL of this module ends with the name of the server: `?healthy`. */
const asked = new URL(import.meta.url).search.slice(1);
const known = [...truthNames, ...outageNames].find((name) => name === asked);
if (known === undefined) throw new Error(`there is no server '${asked}' whose figures are known`);

export default truthServer(known);
