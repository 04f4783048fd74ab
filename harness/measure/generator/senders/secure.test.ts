/** Every sender speaks HTTPS to servers with the test certificate, and makes a full handshake for each connection. */
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { randomStream } from '../../../stats/random.ts';
import { answering, anyClients, comparingAll, outcomeOf, plannedRequest } from '../../fixtures/sending.ts';
import { exchange } from '../../replies/exchange.ts';
import { plainGet } from '../../requests/on-wire.ts';
import { AutocannonLoad } from './autocannon.ts';
import { prepare } from './connections.ts';
import { keepAliveConnections } from './keep-alive.ts';
import { perRequestConnections } from './per-request.ts';
import { GOOD } from './reply-check.ts';

const one = prepare(plannedRequest(), 0);

/** A server, and whether each of its handshakes so far resumed a session. */
async function secure() {
  const resumed: boolean[] = [];
  const { server, url } = await answering((_, response) => response.end('right'), 'https');
  server.on('secureConnection', (socket: TLSSocket) => resumed.push(socket.isSessionReused()));
  return { url, resumed };
}

test('a connection per request', async () => {
  const { url, resumed } = await secure();
  const connections = perRequestConnections(url, 1, anyClients(), comparingAll());
  for (let i = 0; i < 3; i++) expect(await outcomeOf(connections, one)).toEqual(GOOD);
  expect(resumed).toEqual([false, false, false]);
});

test('connections that stay open', async () => {
  const { url, resumed } = await secure();
  const fail = (): never => expect.fail('a connection broke');
  const connections = keepAliveConnections(url, 3, randomStream(1), anyClients(), comparingAll(), fail);
  await connections.open(2);
  for (let i = 0; i < 5; i++) expect(await outcomeOf(connections, one)).toEqual(GOOD);
  // The server is the last to know that a handshake is complete.
  await expect.poll(() => resumed).toEqual([false, false]);
  connections.close();
});

test('autocannon', async () => {
  const { url, resumed } = await secure();
  let [replies, onEnough] = [0, (): void => {}];
  const enough = new Promise<void>((resolve) => {
    onEnough = resolve;
  });
  const load = new AutocannonLoad(
    {
      ...{ type: 'start', url: url.href, connections: 2, connectionMode: 'keep-alive', load: { kind: 'capacity' } },
      ...{ requests: [plannedRequest()], share: { index: 0, of: 1 }, seed: 1, timeoutSec: 10 },
    },
    {
      connected: () => load.go(),
      reply: () => {
        if (++replies === 10) onEnough();
      },
      completed: () => {},
      fault: ({ message }) => expect.fail(message),
    },
    comparingAll(),
  );
  await enough;
  await load.drain();
  load.close();
  await expect.poll(() => resumed).toEqual([false, false]);
});

test('a reply that is checked has as many bytes as without encryption', async () => {
  const [{ url }, plain] = await Promise.all([secure(), answering((_, response) => response.end('right'))]);
  const { signal } = new AbortController();
  const [first, second] = await Promise.all([url, plain.url].map((to) => exchange(to.href, plainGet('/'), signal)));
  expect(first).toEqual(second);
});
