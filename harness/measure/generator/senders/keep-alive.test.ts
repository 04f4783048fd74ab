import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../stats/random.ts';
import type { Failure } from '../../../store/schema.ts';
import { answering, anyClients, comparingAll, nobody, outcomeOf, plannedRequest } from '../../fixtures/sending.ts';
import { monotonicMs } from '../load.ts';
import { type Outcome, prepare } from './connections.ts';
import { keepAliveConnections } from './keep-alive.ts';
import { GOOD } from './reply-check.ts';
import { TraceRecorder } from './trace-recorder.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Connections to a server of the test; `requests` counts those of each connection, by the port that it comes from. */
async function connected(answer: Answer, { open = 1, most = 1, trace = null as TraceRecorder | null } = {}) {
  const requests = new Map<number, number>();
  const { server, url } = await answering((request, response) => {
    const port = request.socket.remotePort ?? 0;
    requests.set(port, (requests.get(port) ?? 0) + 1);
    answer(request, response);
  });
  const faults: Failure[] = [];
  const onFault = (reason: Failure) => void faults.push(reason);
  const connections = keepAliveConnections(url, most, randomStream(1), anyClients(), comparingAll(), onFault, trace);
  await connections.open(open);
  return { server, connections, faults, requests };
}

const right: Answer = (_request, response) => response.end('right');
const one = prepare(plannedRequest(), 0);
const CLOSED: Failure = { kind: 'connection-closed', message: 'the server closed a connection under load' };

test('one that nobody used for a while may be closed: the next request opens another', async () => {
  const { server, connections, faults, requests } = await connected(right, { open: 2, most: 2 });
  server.keepAliveTimeout = 1000;
  expect(await outcomeOf(connections, one)).toEqual(GOOD);
  await expect.poll(() => connectionsOf(server), { timeout: 15_000 }).toBe(1);
  await setTimeout(50); // Until this side has seen it.
  expect(connections.busy()).toBe(0);
  for (let i = 0; i < 20; i++) expect(await outcomeOf(connections, one)).toEqual(GOOD);
  expect(faults).toEqual([]);
  expect(requests.size).toBeGreaterThan(0);
});

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
}

describe('which connection', () => {
  test('any idle one at random: none is left out, and none is preferred', async () => {
    const { connections, requests } = await connected(right, { open: 8, most: 8 });
    for (let i = 0; i < 800; i++) expect(await outcomeOf(connections, one)).toEqual(GOOD);
    expect(requests.size).toBe(8);
    // 100 each, with a standard deviation of 9.4: four of them.
    for (const count of requests.values()) expect(Math.abs(count - 100)).toBeLessThan(38);
  });

  test('another one is opened when none is idle, up to the most and no further', async () => {
    const held: ServerResponse[] = [];
    const { connections, requests } = await connected((_, response) => void held.push(response), { open: 2, most: 4 });
    const sent = [1, 2, 3, 4].map((busy) => {
      expect(connections.hasFree()).toBe(true);
      const outcome = outcomeOf(connections, one);
      expect(connections.busy()).toBe(busy);
      return outcome;
    });
    expect(connections.hasFree()).toBe(false);
    while (held.length < 4) await setTimeout(5);
    expect(requests.size).toBe(4);
    for (const response of held) response.end('right');
    expect(await Promise.all(sent)).toEqual([GOOD, GOOD, GOOD, GOOD]);
    expect({ busy: connections.busy(), free: connections.hasFree() }).toEqual({ busy: 0, free: true });
  });

  test('nobody listens: opening fails with the reason, and so does a request on a new connection', async () => {
    const faults: Failure[] = [];
    const connections = keepAliveConnections(
      await nobody(),
      2,
      randomStream(1),
      anyClients(),
      comparingAll(),
      (reason) => faults.push(reason),
    );
    await expect(connections.open(1)).rejects.toThrow(/ECONNREFUSED/);
    const outcome = await outcomeOf(connections, one);
    expect(outcome).toMatchObject({ kind: 'bad', loss: { kind: 'refused' }, reason: { kind: 'connection-error' } });
    expect(faults).toEqual([]);
  });
});

describe('what a reply comes to', () => {
  const BODY = "a wrong reply body under load to request 'one'";
  const lengthText = (bytes: number): string =>
    `a reply body of ${bytes} bytes under load instead of 5 to request 'one'`;
  const wrong = (kind: 'status' | 'wrong-reply', message: string, status: number | null = null): Outcome => ({
    kind: 'bad',
    reason: { kind, message },
    loss: { kind, status },
  });

  test.each<[string, Answer, Outcome]>([
    ['right', right, GOOD],
    ['another body', (_, to) => to.end('wrong'), wrong('wrong-reply', `${BODY}: at byte 0 'wrong' instead of 'right'`)],
    ['shorter', (_, to) => to.end('righ'), wrong('wrong-reply', lengthText(4))],
    ['longer', (_, to) => to.end('right!'), wrong('wrong-reply', lengthText(6))],
    ['none', (_, to) => to.end(), wrong('wrong-reply', lengthText(0))],
    [
      '503',
      (_, to) => to.writeHead(503).end('right'),
      wrong('status', 'a reply with status 503 under load: right', 503),
    ],
    [
      '404',
      (_, to) => to.writeHead(404).end('right'),
      wrong('status', 'a reply with status 404 under load: right', 404),
    ],
    [
      '302',
      (_, to) => to.writeHead(302).end('right'),
      wrong('status', 'a reply with status 302 under load: right', 302),
    ],
  ])('%s', async (_what, answer, outcome) => {
    const { connections, faults } = await connected(answer);
    // The second time on the same connection: nothing of the first is left.
    for (let i = 0; i < 2; i++) expect(await outcomeOf(connections, one)).toEqual(outcome);
    expect(faults).toEqual([]);
  });

  test.each<[string, string]>([
    ['in several chunks', 'x'.repeat(3_000)],
    ['long, in several chunks', 'x'.repeat(2_000_000)],
    ['beyond ASCII', 'Größe '.repeat(500)],
  ])('a body %s', async (_what, body) => {
    let cut = 0;
    const { connections } = await connected((_, response) => {
      const bytes = Buffer.from(body).subarray(cut);
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 1001));
      globalThis.setTimeout(() => response.end(bytes.subarray(1001)), 5);
    });
    const prepared = prepare(plannedRequest({}, body), 0);
    expect(await outcomeOf(connections, prepared)).toEqual(GOOD);
    cut = 1;
    expect(await outcomeOf(connections, prepared)).toMatchObject({ kind: 'bad', reason: { kind: 'wrong-reply' } });
  });

  test('a byte that differs in a later chunk is seen', async () => {
    const { connections } = await connected((_, response) => {
      response.writeHead(200, { 'content-length': 5 }).write('rig');
      globalThis.setTimeout(() => response.end('hy'), 5);
    });
    expect(await outcomeOf(connections, one)).toEqual(
      wrong('wrong-reply', `${BODY}: at byte 4 '…hy' instead of '…ht'`),
    );
  });
});

test('method, path, headers and body arrive as they are', async () => {
  const { connections } = await connected(async (request, response) => {
    const chunks = await request.toArray();
    const { method, url, headers } = request;
    response.end([method, url, headers['x-own'], headers['content-length'], Buffer.concat(chunks)].join(' '));
  });
  const asked = { method: 'POST', path: '/a?b=1', headers: { 'x-own': 'yes' }, body: 'größer' } as const;
  expect(await outcomeOf(connections, prepare(plannedRequest(asked, 'POST /a?b=1 yes 8 größer'), 0))).toEqual(GOOD);
});

describe('a connection that breaks', () => {
  test.each<[string, Answer]>([
    ['reset', (request) => request.socket.resetAndDestroy()],
    [
      'reset in the middle of a reply',
      (request, to) => to.writeHead(200).write('r', () => request.socket.resetAndDestroy()),
    ],
  ])('%s under a request: that one has failed, and the next has a new connection', async (_what, breaking) => {
    let times = 0;
    const { connections, requests } = await connected((request, response) =>
      times++ === 0 ? breaking(request, response) : right(request, response),
    );
    const outcome = await outcomeOf(connections, one);
    expect(outcome).toMatchObject({ kind: 'bad', loss: { kind: 'reset' }, reason: { kind: 'connection-error' } });
    expect(connections.busy()).toBe(0);
    expect(await outcomeOf(connections, one)).toEqual(GOOD);
    expect(requests.size).toBe(2);
  });

  test('closed under a request is a fault as well', async () => {
    const { connections, faults } = await connected((request) => request.socket.end());
    expect(await outcomeOf(connections, one)).toMatchObject({ kind: 'bad', reason: { kind: 'connection-error' } });
    expect(faults).toContainEqual(CLOSED);
  });

  test.each<[string, Answer]>([
    ['with the reply', (_, response) => response.setHeader('connection', 'close').end('right')],
    ['after the reply', (request, response) => response.end('right', () => request.socket.end())],
    [
      'with a reset after the reply',
      (request, to) => to.end('right', () => setTimeout(5).then(() => request.socket.resetAndDestroy())),
    ],
  ])('closed %s it is a fault, and nothing more is sent on it', async (_what, answer) => {
    const { connections, faults, requests } = await connected(answer, { most: 2 });
    expect(await outcomeOf(connections, one)).toEqual(GOOD);
    while (faults.length === 0) await setTimeout(5);
    expect(faults).toContainEqual(CLOSED);
    await setTimeout(20);
    expect({ busy: connections.busy(), free: connections.hasFree() }).toEqual({ busy: 0, free: true });
    expect(await outcomeOf(connections, one)).toEqual(GOOD);
    expect(requests.size).toBe(2);
  });

  test.each<[string, Answer, number]>([
    ['with the reply', (_, response) => response.setHeader('connection', 'close').end('right'), 1],
    ['after the reply', (request, response) => response.end('right', () => request.socket.end()), 1],
    ['under the request', (request) => request.socket.end(), 0],
  ])('where a trace is recorded, %s is no fault but counted, and another is opened', async (_what, closing, idle) => {
    const trace = new TraceRecorder();
    let times = 0;
    const answer: Answer = (request, response) => (times++ === 0 ? closing : right)(request, response);
    const { connections, faults } = await connected(answer, { trace });
    const startMs = monotonicMs() - 1000;
    const first = await outcomeOf(connections, one);
    expect(first).toMatchObject(idle === 1 ? GOOD : { kind: 'bad', loss: { kind: 'reset' } });
    await setTimeout(30);
    expect({ busy: connections.busy(), free: connections.hasFree() }).toEqual({ busy: 0, free: true });
    expect(await outcomeOf(connections, one)).toEqual(GOOD);
    const { closedIdle, opened } = trace.trace(startMs, 10_000);
    const total = (sparse: readonly number[]): number => sparse.reduce((sum, n, i) => sum + (i % 2 === 1 ? n : 0), 0);
    expect({ closedIdle: total(closedIdle), opened: total(opened), faults }).toEqual({
      closedIdle: idle,
      opened: 2,
      faults: [],
    });
  });

  test('a request that is sent at the very moment of the closing fails, and is not tried for ever', async () => {
    const { connections } = await connected((_, response) => response.setHeader('connection', 'close').end('right'));
    const second = await new Promise<Outcome>((resolve) => {
      connections.send(one, { settled: () => connections.send(one, { settled: resolve }) });
    });
    expect(second).toMatchObject({ kind: 'bad', reason: { kind: 'connection-error', message: CLOSED.message } });
  });
});

test('a request that is given up takes its connection with it, and its sender hears nothing more', async () => {
  const held: ServerResponse[] = [];
  const { connections, faults } = await connected((_, response) => void held.push(response));
  const heard: Outcome[] = [];
  const sender = { settled: (outcome: Outcome) => heard.push(outcome) };
  const carrier = connections.send(one, sender);
  while (held.length === 0) await setTimeout(5);
  const closed = new Promise((resolve) => held[0]?.once('close', resolve));
  carrier.abandon({ settled: () => {} }); // Of somebody else.
  expect(connections.busy()).toBe(1);
  carrier.abandon(sender);
  expect({ busy: connections.busy(), free: connections.hasFree() }).toEqual({ busy: 0, free: true });
  await closed;
  await setTimeout(20);
  expect({ heard, faults }).toEqual({ heard: [], faults: [] });
});

test('each of several generators sends all bodies in turn, and no number is sent by two', () => {
  const request = plannedRequest({ bodies: ['a', 'b', 'c', 'd'] });
  const sent = [0, 1, 2].map((index) => {
    const { next, nth } = prepare(request, 0, { index, of: 3 });
    return Array.from({ length: 10 }, () => next()).map((n) => ({ n, body: nth(n).body }));
  });
  for (const one of sent) expect(one.map(({ body }) => body).join('')).toBe('abcdabcdab');
  expect(new Set(sent.flat().map(({ n }) => n)).size).toBe(30);
});
