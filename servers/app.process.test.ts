/** A service that knows nothing of fourways, under every model, on real processes. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { ProcessRegistry } from '../dist/harness/measure/processes/registry.js';
import { type HostedServer, startHosted } from '../dist/harness/measure/server/hosted.js';
import { addressOf } from '../dist/servers/app/scenario.js';
import { modelsHere } from './fixtures/models-here.ts';

const registry = new ProcessRegistry();
const { signal } = new AbortController();
afterAll(() => registry.close());

const SHOP = fileURLToPath(new URL('./fixtures/shop.js', import.meta.url));
const MODELS = await modelsHere();
const WORKERS = 2;

async function served<T>(model: string, act: (server: HostedServer) => Promise<T>): Promise<T> {
  const module = new URL('../dist/servers/app/scenario.js', import.meta.url);
  const scenarioUrl = addressOf(module, pathToFileURL(SHOP).href);
  const handlerContext = { parameters: {}, iterations: 1, addresses: {} };
  const context = { scenarioUrl, handlerContext, workers: WORKERS, port: 0, onFront: [] };
  const server = await startHosted(registry, model, context, signal);
  try {
    return await act(server);
  } finally {
    await server.stop();
  }
}

/** Headers of a connection, and of how a body is sent, differ between a server and a front end. */
const OF_THE_WAY = ['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length'];

async function told(server: HostedServer, method: string, path: string, body?: string): Promise<unknown> {
  const asked = { method, headers: { 'x-user': 'ann' }, ...(body === undefined ? {} : { body }) };
  const reply = await fetch(new URL(path, server.url), asked);
  const headers = [...reply.headers].filter(([name]) => !OF_THE_WAY.includes(name));
  return { status: reply.status, headers, text: await reply.text() };
}

test('every model sends the same replies, all workers answer, and the file is as it was', async () => {
  const hashOf = (): string => createHash('sha256').update(readFileSync(SHOP)).digest('hex');
  const before = hashOf();
  const requests: readonly (readonly [string, string, string?])[] = [
    ['GET', '/products'],
    ['POST', '/orders', '{"id":7}'],
    ['GET', '/stream'],
    ['GET', '/wait'],
    ['GET', '/empty'],
    ['GET', '/nowhere'],
  ];
  const replies = new Map<string, unknown>();
  for (const model of MODELS) {
    await served(model, async (server) => {
      const { inside: start } = await server.read(signal);
      const got = await Promise.all(requests.map(([method, path, body]) => told(server, method, path, body)));
      replies.set(model, got);
      const atOnce = await Promise.all(Array.from({ length: 40 }, () => told(server, 'GET', '/wait')));
      expect(new Set(atOnce.map((one) => JSON.stringify(one))).size).toBe(1);
      const { inside: end } = await server.read(signal);
      const answered = end.workers.map(
        ({ id, requests: all }) => all - (start.workers.find((one) => one.id === id)?.requests ?? 0),
      );
      expect(answered.reduce((sum, one) => sum + one, 0)).toBe(requests.length + 40);
      expect(Math.min(...answered)).toBeGreaterThan(0);
      expect(end.workers.some(({ waitingMs }) => waitingMs >= 10)).toBe(true);
      expect(end.lostWorkers).toBe(0);
    });
  }
  for (const model of MODELS) expect(replies.get(model), model).toEqual(replies.get('single'));
  expect(replies.get('single')).toMatchObject([
    {
      status: 200,
      headers: [
        ['content-type', 'application/json'],
        ['set-cookie', 'a=1; Path=/'],
        ['set-cookie', 'b=2; Path=/'],
      ],
    },
    { status: 201, text: '{"ordered":7,"by":"ann"}' },
    { text: 'one two three' },
    { text: 'waited' },
    { status: 204, text: '' },
    { status: 404, text: 'not found' },
  ]);
  expect(hashOf()).toBe(before);
});

test.each(MODELS)('what one request puts into its context is not there for the next (%s)', async (model) => {
  await served(model, async (server) => {
    const asked = Array.from({ length: 20 }, () =>
      fetch(new URL('/context', server.url), { headers: { 'x-user': 'ann' } }),
    );
    const texts = await Promise.all(asked.map(async (reply) => (await reply).text()));
    expect(new Set(texts)).toEqual(new Set(['nobody']));
  });
});
