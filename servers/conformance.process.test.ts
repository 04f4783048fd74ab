/** Every model with every scenario, started as a trial starts them. A new model or scenario is in it by being registered. */
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ProcessRegistry } from '../dist/harness/measure/processes/registry.js';
import { verifyReplies } from '../dist/harness/measure/replies/verify.js';
import type { LoadedScenario } from '../dist/harness/measure/scenario/load.js';
import { openModule } from '../dist/harness/measure/scenario/module.js';
import { setUp } from '../dist/harness/measure/scenario/set-up.js';
import { startServer } from '../dist/harness/measure/server/process.js';
import { aliveAmong } from '../harness/measure/fixtures/processes.ts';
import { loadOn } from '../harness/measure/fixtures/trials.ts';
import { scenarios } from '../scenarios/index.ts';
import type { ReceivedReply } from '../scenarios/scenario.ts';
import { frontRoutes } from './front-handler.ts';
import { type ModelName, models } from './index.ts';

const WORKERS = 3;
const registry = new ProcessRegistry();
const { signal } = new AbortController();
const fingerprints = new Map<string, Awaited<ReturnType<typeof verifyReplies>>>();

const modelNames = Object.keys(models).filter((name): name is ModelName => name in models);

afterAll(() => registry.close());

/** Enough work to be real and little enough to be quick. */
function iterationsOf({ kernel }: LoadedScenario): number {
  return kernel === null || kernel.sizedBy === null ? 1 : 3;
}

/** A user's own module, in every model: binary bodies, headers, queries, and bytes that the handler keeps. */
const sameBytes = fileURLToPath(new URL('./fixtures/same-bytes.js', import.meta.url));

describe.each([...Object.keys(scenarios), sameBytes])('%s', (scenarioName) => {
  test.each(modelNames)('under %s', async (model) => {
    const loaded = await loadOn(registry, scenarioName);
    const { classes, parameters } = loaded;
    const module = await openModule(registry, loaded, { signal });
    const resources = await setUp(registry, loaded, signal);
    const handlerContext = { parameters, iterations: iterationsOf(loaded), addresses: resources.addresses };
    const onFront = frontRoutes(classes);
    const context = { scenarioUrl: loaded.url, handlerContext, workers: WORKERS, port: 0, onFront };
    const server = await startServer(registry, model, context, signal);
    const expected = fingerprints.get(scenarioName) ?? null;
    // Right replies, and byte for byte those of the model before.
    const verifier = (reply: ReceivedReply, requestClass: string) =>
      module.verify(reply, { ...handlerContext, requestClass });
    const prints = await verifyReplies({ url: server.url, classes, times: 2 * WORKERS, expected, verifier, signal });
    fingerprints.set(scenarioName, prints);

    const snapshot = await server.snapshot(signal);
    const roles = {
      single: ['worker'],
      cluster: ['front', 'worker', 'worker', 'worker'],
      'fork-pool': ['front', 'worker', 'worker', 'worker'],
      'worker-threads': ['both'],
    }[model];
    const requests = snapshot.workers.map((worker) => worker.requests);
    expect(snapshot.workers).toHaveLength(server.workers);
    const { style } = (await models[model]()).default;
    expect(server.workers).toBe(style === 'alone' ? 1 : WORKERS);
    // The classes that are marked are answered on the front of a pool, and nothing else is on any front.
    const answeredOnFront = style === 'offload' ? classes.filter((one) => one.onFront === true).length : 0;
    expect(snapshot.front?.requests ?? 0).toBe(2 * WORKERS * answeredOnFront);
    const answeredByWorkers = classes.length - answeredOnFront;
    expect(requests.reduce((sum, count) => sum + count, 0)).toBe(2 * WORKERS * answeredByWorkers);
    expect(snapshot.lostWorkers).toBe(0);
    expect(snapshot.processes.every(({ userUs, rssBytes }) => userUs > 0 && rssBytes > 0)).toBe(true);
    expect(snapshot.processes.map(({ role }) => role)).toEqual(roles);
    for (const loop of [...snapshot.workers, ...(snapshot.front === null ? [] : [snapshot.front])]) {
      expect(loop.activeMs).toBeGreaterThan(0);
    }

    const pids = snapshot.processes.map(({ pid }) => pid);
    expect(aliveAmong(pids).length).toBe(pids.length);
    await server.stop();
    await resources.dispose();
    await module.close();
    expect(aliveAmong(pids)).toEqual([]);
  });
});
