/** What clients lose when a server is told to end or to replace its workers, and when a worker dies, on real processes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { ProcessRegistry } from '../dist/harness/measure/processes/registry.js';
import { faultsInto } from '../dist/harness/measure/processes/environment.js';
import { freePort } from '../dist/harness/measure/server/command.js';
import { type HostedServer, startHosted } from '../dist/harness/measure/server/hosted.js';
import { addressOf } from '../dist/servers/app/scenario.js';
import { aliveAmong } from '../harness/measure/fixtures/processes.ts';
import { modelsHere } from './fixtures/models-here.ts';
import { steadyClients } from './fixtures/steady-clients.ts';
import { modelGroups, models } from './index.ts';
import type { ServerContext } from './model.ts';

const registry = new ProcessRegistry({ args: [], env: { NODE_OPTIONS: faultsInto('model', {}).NODE_OPTIONS ?? '' } });
const { signal } = new AbortController();
afterAll(() => registry.close());

const MODELS = await modelsHere();
const HANDLER = new URL('./fixtures/behaving.js', import.meta.url).href;
const APP = addressOf(
  new URL('../dist/servers/app/scenario.js', import.meta.url),
  pathToFileURL(fileURLToPath(new URL('./fixtures/shop.js', import.meta.url))).href,
);
const CONNECTIONS = 32;

function started(model: string, scenarioUrl: string, changes: Partial<ServerContext> = {}): Promise<HostedServer> {
  const handlerContext = { parameters: {}, iterations: 1, addresses: {} };
  const context = { scenarioUrl, handlerContext, workers: 2, port: 0, onFront: [], ...changes };
  return startHosted(registry, model, context, signal);
}

const hostOf = async (server: HostedServer): Promise<number> => (await server.read(signal)).processes[0]?.pid ?? 0;

test.each(MODELS)('%s loses nothing when its workers are replaced and when it is told to end', async (model) => {
  const server = await started(model, HANDLER);
  const pids = (await server.read(signal)).processes.map(({ pid }) => pid);
  const clients = steadyClients(new URL('/ok', server.url), 2000, CONNECTIONS, 'ok');
  await setTimeout(200);
  const cannot =
    server.reload === null
      ? 'it cannot replace its workers one by one'
      : await server.reload(signal, null).then(
          () => null,
          (error: unknown) => String(error),
        );
  const { lostWorkers, replacedWorkers, workers } = (await server.read(signal)).inside;
  expect(lostWorkers).toBe(0);
  expect(clients.outcome()).toMatchObject({ lost: [], refused: 0 });
  if (cannot === null) expect([replacedWorkers, workers.length]).toEqual([2, 2]);
  else expect(cannot).toMatch(/cannot replace its workers one by one|closes the descriptor/);
  await setTimeout(100);
  process.kill(pids[0] ?? 0, 'SIGTERM');
  expect(await server.exited).toBe('exit code 0');
  const { good, lost, refused } = await clients.stop();
  expect(lost).toEqual([]);
  expect(good).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(0);
  expect(aliveAmong(pids)).toEqual([]);
});

test.each(['single', 'cluster', 'fork-pool'])(
  'the clients of a service lose nothing when its whole group of processes is told to end (%s)',
  async (model) => {
    const server = await started(model, APP);
    const clients = steadyClients(new URL('/wait', server.url), 2000, CONNECTIONS, 'waited');
    await setTimeout(300);
    process.kill(-(await hostOf(server)), 'SIGTERM');
    expect(await server.exited).toBe('exit code 0');
    const { good, lost } = await clients.stop();
    expect([lost, good > 100]).toEqual([[], true]);
  },
);

/** What a client sees of one request with this fault in it. */
function poison(server: { readonly url: string }, fault: string, path = '/ok'): Promise<string> {
  return new Promise((resolve) => {
    const asked = { agent: false as const, headers: { 'fourways-fault': fault } };
    get(new URL(path, server.url), asked, (response) => {
      response.resume().on('end', () => resolve(String(response.statusCode)));
      response.on('error', ({ message }) => resolve(message));
    }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

/** Whether a death in it is that of the whole server. */
const diesAsOne = async (model: string): Promise<boolean> =>
  model === 'single' ||
  (model === 'listener-threads' && (await models['listener-threads'].way?.())?.startsWith('one descriptor') === true);

const isPool = (model: string): boolean => modelGroups.pools.includes(model);

test.each(MODELS)('a crash costs %s the requests of the worker that had it, and the worker', async (model) => {
  const server = await started(model, HANDLER, { faults: true });
  const clients = steadyClients(new URL('/ok', server.url), 400, CONNECTIONS, 'ok');
  await setTimeout(200);
  const seen = await poison(server, 'crash');
  if (await diesAsOne(model)) {
    expect(await server.exited).toContain('fourways-fault: crash');
    await clients.stop();
    return;
  }
  expect(seen).toBe(isPool(model) ? '503' : 'ECONNRESET');
  await until('another worker', async () => (await server.read(signal)).inside.replacedWorkers === 1);
  const { lost } = clients.outcome();
  await setTimeout(200);
  const after = await clients.stop();
  expect(after.lost).toEqual(lost);
  expect(lost.length).toBeLessThan(CONNECTIONS);
  expect(lost.filter((one) => (one === '503') !== isPool(model))).toEqual([]);
  const { lostWorkers, workers } = (await server.read(signal)).inside;
  expect([lostWorkers, workers.length]).toEqual([1, 2]);
  // As usual, but for the time that it takes.
  const fromMs = performance.now();
  expect(await poison(server, 'block=100')).toBe('200');
  expect(performance.now() - fromMs).toBeGreaterThanOrEqual(99);
  await server.stop();
});

test.each(MODELS)('%s without restarts says that no worker is left', async (model) => {
  if (await diesAsOne(model)) return;
  const server = await started(model, HANDLER, { faults: true, restarts: false });
  const inside = async () => (await server.read(signal)).inside;
  for (let lost = 1; lost <= 2; lost++) {
    await poison(server, 'crash');
    await until('the end of a worker', async () => (await inside()).lostWorkers === lost);
  }
  expect(await inside()).toMatchObject({ lostWorkers: 2, replacedWorkers: 0, workers: [] });
  expect(await poison(server, 'none')).toBe(isPool(model) ? '503' : 'ECONNREFUSED');
  await server.stop();
});

test.each(MODELS.filter((model) => isPool(model)))(
  'a worker of %s that runs out of memory, and one that never comes back, leave the others alone',
  async (model) => {
    const server = await started(model, HANDLER, { faults: true });
    expect(await poison(server, 'oom')).toBe('503');
    await until('another worker', async () => (await server.read(signal)).inside.replacedWorkers === 1);
    void poison(server, 'loop');
    await setTimeout(50);
    expect(await poison(server, 'none')).toBe('200');
    // One of them is silent.
    expect((await server.read(signal)).inside.workers).toHaveLength(1);
    await server.stop();
  },
);

test('a command of the user commits faults, also where it answers at once', async () => {
  const port = await freePort();
  const text = `require('node:http').createServer((q, r) => r.end('ok')).listen(${port}, '127.0.0.1')`;
  const child = spawn(process.execPath, ['-e', text], { env: faultsInto('command', process.env), stdio: 'ignore' });
  const ended = once(child, 'exit');
  const server = { url: `http://127.0.0.1:${port}/` };
  await until('the server', async () => (await poison(server, 'none')) === '200');
  const fromMs = performance.now();
  expect(await poison(server, 'block=100')).toBe('200');
  expect(performance.now() - fromMs).toBeGreaterThanOrEqual(99);
  expect(await poison(server, 'crash')).toBe('ECONNRESET');
  expect(await ended).toEqual([1, null]);
});

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > untilMs) throw new Error(`not within 10 s: ${what}`);
    await setTimeout(20);
  }
}
