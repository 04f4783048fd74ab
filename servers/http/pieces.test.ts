/** Bodies that are sent while they are made. */
import { expect, onTestFinished, test } from 'vitest';
import type { Pieces } from '../../scenarios/scenario.ts';
import { collected } from './reply.ts';
import { httpServer, respond } from './server.ts';

/** Where each request is answered with these pieces, and how often one was sent. */
async function serving(pieces: () => Pieces) {
  let sent = 0;
  const server = httpServer((_request, _body, response) => respond(response, 200, [], pieces(), () => sent++));
  const port = await server.listen(0);
  onTestFinished(() => server.close());
  return { url: `http://127.0.0.1:${port}/`, sent: () => sent };
}

async function* numbers(upTo: number, failsAt = Number.POSITIVE_INFINITY): AsyncGenerator<string | Uint8Array> {
  for (let i = 0; i < upTo; i++) {
    if (i === failsAt) throw new Error('it failed half-way');
    yield i % 2 === 0 ? `${i},` : Buffer.from(`${i},`);
  }
}

test('arrive in order, without a length beforehand', async () => {
  const { url, sent } = await serving(() => numbers(5));
  const reply = await fetch(url);
  expect(await reply.text()).toBe('0,1,2,3,4,');
  expect([reply.headers.get('content-length'), reply.headers.get('transfer-encoding')]).toEqual([null, 'chunked']);
  expect(sent()).toBe(1);
});

test('a source that fails breaks the reply, which must not look complete', async () => {
  const { url } = await serving(() => numbers(5, 3));
  await expect(fetch(url).then((reply) => reply.text())).rejects.toThrow('terminated');
  await expect(collected(numbers(5, 3))).rejects.toThrow('it failed half-way');
});

test('the next piece is made when there is room for it', async () => {
  let made = 0;
  const { url } = await serving(async function* () {
    for (; made < 200; made++) yield Buffer.alloc(1024 * 1024);
  });
  const reply = await fetch(url);
  // Far more than sockets and streams hold between two processes, which are one here.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(made).toBeLessThan(200);
  await reply.body?.cancel();
});

test('are collected in one', async () => {
  expect(Buffer.from(await collected(numbers(3))).toString()).toBe('0,1,2,');
});
