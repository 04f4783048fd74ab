/** What others do to a server while it is measured, on real processes: it is never a figure. */
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { ProcessRegistry } from '../../../dist/harness/measure/processes/registry.js';
import { processTree } from '../fixtures/processes.ts';
import { measurementOf, reasonOf, trialOf } from '../fixtures/trials.ts';

const registry = new ProcessRegistry();
afterAll(() => registry.close());

const WAITING = fileURLToPath(new URL('../fixtures/waiting.js', import.meta.url));
const WINDOW_MS = 2500;
const FROZEN_MS = 1500;

/** The server of the trial that runs, and all that belongs to it. */
function serverPids(): readonly number[] {
  const host = processTree(process.pid).find(({ command }) => command.includes('servers/host'));
  return host === undefined ? [] : processTree(host.pid).map(({ pid }) => pid);
}

test.runIf(process.platform === 'linux').each(['single', 'cluster', 'worker-threads'])(
  'a server that is stopped for a part of the window (%s)',
  async (model) => {
    let pids: readonly number[] = [];
    const freeze = async (): Promise<void> => {
      await setTimeout((WINDOW_MS - FROZEN_MS) / 2);
      pids = serverPids();
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      await setTimeout(FROZEN_MS);
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    };
    // It waits for no other trial, and shows when the window begins.
    let isFirst = true;
    const barrier = {
      wait: async () => {
        if (isFirst) void freeze();
        isFirst = false;
      },
      abandon: () => {},
    };
    const trial = await trialOf(registry, { scenario: WAITING, model, measureMs: WINDOW_MS, barrier });
    expect(pids.length).toBeGreaterThan(0);
    expect(reasonOf(trial)).toMatchObject({ kind: 'standstill', message: expect.stringContaining('no reply came') });
  },
);

test('requests that the generator did not send', async () => {
  const scenario = fileURLToPath(new URL('../fixtures/calling-itself.js', import.meta.url));
  expect(reasonOf(await trialOf(registry, { scenario, model: 'single' }))).toMatchObject({ kind: 'strangers' });
});

test('of a sound server the very requests that were sent are counted, under every model', async () => {
  for (const model of ['single', 'cluster', 'fork-pool', 'worker-threads']) {
    const { strangers, compared } = measurementOf(await trialOf(registry, { scenario: 'hello', model }));
    expect(strangers).toBe(0);
    expect(compared).toBeGreaterThan(500);
  }
});
