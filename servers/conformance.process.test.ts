/** Every model with every scenario, started as a trial starts them. A new model or scenario is in it by being registered. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ProcessRegistry } from '../dist/harness/measure/processes/registry.js';
import { verifyReplies } from '../dist/harness/measure/replies/verify.js';
import type { LoadedScenario } from '../dist/harness/measure/scenario/load.js';
import { readProcesses } from '../dist/harness/measure/readings/processes.js';
import { openModule } from '../dist/harness/measure/scenario/module.js';
import { setUp } from '../dist/harness/measure/scenario/set-up.js';
import { startHosted } from '../dist/harness/measure/server/hosted.js';
import { aliveAmong, processTree } from '../harness/measure/fixtures/processes.ts';
import { loadOn } from '../harness/measure/fixtures/trials.ts';
import { scenarios } from '../scenarios/index.ts';
import type { ReceivedReply } from '../scenarios/scenario.ts';
import { models } from './index.ts';
import type { BuiltInModel, ProcessRole } from './model.ts';
import { frontRoutes } from './pool/front-handler.ts';

const WORKERS = 2;
/** CPU time that may pass between two readings, and the ticks in which the system counts. */
const READINGS_APART_US = 60_000;
const registry = new ProcessRegistry();
const { signal } = new AbortController();
const fingerprints = new Map<string, Awaited<ReturnType<typeof verifyReplies>>>();

afterAll(() => registry.close());

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

/** What the models share, which takes longer to start than most of them: opened once for each scenario. */
async function opened(scenarioName: string) {
  const loaded = await loadOn(registry, scenarioName);
  const [module, resources] = await Promise.all([
    openModule(registry, loaded, { signal }),
    setUp(registry, loaded, { workers: WORKERS }, signal),
  ]);
  return { loaded, module, resources };
}

/** Less than the default, where that takes long. */
const SMALL: Readonly<Record<string, string>> = { cache: 'cache:entries=2000', gzip: 'gzip:kib=8' };

/** Not a package of npm: see docs/ci.md. */
const hasRedis = ['redis-server', 'valkey-server'].some((name) => spawnSync(name, ['--version']).error === undefined);
test.skipIf(!hasRedis)('redis has a server, as from apt-get install redis-server', () => {});
const runnable = Object.keys(scenarios).filter((name) => name !== 'redis' || hasRedis);

describe.each([...runnable.map((name) => SMALL[name] ?? name), sameBytes])('%s', (scenarioName) => {
  let shared: ReturnType<typeof opened>;
  beforeAll(async () => {
    shared = opened(scenarioName);
    await shared;
  });
  afterAll(async () => {
    const { module, resources } = await shared;
    await resources.dispose();
    await module.close();
  });

  test.each(Object.entries<BuiltInModel>(models))('under %s', async (model, { style }) => {
    const { loaded, module, resources } = await shared;
    const { classes, parameters } = loaded;
    const handlerContext = { parameters, iterations: iterationsOf(loaded), addresses: resources.addresses };
    const onFront = frontRoutes(classes);
    const context = { scenarioUrl: loaded.url, handlerContext, workers: WORKERS, port: 0, onFront };
    const server = await startHosted(registry, model, context, signal);
    const expected = fingerprints.get(scenarioName) ?? null;
    // Right replies, and byte for byte those of the model before.
    const verifier = (reply: ReceivedReply, requestClass: string) =>
      module.verify(reply, { ...handlerContext, requestClass });
    const prints = await verifyReplies({ url: server.url, classes, times: 2 * WORKERS, expected, verifier, signal });
    fingerprints.set(scenarioName, prints);

    const { processes, inside } = await server.read(signal);
    const snapshot = { processes, ...inside };
    const requests = snapshot.workers.map((worker) => worker.requests);
    expect(snapshot.workers).toHaveLength(server.workers);
    expect(server.workers).toBe(style === 'alone' ? 1 : WORKERS);
    // The classes that are marked are answered on the front of a pool, and nothing else is on any front.
    const answeredOnFront = style === 'offload' ? classes.filter((one) => one.onFront === true).length : 0;
    expect(snapshot.front?.requests ?? 0).toBe(2 * WORKERS * answeredOnFront);
    const answeredByWorkers = classes.length - answeredOnFront;
    expect(requests.reduce((sum, count) => sum + count, 0)).toBe(2 * WORKERS * answeredByWorkers);
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

    expect(aliveAmong(pids).length).toBe(pids.length);
    await server.stop();
    expect(aliveAmong(pids)).toEqual([]);
  });
});
