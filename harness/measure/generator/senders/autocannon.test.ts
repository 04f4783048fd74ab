/** The adapter of autocannon against real servers that answer in every way that a reply may be right or wrong. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Failure } from '../../../store/schema.ts';
import { answering, comparingAll, nobody, plannedRequest } from '../../fixtures/sending.ts';
import type { PlannedRequest } from '../messages.ts';
import { AutocannonLoad } from './autocannon.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Loads a server until `enough` good replies have come or something was wrong, then drains it. */
async function loaded(
  url: URL,
  requests: readonly PlannedRequest[],
  { connections = 3, enough = 200, timeoutSec = 5 } = {},
) {
  const faults: Failure[] = [];
  const counts = requests.map(() => 0);
  const latenciesMs: number[] = [];
  const sample = comparingAll();
  let connected = false;
  const load = new AutocannonLoad(
    {
      type: 'start',
      url: url.href,
      connections,
      connectionMode: 'keep-alive',
      load: { kind: 'capacity' },
      requests: [...requests],
      timeoutSec,
      share: { index: 0, of: 1 },
      seed: 1,
    },
    {
      connected: () => {
        connected = true;
      },
      reply: (index, startedMs, endedMs) => {
        counts[index] = (counts[index] ?? 0) + 1;
        latenciesMs.push(endedMs - startedMs);
      },
      completed: () => {},
      fault: (reason) => void faults.push(reason),
    },
    sample,
  );
  onTestFinished(() => load.close());
  await until(() => connected || faults.length > 0);
  load.go();
  await until(() => latenciesMs.length >= enough || faults.length > 0);
  if (faults.length === 0) await load.drain();
  const answered = latenciesMs.length;
  await setTimeout(20);
  if (faults.length === 0) expect(latenciesMs).toHaveLength(answered);
  load.close();
  return { faults, counts, latenciesMs, answered, compared: sample.compared };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(2);
}

/** `/<name>` is answered with what is right for it, unless the nth request of the server is answered otherwise. */
async function serving(bodies: Readonly<Record<string, string | Uint8Array>>, wrong: Answer | null = null, nth = 100) {
  let served = 0;
  const { url } = await answering((request, response) => {
    if (wrong !== null && ++served === nth) return wrong(request, response);
    response.end(bodies[request.url?.slice(1) ?? '']);
  });
  const requests = Object.entries(bodies).map(([name, right]) => plannedRequest({ name, path: `/${name}` }, right));
  return { url, requests };
}

const BINARY = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 31) % 256);
const bodies: readonly (readonly [string, Readonly<Record<string, string | Uint8Array>>])[] = [
  ['one class', { one: 'right' }],
  ['three classes', { one: 'right', two: 'x'.repeat(300), three: '' }],
  ['long, binary and other than ASCII', { long: 'y'.repeat(1_048_576), binary: BINARY, text: 'Größe ✓ '.repeat(700) }],
];

describe.each(bodies)('%s', (_what, right) => {
  const names = Object.keys(right);
  const enough = 'long' in right ? 60 : 300;

  test('right replies are counted, compared, and come in the mix that was asked for', async () => {
    const { url, requests } = await serving(right);
    const { faults, counts, answered, compared, latenciesMs } = await loaded(url, requests, { enough });
    expect(faults).toEqual([]);
    expect(answered).toBeGreaterThanOrEqual(enough);
    expect(compared).toBe(answered);
    for (const count of counts) expect(Math.abs(count - answered / names.length)).toBeLessThanOrEqual(1);
    expect(Math.min(...latenciesMs)).toBeGreaterThan(0);
  });

  test.each<[string, Answer, Failure['kind'], RegExp]>([
    [
      'status',
      (_, to) => to.writeHead(500).end('handler failed: TypeError: no\nsecond line'),
      'status',
      /^a reply with status 500 under load: handler failed: TypeError: no\\nsecond line$/,
    ],
    [
      'length',
      (_, to) => to.end('longer or shorter'),
      'wrong-reply',
      /^a reply body of 17 bytes under load instead of \d+ to/,
    ],
    ['no body', (_, to) => to.writeHead(204).end(), 'status', /^a reply with status 204 under load$/],
    [
      'byte',
      ({ url }, to) => {
        const bytes = Buffer.from(right[url?.slice(1) ?? ''] ?? '');
        const at = Math.floor(bytes.length / 2);
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        to.end(bytes.length === 0 ? '?' : bytes);
      },
      'wrong-reply',
      /^a (wrong reply body under load to request|reply body of 1 bytes)/,
    ],
    ['closed connection', (request) => request.socket.end(), 'connection-closed', /closed a connection under load/],
    ['reset', (request) => request.socket.resetAndDestroy(), 'connection-error', /ECONNRESET/],
    [
      'connection closed after the reply',
      ({ url }, to) => void to.setHeader('connection', 'close').end(right[url?.slice(1) ?? '']),
      'connection-closed',
      /closed a connection under load/,
    ],
  ])('one wrong %s among many is found', async (_wrong, answer, kind, message) => {
    const { url, requests } = await serving(right, answer, Math.ceil(enough / 3));
    const { faults } = await loaded(url, requests, { enough: 10 * enough });
    expect(faults[0]?.kind).toBe(kind);
    expect(faults[0]?.message).toMatch(message);
    expect(faults[0]?.message).not.toMatch(/\n/);
  });
});

test('what differs is told with its place', async () => {
  const { url, requests } = await serving({ one: 'all is well' }, (_, to) => to.end('all is hell'));
  const { faults } = await loaded(url, requests, { enough: 1000 });
  expect(faults[0]?.message).toBe(
    "a wrong reply body under load to request 'one': at byte 7 'all is hell' instead of 'all is well'",
  );
});

test('replies of one class to another are found', async () => {
  const swapped: Answer = ({ url }, to) => void to.end(url === '/one' ? 'right' : 'wrong');
  const { url, requests } = await serving({ one: 'wrong', two: 'right' }, swapped);
  expect((await loaded(url, requests, { enough: 1000 })).faults[0]?.kind).toBe('wrong-reply');
});

test('a reply that never comes is a time-out', async () => {
  const { url, requests } = await serving({ one: 'right' }, () => {});
  const { faults } = await loaded(url, requests, { enough: 1e9, timeoutSec: 0.3 });
  expect(faults[0]).toEqual({
    kind: 'timeout',
    message: expect.stringMatching(/^a request had no reply within 0\.3 s; .*--timeout$/),
  });
});

test('nobody listens', async () => {
  const { faults } = await loaded(await nobody(), [plannedRequest()]);
  expect(faults[0]).toMatchObject({ kind: 'connection-error', message: expect.stringMatching(/ECONNREFUSED/) });
});

describe('replies that are parsed by autocannon', () => {
  test.each<[string, Answer]>([
    [
      'in chunks, some of them late',
      (_, to) => {
        to.write('Grö');
        globalThis.setTimeout(() => to.end('ße'), 1);
      },
    ],
    ['after early hints', (_, to) => to.writeEarlyHints({ link: '</a>; rel=preload' }, () => to.end('Größe'))],
    [
      'with heads of changing length',
      (request, to) => to.setHeader('x', 'y'.repeat((request.socket.bytesRead / 7) % 5)).end('Größe'),
    ],
    [
      'with a head that comes alone',
      (_, to) =>
        void to
          .writeHead(200, { 'content-length': 7 })
          .write('', () => globalThis.setTimeout(() => to.end('Größe'), 1)),
    ],
  ])('%s', async (_what, answer) => {
    const { url } = await answering(answer);
    const request = plannedRequest({}, 'Größe');
    const { faults, answered, compared } = await loaded(url, [request], { enough: 60 });
    expect({ faults, compared }).toEqual({ faults: [], compared: answered });
    const other = await loaded(url, [plannedRequest({}, 'Grüße')], { enough: 60 });
    expect(other.faults[0]?.message).toMatch(/: at byte 3 'Grö(ße)?' instead of 'Grüße'$/);
  });
});

describe('whatever the pieces in which bytes come', () => {
  const REPLY = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nright';

  /** A server that writes its replies in pieces of its own choice. */
  async function writing(write: (socket: Socket, nth: number) => unknown): Promise<URL> {
    let nth = 0;
    const sockets = new Set<Socket>();
    const server = createServer({ noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('data', () => write(socket, nth++));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    const address = server.address();
    return new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  }

  test('cut anywhere, replies are right', async () => {
    const url = await writing(async (socket, nth) => {
      const at = 1 + (nth % (REPLY.length - 1));
      socket.write(REPLY.slice(0, at));
      await setTimeout(1);
      socket.write(REPLY.slice(at));
    });
    const { faults, answered } = await loaded(url, [plannedRequest()], { enough: 3 * REPLY.length });
    expect({ faults, enough: answered >= 3 * REPLY.length }).toEqual({ faults: [], enough: true });
  });

  test.each([
    [
      'bytes beyond its length',
      'wrong-reply',
      /^extra bytes after a reply under load: '\?'$/,
      (socket: Socket) => socket.write(`${REPLY}?`),
    ],
    [
      'another reply',
      'wrong-reply',
      /^extra bytes after a reply under load/,
      (socket: Socket) => socket.write(REPLY + REPLY),
    ],
    [
      'no HTTP',
      'wrong-reply',
      /^a reply under load that is not HTTP \(Parse Error\): 'SSH-2.0\\r\\n'$/,
      (socket: Socket) => socket.write('SSH-2.0\r\n'),
    ],
    ['half of it', 'timeout', /no reply/, (socket: Socket) => socket.write(REPLY.slice(0, -2))],
  ] as const)('%s is a fault', async (_what, kind, message, wrong) => {
    for (const first of [true, false]) {
      const url = await writing((socket, nth) => (first || nth === 50 ? wrong(socket) : socket.write(REPLY)));
      const { faults } = await loaded(url, [plannedRequest()], { enough: 1e9, timeoutSec: 0.3, connections: 1 });
      expect(faults[0]?.kind).toBe(kind);
      expect(faults[0]?.message).toMatch(message);
    }
  });
});

test('method, path, headers and body arrive as they are', async () => {
  const { url } = await answering(async (request, response) => {
    const chunks = await request.toArray();
    const { method, url: path, headers } = request;
    response.end([method, path, headers['x-own'], headers['content-length'], Buffer.concat(chunks)].join(' '));
  });
  const asked = { method: 'POST', path: '/a?b=1', headers: { 'x-own': 'yes' }, body: 'größer' } as const;
  const { faults } = await loaded(url, [plannedRequest(asked, 'POST /a?b=1 yes 8 größer')]);
  expect(faults).toEqual([]);
});

test('a reply to HEAD ends with its head', async () => {
  const { url } = await answering((_, response) => void response.setHeader('content-length', 5).end());
  const { faults, compared, answered } = await loaded(url, [plannedRequest({ method: 'HEAD' }, '')]);
  expect(faults).toEqual([]);
  expect(compared).toBe(answered);
});

test('requests that vary are never the same, and come as they are meant', async () => {
  const seen: string[] = [];
  const { url } = await answering(async (request, response) => {
    seen.push(`${request.url} ${(await buffer(request)).toString()}`);
    response.end('right');
  });
  const vary = { method: 'POST' as const, path: '/{{n}}', bodies: ['a {{n}}', 'ü {{n}}'], varies: true };
  const { faults } = await loaded(url, [plannedRequest(vary)]);
  expect(faults).toEqual([]);
  expect(new Set(seen).size).toBe(seen.length);
  for (const one of seen) expect(one).toMatch(/^\/(\d+) (?:a|ü) \1$/);
});
