/** What a server receives is the same from everything that sends requests, for whatever request may be asked for. */
import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Method, RequestClass } from '../../../../scenarios/scenario.ts';
import { unsendable, withoutLength } from '../../../plan/sendable.ts';
import { randomStream } from '../../../stats/random.ts';
import { storedBody } from '../../../store/load-schema.ts';
import { anyClients, comparingAll, outcomeOf, plannedRequest } from '../../fixtures/sending.ts';
import { exchange } from '../../replies/exchange.ts';
import { nthRequest } from '../../requests/varied.ts';
import type { PlannedRequest } from '../messages.ts';
import { AutocannonLoad } from './autocannon.ts';
import { type Connections, prepare } from './connections.ts';
import { keepAliveConnections } from './keep-alive.ts';
import { perRequestConnections } from './per-request.ts';

const HEAD_END = '\r\n\r\n';
const { signal } = new AbortController();

/** Writes down each request, byte for byte, with the number of its connection, and answers `right`. */
async function recording() {
  const requests: { readonly text: string; readonly connection: number }[] = [];
  const sockets: Socket[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = sockets.push(socket);
    let received = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const end = received.indexOf(HEAD_END);
      if (end < 0) return;
      const length = Number(/\r\ncontent-length: *(\d+)/iu.exec(received.slice(0, end))?.[1] ?? 0);
      const total = end + HEAD_END.length + length;
      if (received.length < total) return;
      const text = received.slice(0, total);
      received = received.slice(total);
      requests.push({ text, connection });
      const body = text.startsWith('HEAD ') ? '' : 'right';
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 5${HEAD_END}${body}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: new URL(`http://127.0.0.1:${port}`), requests };
}

type Recording = Awaited<ReturnType<typeof recording>>;

function planned(request: RequestClass): PlannedRequest {
  const { headers = {}, body = '', bodies } = request;
  return plannedRequest(
    {
      ...{ name: request.name, method: request.method, path: request.path, varies: request.varies ?? false },
      headers: Object.fromEntries(Object.entries(headers).map(([name, one]) => [name, [one].flat()])),
      body: storedBody(body),
      bodies: bodies?.map(storedBody) ?? null,
    },
    request.method === 'HEAD' ? '' : 'right',
  );
}

/** The first two requests of each sender, by its name. */
async function sentBy(server: Recording, request: RequestClass): Promise<ReadonlyMap<string, readonly string[]>> {
  const sent = new Map<string, readonly string[]>();
  const heard = async (sender: string, send: () => Promise<unknown>): Promise<void> => {
    const from = server.requests.length;
    await send();
    const own = server.requests.slice(from, from + 2);
    sent.set(
      sender,
      own.map(({ text }) => text),
    );
    // A connection that is kept is used again.
    if (sender !== 'check' && sender !== 'per request') expect(own[1]?.connection).toBe(own[0]?.connection);
  };
  const one = planned(request);
  const own = async (connections: Connections): Promise<void> => {
    await connections.open(1);
    const prepared = prepare(one, 0);
    for (let nth = 0; nth < 2; nth++) {
      expect(await outcomeOf(connections, prepared)).toMatchObject({ kind: 'good' });
    }
    connections.close();
  };
  const nth = nthRequest(request);
  await heard('check', async () => {
    for (const n of [1, 2]) {
      const { reply } = await exchange(server.url.href, nth(10_000 + n, { client: 10_001, visit: n }), signal);
      expect(reply.status).toBe(200);
    }
  });
  await heard('autocannon', () => autocannonSends(server.url, one));
  const clients = () => anyClients();
  await heard('kept', () =>
    own(
      keepAliveConnections(server.url, 1, randomStream(1), clients(), comparingAll(), ({ message }) => {
        throw new Error(message);
      }),
    ),
  );
  await heard('per request', () => own(perRequestConnections(server.url, 1, clients(), comparingAll())));
  return sent;
}

/** At least two requests over one connection. */
function autocannonSends(url: URL, request: PlannedRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    let replies = 0;
    const load = new AutocannonLoad(
      {
        ...{ type: 'start', url: url.href, connections: 1, connectionMode: 'keep-alive', load: { kind: 'capacity' } },
        ...{ requests: [request], timeoutSec: 5, share: { index: 0, of: 1 }, seed: 1 },
      },
      {
        connected: () => load.go(),
        reply: () => {
          if (++replies !== 2) return;
          load.close();
          resolve();
        },
        completed: () => {},
        fault: ({ message }) => reject(new Error(message)),
      },
      comparingAll(),
    );
  });
}

const METHODS: readonly Method[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];
const PATHS = [
  '/',
  '//',
  '/?',
  '/?a=1&a=2',
  '/a//b/../c',
  '/%zz',
  '/%20%C3%A4',
  "/a;b=c,d!$&'()*+@:~",
  '/{{n}}',
  '/[]{}|\\^`"<>',
];
const HEADERS: readonly (readonly [string, string | readonly string[]])[] = [
  ['accept', '*/*'],
  ['Accept', 'text/html'],
  ['ACCEPT', ''],
  ['X-Own', '  spaces within and around  '],
  ['x-own', ['one', 'two']],
  ['Cookie', ['a=1', 'b={{n}}']],
  ['content-type', 'application/json'],
  ['Content-Type', 'text/plain'],
  ['authorization', 'Bearer {{uuid}}'],
  ['Host', 'shop.example:8080'],
  ['te', 'trailers'],
  ['x-latin', 'Gr\u00fc\u00dfe'],
  ['x-tab', 'a\tb'],
  ["!#$%&'*+-.^_`|~", 'a name may be this'],
  ['date', 'Mon, 30 Nov 2026 04:09:00 GMT'],
  ['if-none-match', '"a", "b"'],
  ['range', 'bytes=0-1'],
  ['accept-encoding', 'gzip'],
  ['priority', 'u=1'],
  ['x-long', 'l'.repeat(20_000)],
];
const BODIES: readonly (string | Uint8Array)[] = [
  '{"a":{{n}}}',
  'Gr\u00f6\u00dfe \u2713',
  '\r\n\r\nGET / HTTP/1.1\r\n\r\n',
  'x'.repeat(70_000),
  Uint8Array.of(0, 255, 128, 10, 13, 194),
  new Uint8Array(0),
  '',
];

/** A request of parts that are taken at random. */
function anyRequest(random: () => number): RequestClass {
  const one = <T>(all: readonly T[]): T => {
    const taken = all[Math.floor(random() * all.length)];
    if (taken === undefined) throw new Error('there is none');
    return taken;
  };
  const headers = Object.fromEntries(HEADERS.filter(() => random() < 0.2));
  const body = one(BODIES);
  const withLength = random() < 0.2 ? { 'Content-Length': String(Buffer.byteLength(body)) } : {};
  return {
    ...{ name: 'any', weight: 1, method: one(METHODS), path: one(PATHS), varies: random() < 0.3 },
    headers: { ...headers, ...withLength },
    ...(random() < 0.7 ? { body } : { bodies: [one(BODIES), one(BODIES)] }),
  };
}

/** But for what a kept connection and one for each request imply. */
const alike = (requests: readonly string[]): readonly string[] =>
  requests.map((text) => text.replace(/\r\nconnection: (?:keep-alive|close)\r\n/u, '\r\nconnection: …\r\n'));

test('whatever request is not refused comes as the same bytes from all senders', { timeout: 60_000 }, async () => {
  const server = await recording();
  const random = randomStream(20);
  for (let left = 40; left > 0; ) {
    const asked = anyRequest(random);
    if (unsendable(asked) !== null) continue;
    left--;
    const request = { ...asked, headers: withoutLength(asked.headers ?? {}) };
    const sent = await sentBy(server, request);
    const [[, first] = ['', []]] = sent;
    expect(first).toHaveLength(2);
    for (const [sender, own] of sent) expect(alike(own), `${sender}: ${JSON.stringify(request)}`).toEqual(alike(first));
  }
});

test('headers stand in the order in which they were given, between those that are added', async () => {
  const server = await recording();
  const headers = { b: '1', Host: 'shop.example', A: ['2', '3'], a: '4' };
  const sent = await sentBy(server, { name: 'one', weight: 1, method: 'DELETE', path: '/x', headers, body: 'ä' });
  expect(Buffer.from(sent.get('kept')?.[0] ?? '', 'latin1').toString()).toBe(
    [
      ...['DELETE /x HTTP/1.1', 'host: shop.example', 'connection: keep-alive'],
      ...['b: 1', 'A: 2', 'A: 3', 'a: 4', 'content-length: 2', '', 'ä'],
    ].join('\r\n'),
  );
});
