/** What clients lose when a server is told to end or to replace its workers, and when a worker dies, on real processes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
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

const registry = new ProcessRegistry({
  args: [],
  env: { NODE_OPTIONS: faultsInto('model', {})['NODE_OPTIONS'] ?? '' },
});
const { signal } = new AbortController();
afterAll(() => registry.close());

const MODELS = await modelsHere();
const HANDLER = new URL('./fixtures/behaving.js', import.meta.url).href;
const SHOP = fileURLToPath(new URL('./fixtures/shop.js', import.meta.url));
const APP = addressOf(new URL('../dist/servers/app/scenario.js', import.meta.url), pathToFileURL(SHOP).href);
const CONNECTIONS = 32;

function started(model: string, scenarioUrl: string, changes: Partial<ServerContext> = {}): Promise<HostedServer> {
  const handlerContext = { parameters: {}, iterations: 1, addresses: {} };
  const context = { scenarioUrl, handlerContext, workers: 2, port: 0, onFront: [], ...changes };
  return startHosted(registry, model, context, signal);
}

/** What a client sees of one request with this fault in it. */
function poison(server: { readonly url: string }, fault: string): Promise<string> {
  return new Promise((resolve) => {
    const asked = { agent: false as const, headers: { 'fourways-fault': fault } };
    get(new URL('/ok', server.url), asked, (response) => {
      response.resume().on('end', () => resolve(String(response.statusCode)));
      response.on('error', ({ message }) => resolve(message));
    }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > untilMs) throw new Error(`not within 20 s: ${what}`);
    await setTimeout(20);
  }
}

const hasLost = (server: HostedServer, lost: number, replaced: number): Promise<void> =>
  until(`${lost} lost, ${replaced} replaced`, async () => {
    const { lostWorkers, replacedWorkers } = (await server.read(signal)).inside;
    return lostWorkers === lost && replacedWorkers === replaced;
  });

const isPool = (model: string): boolean => modelGroups.pools.includes(model);
const way = (await models['listener-threads'].way?.()) ?? '';
/** Those in which a worker takes all others with it when it dies. */
const dyingAsOne = ['single', ...(way === 'reusePort' ? [] : ['listener-threads'])];

describe.each(MODELS)('%s', (model) => {
  const diesAsOne = dyingAsOne.includes(model);

  test('told to end under load, loses nothing; before that, workers are lost and replaced', async () => {
    const server = await started(model, HANDLER, { faults: true });
    if (diesAsOne) await expect(server.reload(signal)).rejects.toThrow(/nobody to take over|closes the descriptor/);
    else await losesLittle(server);
    const pids = (await server.read(signal)).processes.map(({ pid }) => pid);
    const clients = steadyClients(new URL('/ok', server.url), 2000, CONNECTIONS, 'ok');
    await setTimeout(250);
    process.kill(pids[0] ?? Number.NaN, 'SIGTERM');
    expect(await server.exited).toMatch(/^exit code 0/);
    const { good, lost, refused } = await clients.stop();
    expect({ lost, isLoaded: good > CONNECTIONS, isClosed: refused > 0 }).toEqual({
      ...{ lost: [], isLoaded: true, isClosed: true },
    });
    expect(aliveAmong(pids)).toEqual([]);
  });

  /** A crash costs what one worker had, and a reload nothing. */
  async function losesLittle(server: HostedServer): Promise<void> {
    const clients = steadyClients(new URL('/ok', server.url), 300, CONNECTIONS, 'ok');
    await setTimeout(150);
    expect(await poison(server, 'crash')).toBe(isPool(model) ? '503' : 'ECONNRESET');
    await hasLost(server, 1, 1);
    const { lost, refused } = clients.outcome();
    expect(lost.length).toBeLessThan(CONNECTIONS);
    expect(lost.filter((one) => (one === '503') !== isPool(model))).toEqual([]);
    // From now on nothing is lost.
    await server.reload(signal);
    expect(await clients.stop()).toMatchObject({ lost, refused });
    expect((await server.read(signal)).inside).toMatchObject({ lostWorkers: 1, replacedWorkers: 3 });
    expect((await server.read(signal)).inside.workers).toHaveLength(2);
    // As usual, but for the time that it takes.
    const fromMs = performance.now();
    expect(await poison(server, 'block=100')).toBe('200');
    expect(performance.now() - fromMs).toBeGreaterThanOrEqual(99);
  }

  test.skipIf(!diesAsOne)('a crash is the end of all', async () => {
    const server = await started(model, HANDLER, { faults: true });
    expect(await poison(server, 'crash')).toBe('ECONNRESET');
    expect(await server.exited).toMatch(/^exit code [17]: Error: (?:fourways-fault: crash|a thread ended)/);
  });
});

test.each(['single', 'cluster', 'fork-pool'])(
  'the clients of a service lose nothing when its whole group of processes is told to end (%s)',
  async (model) => {
    const server = await started(model, APP);
    const [host] = (await server.read(signal)).processes;
    const clients = steadyClients(new URL('/wait', server.url), 1000, CONNECTIONS, 'waited');
    await setTimeout(250);
    process.kill(-(host?.pid ?? Number.NaN), 'SIGTERM');
    expect(await server.exited).toBe('exit code 0');
    expect((await clients.stop()).lost).toEqual([]);
  },
);

test.each(MODELS.filter((model) => ['cluster', 'socket-pass', 'fork-pool', 'piscina'].includes(model)))(
  '%s without restarts says that no worker is left',
  async (model) => {
    const server = await started(model, HANDLER, { faults: true, restarts: false });
    for (let lost = 1; lost <= 2; lost++) {
      await poison(server, 'crash');
      await hasLost(server, lost, 0);
    }
    expect((await server.read(signal)).inside.workers).toEqual([]);
    expect(await poison(server, 'none')).toBe(isPool(model) ? '503' : 'ECONNREFUSED');
    await server.stop();
  },
);

test.each(MODELS.filter((model) => ['worker-threads', 'piscina'].includes(model)))(
  'a thread of %s that runs out of memory, and one that never comes back, leave the others alone',
  async (model) => {
    const server = await started(model, HANDLER, { faults: true });
    expect(await poison(server, 'oom')).toBe('503');
    await hasLost(server, 1, 1);
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
