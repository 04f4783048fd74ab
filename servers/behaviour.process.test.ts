/** What clients of a server feel when its handler misbehaves, on real processes. */
import { Agent, get, type IncomingHttpHeaders } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ProcessRegistry } from '../dist/harness/measure/processes/registry.js';
import { type HostedServer, startHosted } from '../dist/harness/measure/server/hosted.js';
import { loadOn } from '../harness/measure/fixtures/trials.ts';
import { modelsHere } from './fixtures/models-here.ts';

const registry = new ProcessRegistry();
const { signal } = new AbortController();
afterAll(() => registry.close());

const BEHAVING = fileURLToPath(new URL('./fixtures/behaving.js', import.meta.url));
const MODELS = await modelsHere();
const POOLS = ['fork-pool', 'worker-threads'];

/** By model and count of workers: no test leaves anything behind in a server that the next one could see. */
const running = new Map<string, Promise<HostedServer>>();

async function started(model: string, workers: number): Promise<HostedServer> {
  const { url: scenarioUrl } = await loadOn(registry, BEHAVING);
  const handlerContext = { parameters: {}, iterations: 1, addresses: {} };
  return startHosted(registry, model, { scenarioUrl, handlerContext, workers, port: 0, onFront: [] }, signal);
}

async function served<T>(model: string, workers: number, act: (server: HostedServer) => Promise<T>): Promise<T> {
  const key = `${model} ${workers}`;
  const server = running.get(key) ?? started(model, workers);
  running.set(key, server);
  return act(await server);
}

interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function ask({ url }: HostedServer, path: string, agent: Agent): Promise<Received> {
  return new Promise((resolve, reject) => {
    get(new URL(path, url), { agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    }).on('error', reject);
  });
}

const connection = (): Agent => new Agent({ keepAlive: true, maxSockets: 1 });

test.each(MODELS)('what one request puts into its context is not there for the next (%s)', async (model) => {
  await served(model, 1, async (server) => {
    const agent = connection();
    const texts: string[] = [];
    for (const user of ['ann', 'bob', 'cleo']) {
      texts.push((await ask(server, `/context?user=${user}`, agent)).body.toString());
    }
    const atOnce = await Promise.all(
      ['dan', 'eve', 'fay'].map((user) => ask(server, `/context?user=${user}`, connection())),
    );
    texts.push(...atOnce.map(({ body }) => body.toString()));
    expect(texts).toEqual(['ann', 'bob', 'cleo', 'dan', 'eve', 'fay'].map((user) => `nobody then ${user}`));
  });
});

describe.each(MODELS)('%s', (model) => {
  test('says what is wrong with what a handler returned, and goes on', async () => {
    await served(model, 2, async (server) => {
      const said = async (path: string): Promise<string> => {
        const { status, body } = await ask(server, path, connection());
        return `${status} ${body}`;
      };
      expect(await said('/object')).toBe(
        '500 the handler returned a body of type object; a body must be a string, a Uint8Array, or an async iterable of these: JSON.stringify() makes one',
      );
      expect(await said('/nothing')).toMatch(/^500 the handler returned undefined/);
      expect(await said('/closes')).toMatch(/^500 the handler returned a header 'Connection'; .*leave it out$/);
      expect(await said('/odd')).toMatch(/^500 the reply cannot be sent: .*\["x y"\].* the names of headers are words/);
      const { status, body, headers } = await ask(server, '/cookies', connection());
      expect([status, String(body), headers]).toEqual([
        200,
        'two of them',
        expect.objectContaining({ 'set-cookie': ['a=1', 'b=2'], 'content-length': '11', link: '</a>, </b>' }),
      ]);
      expect(await said('/throws')).toMatch(/^500 the handler failed: TypeError: on purpose \(at .*behaving\.js/);
      expect(await said('/ok')).toBe('200 ok');
      expect((await server.read(signal)).inside.lostWorkers).toBe(0);
    });
  });

  test('sends bytes that a handler returns again and again, whole', async () => {
    await served(model, 2, async (server) => {
      const replies = await Promise.all(Array.from({ length: 12 }, () => ask(server, '/large', connection())));
      const right = Buffer.from(new Uint8Array(300_000).map((_, i) => i % 251));
      expect(replies.every(({ body }) => body.equals(right))).toBe(true);
    });
  });
});

describe.each(POOLS)('with one of two workers in a long loop, %s', (pool) => {
  const CLIENTS = 32;
  const EVERY_MS = 16;

  test('serves the other clients as before', async () => {
    await served(pool, 2, async (server) => {
      const doneAtMs: number[] = [];
      let isOver = false;
      const client = async (nth: number): Promise<void> => {
        const agent = connection();
        let dueMs = performance.now() + (nth * EVERY_MS) / CLIENTS;
        while (!isOver) {
          dueMs = Math.max(dueMs + EVERY_MS, performance.now());
          await setTimeout(dueMs - performance.now());
          await ask(server, '/ok', agent);
          doneAtMs.push(performance.now());
        }
      };
      const clients = Array.from({ length: CLIENTS }, (_, nth) => client(nth));
      await setTimeout(1000);
      const fromMs = performance.now();
      await setTimeout(1000);
      const stuckMs = performance.now();
      await ask(server, '/spin?ms=1500', connection());
      const freeMs = performance.now();
      isOver = true;
      await Promise.all(clients);
      const rate = (from: number, to: number): number =>
        doneAtMs.filter((at) => at >= from && at < to).length / (to - from);
      // About half, if jobs were still given to the worker that does not start them. Tests beside this one take CPUs too.
      expect(rate(stuckMs, freeMs) / rate(fromMs, stuckMs)).toBeGreaterThan(0.65);
    });
  });

  test('jobs that only wait do not keep others from a worker', async () => {
    await served(pool, 2, async (server) => {
      const startedMs = performance.now();
      const replies = await Promise.all(Array.from({ length: 200 }, () => ask(server, '/later', connection())));
      expect(replies.every(({ status }) => status === 200)).toBe(true);
      // One after the other, two at a time, they would take a hundred times as long.
      expect(performance.now() - startedMs).toBeLessThan(200 * 50 * 0.5);
    });
  });
});

test.each(POOLS)('a reply that is ready does not wait for a long job behind it (%s)', async (pool) => {
  await served(pool, 1, async (server) => {
    const [short, long] = [connection(), connection()];
    // Both are known to the worker by now.
    for (const path of ['/ok', '/spin?ms=5', '/ok', '/spin?ms=5']) await ask(server, path, short);
    let before = 0;
    const TRIES = 10;
    for (let i = 0; i < TRIES; i++) {
      const order: string[] = [];
      await Promise.all([
        ask(server, '/ok', short).then(() => order.push('short')),
        ask(server, '/spin?ms=60', long).then(() => order.push('long')),
      ]);
      if (order[0] === 'short') before++;
    }
    expect(before).toBeGreaterThanOrEqual(TRIES - 2);
  });
});
