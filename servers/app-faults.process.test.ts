/** Services that do what some model cannot do, or what they would do elsewhere, on real processes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { ProcessRegistry } from '../dist/harness/measure/processes/registry.js';
import { startHosted } from '../dist/harness/measure/server/hosted.js';
import { addressOf } from '../dist/servers/app/scenario.js';
import { modelsHere } from './fixtures/models-here.ts';

const registry = new ProcessRegistry();
const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), 'fourways-app-'));
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true });
});

const SERVES = `
  const { createServer } = require('node:http');
  createServer((request, response) => response.end(JSON.stringify(process.argv.slice(1)))).listen(3000);`;

/** What the service replies under a model, or why that could not start. */
async function outcome(model: string, text: string): Promise<string> {
  const file = join(folder, 'app.cjs');
  writeFileSync(file, text);
  const module = new URL('../dist/servers/app/scenario.js', import.meta.url);
  const scenarioUrl = addressOf(module, pathToFileURL(file).href);
  const handlerContext = { parameters: {}, iterations: 1, addresses: {} };
  const context = { scenarioUrl, handlerContext, workers: 2, port: 0, onFront: [] };
  try {
    const server = await startHosted(registry, model, context, signal);
    try {
      const reply = await (await fetch(server.url)).text();
      const { lostWorkers } = (await server.read(signal)).inside;
      return lostWorkers === 0 ? reply : `${lostWorkers} lost`;
    } finally {
      await server.stop();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const SERVED = JSON.stringify([join(folder, 'app.cjs')]);

test('a second port can be shared by the workers of a cluster alone, and the reason says which and why', async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const address = probe.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  await new Promise((resolve) => probe.close(resolve));
  const text = `${SERVES} createServer(() => {}).listen(${port}, '127.0.0.1');`;
  expect(await outcome('cluster', text)).toBe(SERVED);
  const taken = `it also listens on port ${port}, which is taken: every worker opens it`;
  expect(await outcome('fork-pool', text)).toContain(taken);
  expect(await outcome('worker-threads', text)).toContain(taken);
});

test('what threads cannot do is the reason that they are left out', async () => {
  const text = `process.chdir(__dirname); ${SERVES}`;
  expect(await outcome('single', text)).toBe(SERVED);
  expect(await outcome('worker-threads', text)).toMatch(
    /^process\.chdir\(\) is not supported in workers; .* threads cannot/,
  );
});

test.each(await modelsHere())(
  'a service that talks to PM2 and reads its arguments sees nothing of what runs it (%s)',
  async (model) => {
    const text = `process.on('message', ({ packet }) => packet.data);
      const { parentPort } = require('node:worker_threads');
      parentPort?.on('message', ({ packet }) => packet.data);
      for (const message of [null, [], 'ready', { type: 'ready', port: 1 }, { type: 'failed', message: 'no', code: null }]) {
        process.connected && process.send(message);
        parentPort?.postMessage(message);
      }
      if (parentPort === null) { process.disconnect?.(); process.channel?.unref(); } else parentPort.close();
      process.send?.('ready', (error) => { if (error) throw error; }); process.send?.({ type: 'ready', port: 1 }); ${SERVES}`;
    expect(await outcome(model, text)).toBe(SERVED);
  },
);

test.each([
  ['throws later', `setTimeout(() => { throw new Error('DATABASE_URL is not set'); }, 10);`, 'DATABASE_URL is not set'],
  ['exits', `console.error('give --config'); process.exit(3);`, 'the process ended (exit code 3: give --config)'],
])('a service that %s while it starts is refused with what it said', async (_, text, message) => {
  expect(await outcome('single', text)).toContain(message);
});

test('a service with a cluster of its own runs as one of its workers', async () => {
  const text = `const cluster = require('node:cluster');
    if (cluster.isPrimary) { cluster.fork(); cluster.fork(); } else { ${SERVES} }`;
  expect(await outcome('single', text)).toContain('it starts workers of its own with node:cluster');
  expect(await outcome('cluster', text)).toBe(SERVED);
});
