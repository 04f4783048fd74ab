import { createServer, type RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { inject } from './inject.ts';

interface Answered {
  readonly status: number;
  readonly headers: readonly string[];
  readonly text: string;
}

function asked(
  listener: RequestListener,
  method = 'GET',
  url = '/',
  headers: readonly string[] = [],
  body = '',
): Promise<Answered> {
  const server = createServer(listener);
  return new Promise((resolve) => {
    inject(server, method, url, headers, Buffer.from(body), (status, rawHeaders, bytes) =>
      resolve({ status, headers: rawHeaders, text: Buffer.from(bytes).toString() }),
    );
  });
}

test('a reply comes with its status, its headers as they were written, and its body', async () => {
  const reply = await asked((_, response) => {
    response.setHeader('X-Case', 'Kept');
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.writeHead(201, { 'content-type': 'text/plain' }).end('grüße');
  });
  expect(reply).toEqual({
    status: 201,
    headers: ['X-Case', 'Kept', 'set-cookie', 'a=1', 'set-cookie', 'b=2', 'content-type', 'text/plain'],
    text: 'grüße',
  });
});

test('a request comes with its method, its path, its headers and its body', async () => {
  const { text } = await asked(
    async (request, response) => {
      const { method, url, headers, httpVersion } = request;
      const body = (await buffer(request)).toString();
      response.end(
        JSON.stringify({ method, url, accept: headers.accept, httpVersion, body, from: request.socket.remoteAddress }),
      );
    },
    'POST',
    '/orders?x=1',
    ['Accept', 'text/html'],
    'a body',
  );
  expect(JSON.parse(text)).toEqual({
    ...{
      method: 'POST',
      url: '/orders?x=1',
      accept: 'text/html',
      httpVersion: '1.1',
      body: 'a body',
      from: '127.0.0.1',
    },
  });
});

test('a reply in pieces is whole, without the marks of its pieces', async () => {
  const { headers, text } = await asked((_, response) => {
    Readable.from(['one ', 'two ', 'x'.repeat(100_000)]).pipe(response);
  });
  expect(text).toBe(`one two ${'x'.repeat(100_000)}`);
  expect(headers.join()).not.toMatch(/transfer-encoding|content-length/iu);
});

test.each(['HEAD', 'GET'])('a reply without a body to %s', async (method) => {
  const { status, text } = await asked(
    (_, response) => void response.writeHead(method === 'HEAD' ? 200 : 204).end(),
    method,
  );
  expect([status, text]).toEqual([method === 'HEAD' ? 200 : 204, '']);
});

test('the length of what a reply to HEAD does not have is passed on', async () => {
  const { headers, text } = await asked((_, response) => void response.setHeader('content-length', 5).end(), 'HEAD');
  expect([headers, text]).toEqual([['content-length', '5'], '']);
});

test('a reply without an end is an error that says so, before it takes all memory', async () => {
  const piece = Buffer.alloc(2 ** 23);
  const { status, text } = await asked((_, response) => {
    for (let i = 0; i < 9; i++) response.write(piece);
  });
  expect([status, text]).toEqual([500, 'the reply has more than 64 MiB, which a pool does not pass on']);
});

test('a connection that is closed instead of a reply is an error that says so', async () => {
  const { status, text } = await asked((request) => void request.socket.destroy());
  expect([status, text]).toEqual([500, 'the app closed the connection without a reply']);
});

test('requests at the same time do not get into the replies of each other', async () => {
  const server = createServer((request, response) => void setTimeout(() => response.end(request.url), 5));
  const replies = await Promise.all(
    Array.from(
      { length: 50 },
      (_, i) =>
        new Promise<string>((resolve) => {
          inject(server, 'GET', `/${i}`, [], Buffer.alloc(0), (_status, _headers, bytes) =>
            resolve(Buffer.from(bytes).toString()),
          );
        }),
    ),
  );
  expect(replies).toEqual(Array.from({ length: 50 }, (_, i) => `/${i}`));
});

/** Many requests after each other, of which none may hang. */
async function statuses(listener: RequestListener, count = 100): Promise<readonly number[]> {
  const server = createServer(listener);
  const ask = (): Promise<number> => new Promise((resolve) => inject(server, 'GET', '/', [], Buffer.alloc(0), resolve));
  const found: number[] = [];
  for (let i = 0; i < count; i += 4) found.push(...(await Promise.all([ask(), ask(), ask(), ask()])));
  return found;
}

test.each<[string, RequestListener]>([
  ['ends its connection after a reply', (request, response) => void response.end('x', () => request.socket.end())],
  ['destroys it later', (request, response) => void response.end('x', () => request.socket.destroySoon())],
  ['asks for it to be closed', (_, response) => void response.setHeader('connection', 'close').end('x')],
])('a service that %s goes on being asked', async (_, listener) => {
  expect(new Set(await statuses(listener))).toEqual(new Set([200]));
});

test('a reply is closed after it is finished, which is where services let go of what they hold', async () => {
  let open = 0;
  const listener: RequestListener = (_, response) => {
    open++;
    response.once('close', () => open--);
    response.writeHead(open > 10 ? 503 : 200).end();
  };
  expect(new Set(await statuses(listener))).toEqual(new Set([200]));
});

test('early hints are not the reply', async () => {
  const { status, text } = await asked((_, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload; as=style' });
    response.end('hinted');
  });
  expect([status, text]).toEqual([200, 'hinted']);
});

test('a time limit that the service sets for a reply holds', async () => {
  const { status, text } = await asked((_, response) => {
    response.setTimeout(5, () => response.writeHead(503).end('too late'));
  });
  expect([status, text]).toEqual([503, 'too late']);
});

test('memory that a service uses again does not change what it has sent', async () => {
  const { text } = await asked((_, response) => {
    const memory = Buffer.alloc(8, 'a');
    response.write(memory, () => {
      memory.fill('b');
      response.end(memory);
    });
  });
  expect(text).toBe('aaaaaaaabbbbbbbb');
});
