/** The services of `examples/apps`, each as its framework is used, unchanged under every model. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ProcessRegistry } from '../../dist/harness/measure/processes/registry.js';
import { loadService } from '../../dist/harness/measure/scenario/load.js';
import type { RunningServer } from '../../dist/harness/measure/server/running.js';
import { preflight } from '../../dist/harness/measure/trial/preflight.js';
import type { PlannedModel } from '../../dist/harness/plan/schedule/cells.js';
import { modelsHere } from '../../servers/fixtures/models-here.ts';
import { builtInModel, defaultModels } from '../../servers/index.ts';
import { APPS, filesHash, installApps } from '../fixtures/installed-apps.ts';
import { aliveAmong } from '../measure/fixtures/processes.ts';

/** Installing takes its time where nothing is in npm's cache. */
const INSTALL_LIMIT_MS = 300_000;
/** Starts of two workers, each of which loads a whole framework. */
const LIMIT_MS = 120_000;
const WORKERS = 2;
/** Every framework under each of these. */
const MODELS = plannedModels(defaultModels);
/** The one that is loaded soonest, under all that can run. */
const UNDER_ALL = 'node-http';
/** Those that listen, and those that export what their framework makes. */
const FILES = {
  express: 'server.js',
  fastify: 'app.js',
  hono: 'server.js',
  koa: 'app.js',
  nest: 'dist/main.js',
  'node-http': 'server.js',
};
const ASKED = { weight: 1, headers: { 'content-type': 'application/json' }, body: '', bodies: null, varies: false };
const REQUESTS = [
  { ...ASKED, name: 'list', method: 'GET', path: '/products' },
  { ...ASKED, name: 'order', method: 'POST', path: '/orders', body: '{"product":3,"quantity":2}' },
  { ...ASKED, name: 'hash', method: 'GET', path: '/hash' },
  { ...ASKED, name: 'slow', method: 'GET', path: '/slow' },
] as const;

const registry = new ProcessRegistry();
const { signal } = new AbortController();
let missing: string | null = null;

beforeAll(async () => {
  missing = await installApps();
}, INSTALL_LIMIT_MS);
afterAll(() => registry.close());

test('every service in the folder is tested', () => {
  expect(readdirSync(APPS).toSorted()).toEqual(Object.keys(FILES));
});

test.for(Object.entries(FILES))(
  '%s: the same replies under every model, from all workers, and nothing is left',
  { timeout: LIMIT_MS },
  async ([name, file], { skip }) => {
    if (missing !== null) skip(missing);
    const app = join(APPS, name);
    const before = filesHash(app);
    const service = { name: null, file: join(app, file), requests: REQUESTS, verify: 'learned', expect: [] } as const;
    const loaded = loadService(service);
    const pids: number[] = [];
    const visit = async (server: RunningServer, { style }: PlannedModel): Promise<void> => {
      const slow = Array.from({ length: 10 }, async () => (await fetch(new URL('/slow', server.url))).text());
      expect(new Set(await Promise.all(slow))).toEqual(new Set(['{"waited":true}']));
      const { processes, inside } = await server.read(signal);
      pids.push(...processes.map(({ pid }) => pid));
      expect(inside?.workers.map(({ requests }) => requests > 0)).toEqual(
        Array.from({ length: style === 'alone' ? 1 : WORKERS }, () => true),
      );
      expect(inside?.lostWorkers).toBe(0);
    };
    const models = name === UNDER_ALL ? plannedModels(await modelsHere()) : MODELS;
    const request = { loaded, iterations: 1, models, workers: WORKERS, visit };
    const { expected, unable } = await preflight(registry, request, signal);
    expect([...unable]).toEqual([]);
    const replies = REQUESTS.map((one) => {
      const { status = 0, body = new Uint8Array() } = expected.get(one.name) ?? {};
      return [status, Buffer.from(body).toString()];
    });
    expect(replies).toEqual([
      [200, expect.stringMatching(/^\[{"id":1,"name":"Product 1","price":100},.*}\]$/)],
      [201, '{"product":3,"quantity":2,"total":220}'],
      [200, expect.stringMatching(/^{"hash":"[\da-f]{64}"}$/)],
      [200, '{"waited":true}'],
    ]);
    expect(aliveAmong(pids)).toEqual([]);
    expect(filesHash(app)).toBe(before);
  },
);

function plannedModels(names: readonly string[]): readonly PlannedModel[] {
  return names.map((name) => ({ name, style: builtInModel(name)?.style ?? 'alone' }));
}
