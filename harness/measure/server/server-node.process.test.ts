/** What the Node.js of servers is started with reaches every worker of every model, and no other process of the harness. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { ProcessRegistry } from '../../../dist/harness/measure/processes/registry.js';
import { BUILT_IN, startServer } from '../../../dist/harness/measure/server/launch.js';
import { addressOf } from '../../../dist/servers/app/scenario.js';
import { until } from '../fixtures/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'fourways-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return pathToFileURL(join(folder, name)).href;
};

const TELLING = `
  import { getHeapStatistics } from 'node:v8';
  export const told = () => ({
    gc: typeof gc, own: process.env.OWN ?? null, options: process.env.NODE_OPTIONS ?? null, traced: globalThis.traced ?? null,
    heapMiB: Math.round(getHeapStatistics().heap_size_limit / 2 ** 20), cwd: process.cwd(),
  });`;
file('telling.mjs', TELLING);
file('tracing.mjs', 'globalThis.traced = true;');
const APP = file(
  'app.mjs',
  "import { createServer } from 'node:http'; import { told } from './telling.mjs';\n" +
    'createServer((_, reply) => reply.end(JSON.stringify(told()))).listen(3000);',
);
const OTHER = file('other.mjs', "import { told } from './telling.mjs'; console.log(JSON.stringify(told()));");

const args = ['--expose-gc', '--max-old-space-size=123', '--import=./tracing.mjs'];
const registry = new ProcessRegistry({ args, env: { OWN: 'a=b' } });
const { signal } = new AbortController();
afterAll(() => registry.close());
afterEach(() => vi.unstubAllEnvs());

test.each(['single', 'cluster', 'fork-pool', 'worker-threads'])('servers: %s', async (model) => {
  vi.stubEnv('NODE_OPTIONS', '--no-deprecation');
  const module = new URL('../../../dist/servers/app/scenario.js', import.meta.url);
  const handlerContext = { parameters: {}, iterations: 1, addresses: {} };
  const context = { scenarioUrl: addressOf(module, APP), handlerContext, workers: 2, port: 0, onFront: [] };
  const server = await startServer(registry, model, BUILT_IN, context, signal, { cwd: folder });
  try {
    for (const text of await Promise.all(Array.from({ length: 4 }, async () => (await fetch(server.url)).text()))) {
      const reply = JSON.parse(text);
      expect(reply).toMatchObject({
        gc: 'function',
        own: 'a=b',
        options: '--no-deprecation',
        traced: true,
        cwd: folder,
      });
      // V8 adds its young generation.
      expect(reply.heapMiB).toBeGreaterThanOrEqual(123);
      expect(reply.heapMiB).toBeLessThan(250);
    }
  } finally {
    await server.stop();
  }
});

test('nothing else', async () => {
  vi.stubEnv('NODE_OPTIONS', '--no-deprecation');
  let text = '';
  const other = registry.fork(new URL(OTHER), [], null, {
    onOutput: (more) => {
      text += more;
    },
  });
  await other.exited;
  await until('its output', 5_000, () => text.includes('\n'));
  expect(JSON.parse(text)).toMatchObject({ gc: 'undefined', own: null, options: null, traced: null });
});
