/** Which models can run a scenario, what is refused, and how much a server may write. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { ProcessRegistry } from '../../../dist/harness/measure/processes/registry.js';
import type { LoadedScenario } from '../../../dist/harness/measure/scenario/load.js';
import { type Preflight, type PreflightRequest, preflight } from '../../../dist/harness/measure/trial/preflight.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { aliveAmong, processTree } from '../fixtures/processes.ts';
import { loadOn, measurementOf, trialOf } from '../fixtures/trials.ts';

const registry = new ProcessRegistry();
afterAll(() => registry.close());
const { signal } = new AbortController();
const MODELS = [
  { name: 'single', style: 'alone' },
  { name: 'cluster', style: 'replicated' },
  { name: 'worker-threads', style: 'offload' },
] as const;

function fileWith(body: string, topLevel = ''): string {
  const file = join(temporaryFolder(), 'own.mjs');
  writeFileSync(
    file,
    `import cluster from 'node:cluster';
import { isMainThread } from 'node:worker_threads';
${topLevel}
export default {
  summary: '', parameters: {},
  requests: () => [{ name: 'one', weight: 1, method: 'GET', path: '/' }],
  createHandler: () => () => ({ status: 200, headers: {}, body: ${body} }),
  verify: ({ text }) => (text === 'wrong' ? 'expected something else' : undefined),
};`,
  );
  return file;
}

async function flown(
  file: string,
  models: PreflightRequest['models'] = MODELS,
  options: Partial<PreflightRequest> = {},
) {
  const loaded: LoadedScenario = await loadOn(registry, file);
  const found: Preflight = await preflight(registry, { loaded, iterations: 1, models, workers: 2, ...options }, signal);
  return found;
}

describe('a model that cannot run the scenario is left out with the reason, and the others are not', () => {
  test('when it does not load there', async () => {
    const file = fileWith("'ok'", `if (!isMainThread) throw new Error("Module did not self-register: 'canvas.node'");`);
    const { unable, expected } = await flown(file);
    expect([...unable]).toEqual([
      ['worker-threads', { kind: 'not-ready', message: "Module did not self-register: 'canvas.node'" }],
    ]);
    expect(Buffer.from(expected.get('one')?.body ?? []).toString()).toBe('ok');
  });

  test('when its replies are wrong, also of the first', async () => {
    const file = fileWith("isMainThread && !cluster.isWorker ? 'wrong' : 'ok'");
    const { unable, expected } = await flown(file);
    expect([...unable.keys()]).toEqual(['single']);
    expect(unable.get('single')).toEqual({
      kind: 'wrong-reply',
      message: "request 'one': expected something else, got wrong",
    });
    expect(expected.size).toBe(1);
  });

  test('when it dies, with the error that it printed', async () => {
    const file = fileWith("cluster.isWorker ? (process.stderr.write('TypeError: no\\n'), process.exit(1)) : 'ok'");
    const { unable } = await flown(file);
    expect([...unable.keys()]).toEqual(['cluster']);
    expect(unable.get('cluster')?.message).toContain('TypeError: no');
  });
});

describe('what no comparison is worth anything with', () => {
  test('no model that can', async () => {
    await expect(flown(fileWith("'wrong'"))).rejects.toMatchObject({
      name: 'UserError',
      message: "scenario own under single: request 'one': expected something else, got wrong",
    });
  });

  test('replies that are right, and differ between models', async () => {
    await expect(flown(fileWith("isMainThread ? 'one' : 'two'"))).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(
        "scenario own under worker-threads: request 'one': replies to the same request differ: the body differs at byte 0 'two' instead of 'one'",
      ),
    });
  });

  test('replies that are never the same, also of one worker', async () => {
    const file = fileWith('String(Math.random())');
    await expect(flown(file, MODELS.slice(0, 1))).rejects.toThrow(/^scenario own under single: .* the body differs/);
  });

  test('a module that ends its process in the middle of it', async () => {
    const file = fileWith(
      "'ok'",
      // After the first reply is verified.
      "if (process.argv[1].includes('scenario/process')) setTimeout(() => process.exit(0), 2000);",
    );
    await expect(
      flown(file, MODELS.slice(0, 1), { visit: () => new Promise((resolve) => setTimeout(resolve, 3000)) }),
    ).rejects.toMatchObject({
      name: 'UserError',
      message: 'scenario own: the process of its module ended by itself (exit code 0)',
    });
  });
});

test('each server can be visited while it runs, and nothing is left afterwards', async () => {
  const visits: [string, boolean, number][] = [];
  let pids: readonly number[] = [];
  await flown(fileWith("'ok'"), MODELS, {
    visit: async (server, { name }, expected) => {
      const reply = await fetch(server.url);
      visits.push([name, reply.ok, expected.size]);
      pids = [
        ...pids,
        ...processTree(process.pid).flatMap(({ pid, command }) =>
          /servers\/|scenario\/process/.test(command) ? [pid] : [],
        ),
      ];
    },
  });
  expect(visits).toEqual(MODELS.map(({ name }) => [name, true, 1]));
  expect(pids.length).toBeGreaterThan(3);
  expect(aliveAmong(pids)).toEqual([]);
});

test('a server that writes all the time is measured, and what it wrote takes little space', async () => {
  const scenario = fileWith("(console.log('x'.repeat(2000)), 'ok')");
  const folder = temporaryFolder();
  vi.stubEnv('TMPDIR', folder);
  const own = new ProcessRegistry();
  const sizes: number[] = [];
  const watching = setInterval(() => {
    for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (path.startsWith('fourways-output-') && path.includes('/')) sizes.push(sizeOf(join(folder, path)));
    }
  }, 20);
  try {
    const trial = await trialOf(own, {
      scenario,
      model: 'cluster',
      measureMs: 1500,
    });
    expect(measurementOf(trial).requests).toBeGreaterThan(0);
    expect(Math.max(...sizes)).toBeGreaterThan(0);
    expect(Math.max(...sizes)).toBeLessThan(16 * 2 ** 20);
  } finally {
    clearInterval(watching);
    await own.close();
    vi.unstubAllEnvs();
  }
  expect(readdirSync(folder)).toEqual([]);
});

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

test('a command that closes each connection is refused where connections are to be kept alive', async () => {
  const reply = JSON.stringify('HTTP/1.0 200 OK\r\n\r\nok');
  const old = fileWith("'ok'").replace('.mjs', '.cjs');
  writeFileSync(
    old,
    `require('node:net').createServer((one) => one.once('data', () => one.end(${reply}))).listen(process.env.PORT);`,
  );
  const launch = { kind: 'command', name: 'old', line: `${process.execPath} ${old}`, ready: '/' } as const;
  const models = [{ name: 'old', style: 'external', launch }] as const;
  await expect(flown(fileWith("'ok'"), models, { keepAlive: true })).rejects.toThrow(
    "--command old: request 'one': the server closes the connection after its reply; give --connection-mode per-request",
  );
  expect((await flown(fileWith("'ok'"), models, { keepAlive: false })).unable.size).toBe(0);
});
