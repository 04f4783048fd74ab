/**
 * Every model with every scenario. A new model or scenario is in it by being registered. A model is started once, with all scenarios: to start
 * one for each of them takes far longer, and shows nothing more.
 */
import { spawnSync } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ProcessRegistry } from '../dist/harness/measure/processes/registry.js';
import { readProcesses } from '../dist/harness/measure/readings/processes.js';
import { verifyReplies } from '../dist/harness/measure/replies/verify.js';
import type { LoadedScenario } from '../dist/harness/measure/scenario/load.js';
import { openModule } from '../dist/harness/measure/scenario/module.js';
import { setUp } from '../dist/harness/measure/scenario/set-up.js';
import { type HostedServer, startHosted } from '../dist/harness/measure/server/hosted.js';
import { serverContext } from '../dist/harness/measure/server/launch.js';
import { messageOf } from '../harness/errors.ts';
import { aliveAmong, processTree } from '../harness/measure/fixtures/processes.ts';
import { loadOn } from '../harness/measure/fixtures/trials.ts';
import { scenarios } from '../scenarios/index.ts';
import type { ReceivedReply, RequestClass } from '../scenarios/scenario.ts';
import { models } from './index.ts';
import type { BuiltInModel, ProcessRole } from './model.ts';
import { frontRoutes } from './pool/front-handler.ts';

const WORKERS = 2;
/** CPU time that may pass between two readings, and the ticks in which the system counts. */
const READINGS_APART_US = 60_000;
const registry = new ProcessRegistry();
const { signal } = new AbortController();
// Each module that is open listens to it.
setMaxListeners(0, signal);
const fingerprints = new Map<string, Awaited<ReturnType<typeof verifyReplies>>>();
let opened: readonly Opened[] = [];

beforeAll(async () => {
  opened = await Promise.all([...NAMES, 'cache:entries=2000,shared=1', sameBytes].map((name, i) => open(name, i)));
});
afterAll(async () => {
  for (const { module, resources } of opened) {
    await resources.dispose();
    await module.close();
  }
  await registry.close();
});

/** Enough work to be real and little enough to be quick. */
function iterationsOf({ kernel }: LoadedScenario): number {
  return kernel === null || kernel.sizedBy === null ? 1 : 3;
}

/** What the processes of a server may be, the first of them first. Workers may be threads of it. */
function rolesOf(style: BuiltInModel['style']): readonly ProcessRole[][] {
  const inProcesses: ProcessRole[] = ['front', ...Array.from({ length: WORKERS }, () => 'worker' as const)];
  switch (style) {
    case 'alone':
      return [['worker']];
    case 'replicated':
    case 'offload':
      return [inProcesses, ['both']];
    default:
      return style satisfies never;
  }
}

/** A user's own module, in every model: binary bodies, headers, queries, and bytes that the handler keeps. */
const sameBytes = fileURLToPath(new URL('./fixtures/same-bytes.js', import.meta.url));

/** Less than the default, where that takes long. */
const SMALL: Readonly<Record<string, string>> = { cache: 'cache:entries=2000', gzip: 'gzip:kib=8' };
/** Not a package of npm: see docs/ci.md. */
const hasRedis = ['redis-server', 'valkey-server'].some((name) => spawnSync(name, ['--version']).error === undefined);
test.skipIf(!hasRedis)('redis has a server, as from apt-get install redis-server', () => {});
/** All but those that need a server of their own. */
const NAMES = Object.keys(scenarios)
  .filter((name) => name !== 'tls' && (name !== 'redis' || hasRedis))
  .map((name) => SMALL[name] ?? name);
const EVERY = new URL('./fixtures/every-scenario.js', import.meta.url).href;

type Opened = Awaited<ReturnType<typeof open>>;

/** What the models share, which takes longer to start than most of them. */
async function open(name: string, at: number) {
  const loaded = await loadOn(registry, name);
  const [module, resources] = await Promise.all([
    openModule(registry, loaded, { signal }),
    setUp(registry, loaded, { workers: WORKERS }, signal),
  ]);
  const { parameters, url } = loaded;
  const context = { parameters, iterations: iterationsOf(loaded), addresses: resources.addresses };
  const classes = loaded.classes.map((one) => ({ ...one, headers: { ...one.headers, 'x-scenario': String(at) } }));
  return { name, url, classes, module, resources, context };
}

describe.each(Object.entries<BuiltInModel>(models))('%s', async (model, { style, unavailable }) => {
  const why = (await unavailable?.()) ?? null;
  const context = () => ({
    scenarioUrl: EVERY,
    handlerContext: { parameters: {}, iterations: 1, addresses: { scenarios: JSON.stringify(opened) } },
    ...{
      shares: true,
      workers: WORKERS,
      port: 0,
      onFront: frontRoutes(opened.flatMap(({ classes }) => classes)),
      tls: false,
    },
  });

  test.skipIf(why === null)('is refused here, with the reason', async () => {
    await expect(startHosted(registry, model, context(), signal)).rejects.toThrow(why ?? '');
  });

  test.skipIf(why !== null)('serves every scenario', async () => {
    const server = await startHosted(registry, model, context(), signal);
    for (const { name, classes, module, context: made } of opened) {
      // Right replies, and byte for byte those of the model before.
      const expected = fingerprints.get(name) ?? null;
      const verifier = (reply: ReceivedReply, requestClass: string) => module.verify(reply, { ...made, requestClass });
      const asked = { url: server.url, classes, times: 2 * WORKERS, expected, verifier, signal };
      fingerprints.set(name, await verifyReplies(asked).catch((error: unknown) => fail(name, error, server)));
    }

    const { processes, inside } = await server.read(signal);
    const snapshot = { processes, ...inside };
    const requests = snapshot.workers.map((worker) => worker.requests);
    expect(snapshot.workers).toHaveLength(server.workers);
    expect(server.workers).toBe(style === 'alone' ? 1 : WORKERS);
    // The classes that are marked are answered on the front of a pool, and nothing else is on any front.
    const { onFront } = context();
    const all = opened.flatMap(({ classes }) => classes);
    const isOnFront = ({ method, path }: (typeof all)[number]): boolean =>
      style === 'offload' && onFront.some((route) => route.method === method && route.url === path);
    expect(snapshot.front?.requests ?? 0).toBe(2 * WORKERS * all.filter(isOnFront).length);
    const byWorkers = all.filter((one) => !isOnFront(one)).length;
    expect(requests.reduce((sum, count) => sum + count, 0)).toBe(2 * WORKERS * byWorkers);
    expect(Math.min(...requests)).toBeGreaterThan(0);
    expect(snapshot.lostWorkers).toBe(0);
    expect(snapshot.processes.every(({ userUs, rssBytes }) => userUs > 0 && rssBytes > 0)).toBe(true);
    expect(rolesOf(style)).toContainEqual(snapshot.processes.map(({ role }) => role));
    // Every process of the server is in the snapshot, or its CPU time and memory would be missed.
    const pids = snapshot.processes.map(({ pid }) => pid);
    // What the system tells from outside is what they tell of themselves: it is all that is known of a command.
    for (const { pid, userUs, systemUs } of readProcesses(pids)) {
      const own = snapshot.processes.find((one) => one.pid === pid);
      const ownUs = (own?.userUs ?? 0) + (own?.systemUs ?? 0);
      expect(Math.abs(userUs + systemUs - ownUs)).toBeLessThan(0.03 * ownUs + READINGS_APART_US);
    }
    const tree = processTree(pids[0] ?? 0).map(({ pid }) => pid);
    expect(tree.toSorted((a, b) => a - b)).toEqual(pids.toSorted((a, b) => a - b));
    for (const loop of [...snapshot.workers, ...(snapshot.front === null ? [] : [snapshot.front])]) {
      expect(loop.activeMs).toBeGreaterThan(0);
    }

    await eachOnItsOwnConnection(server, opened[0]?.classes[0] ?? { path: '/' });

    expect(aliveAmong(pids).length).toBe(pids.length);
    await server.stop();
    expect(aliveAmong(pids)).toEqual([]);
  });

  test.skipIf(why !== null)('serves over TLS', async () => {
    const secure = await loadOn(registry, 'tls');
    const made = serverContext(secure, { parameters: {}, iterations: 1, addresses: {} }, { workers: WORKERS });
    const server = await startHosted(registry, model, made, signal);
    const expected = fingerprints.get('tls') ?? null;
    const asked = { url: server.url, classes: secure.classes, times: 2 * WORKERS, expected, verifier: null, signal };
    fingerprints.set('tls', await verifyReplies(asked));
    await server.stop();
  });
});

/** With `connection: close`: the server closes after each reply, and all workers get connections, if not all of the first few. */
async function eachOnItsOwnConnection(
  server: HostedServer,
  { path, headers }: Pick<RequestClass, 'path' | 'headers'>,
): Promise<void> {
  const AT_ONCE = 16;
  const MOST = 40 * AT_ONCE;
  const once = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      get(new URL(path, server.url), { agent: false, headers: { ...headers, connection: 'close' } }, (response) => {
        const { statusCode, socket } = response;
        response.resume().on('error', reject);
        socket.once('close', () => resolve([statusCode, response.headers.connection]));
      }).on('error', reject);
    });
  const counts = async (): Promise<readonly number[]> =>
    (await server.read(signal)).inside.workers.map(({ requests }) => requests);
  const before = await counts();
  let sent = 0;
  let more: readonly number[] = [];
  while (sent < MOST && (sent === 0 || Math.min(...more) === 0)) {
    const replies = await Promise.all(Array.from({ length: AT_ONCE }, once));
    expect(replies).toEqual(replies.map(() => [200, 'close']));
    sent += AT_ONCE;
    const now = await counts();
    more = now.map((count, i) => count - (before[i] ?? 0));
  }
  expect(Math.min(...more)).toBeGreaterThan(0);
  expect(more.reduce((sum, count) => sum + count, 0)).toBe(sent);
}

function fail(name: string, error: unknown, server: HostedServer): never {
  throw new Error(`${name}: ${messageOf(error)}; ${server.recentOutput()}`, { cause: error });
}
