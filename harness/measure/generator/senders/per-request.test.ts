import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { answering, anyClients, comparingAll, nobody, outcomeOf, plannedRequest } from '../../fixtures/sending.ts';
import { type Outcome, prepare } from './connections.ts';
import { perRequestConnections } from './per-request.ts';
import { GOOD } from './reply-check.ts';

const one = prepare(plannedRequest(), 0);

/** Counts the connections, and what each was asked about its end. */
async function connecting(answer: (request: IncomingMessage, response: ServerResponse) => void, most = 1) {
  const asked: (string | undefined)[] = [];
  let opened = 0;
  const { server, url } = await answering((request, response) => {
    asked.push(request.headers.connection);
    answer(request, response);
  });
  server.on('connection', () => opened++);
  const connections = perRequestConnections(url, most, anyClients(), comparingAll());
  await connections.open(most);
  return { connections, asked, opened: () => opened };
}

test('each request has a connection of its own, and asks for it to be closed', async () => {
  const { connections, asked, opened } = await connecting((_, response) => response.end('right'));
  expect(opened()).toBe(0);
  for (let i = 1; i <= 5; i++) {
    expect(await outcomeOf(connections, one)).toEqual(GOOD);
    expect(opened()).toBe(i);
  }
  expect(asked).toEqual(Array.from({ length: 5 }, () => 'close'));
});

test('there are never more than the most', async () => {
  const held: ServerResponse[] = [];
  const { connections } = await connecting((_, response) => void held.push(response), 3);
  const sent = [1, 2, 3].map((busy) => {
    expect(connections.hasFree()).toBe(true);
    const outcome = outcomeOf(connections, one);
    expect(connections.busy()).toBe(busy);
    return outcome;
  });
  expect(connections.hasFree()).toBe(false);
  while (held.length < 3) await setTimeout(5);
  held[1]?.end('right');
  await sent[1];
  expect({ busy: connections.busy(), free: connections.hasFree() }).toEqual({ busy: 2, free: true });
  held[0]?.end('right');
  held[2]?.end('right');
  await Promise.all(sent);
  expect(connections.busy()).toBe(0);
});

describe('what comes of a request', () => {
  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void, unknown]>([
    ['another body', (_, to) => to.end('wrong'), { reason: { kind: 'wrong-reply' }, loss: { kind: 'wrong-reply' } }],
    ['another length', (_, to) => to.end('longer'), { reason: { kind: 'wrong-reply' }, loss: { kind: 'wrong-reply' } }],
    ['503', (_, to) => to.writeHead(503).end(), { reason: { kind: 'status' }, loss: { kind: 'status', status: 503 } }],
    ['404', (_, to) => to.writeHead(404).end(), { reason: { kind: 'status' }, loss: { kind: 'status', status: 404 } }],
    [
      'a reset',
      ({ socket }) => socket.resetAndDestroy(),
      { reason: { kind: 'connection-error' }, loss: { kind: 'reset' } },
    ],
    [
      'a closed connection',
      ({ socket }) => socket.end(),
      { reason: { kind: 'connection-error' }, loss: { kind: 'reset' } },
    ],
    [
      'a reply that is cut off',
      ({ socket }, to) => to.writeHead(200, { 'content-length': 5 }).write('rig', () => socket.end()),
      { reason: { kind: 'connection-error' }, loss: { kind: 'reset' } },
    ],
  ])('%s', async (_what, answer, expected) => {
    const { connections } = await connecting(answer);
    expect(await outcomeOf(connections, one)).toMatchObject({ kind: 'bad', ...Object(expected) });
    expect(connections.busy()).toBe(0);
  });

  test('a reply in several chunks is complete only with the last one', async () => {
    const body = 'x'.repeat(200_000);
    const { connections } = await connecting((_, response) => {
      response.write(body.slice(0, 1000));
      globalThis.setTimeout(() => response.end(body.slice(1000)), 20);
    });
    expect(await outcomeOf(connections, prepare(plannedRequest({}, body), 0))).toEqual(GOOD);
  });

  test('nobody listens', async () => {
    const connections = perRequestConnections(await nobody(), 1, anyClients(), comparingAll());
    expect(await outcomeOf(connections, one)).toMatchObject({ kind: 'bad', reason: { kind: 'connection-error' } });
    expect(connections.hasFree()).toBe(true);
  });

  test('method, path, headers and body arrive as they are', async () => {
    const { connections } = await connecting(async (request, response) => {
      const chunks = await request.toArray();
      const { method, url, headers } = request;
      response.end([method, url, headers['x-own'], headers['content-length'], Buffer.concat(chunks)].join(' '));
    });
    const asked = { method: 'PUT', path: '/a?b=1', headers: { 'x-own': 'yes' }, body: 'größer' } as const;
    expect(await outcomeOf(connections, prepare(plannedRequest(asked, 'PUT /a?b=1 yes 8 größer'), 0))).toEqual(GOOD);
  });
});

test('a request that is given up ends its connection, and its sender hears nothing more', async () => {
  const held: ServerResponse[] = [];
  const { connections } = await connecting((_, response) => void held.push(response));
  const heard: Outcome[] = [];
  const sender = { settled: (outcome: Outcome) => heard.push(outcome) };
  const carrier = connections.send(one, sender);
  while (held.length === 0) await setTimeout(5);
  const closed = new Promise((resolve) => held[0]?.once('close', resolve));
  carrier.abandon(sender);
  carrier.abandon(sender);
  expect({ busy: connections.busy(), free: connections.hasFree() }).toEqual({ busy: 0, free: true });
  await closed;
  await setTimeout(20);
  expect(heard).toEqual([]);
});
