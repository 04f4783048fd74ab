/**
 * A process of a trial is killed or stopped from outside while it is under load: the trial fails with the reason within a
 * limit, and nothing is left of it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { ProcessRegistry } from '../../../dist/harness/measure/processes/registry.js';
import { setUp } from '../../../dist/harness/measure/scenario/set-up.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import type { Trial } from '../../store/schema.ts';
import { aliveAmong, processTree, until } from '../fixtures/processes.ts';
import { loadOn, reasonOf, type Settings, trialOf } from '../fixtures/trials.ts';

const ENDLESS = fileURLToPath(new URL('../fixtures/endless-set-up.js', import.meta.url));
const MARKING = fileURLToPath(new URL('../fixtures/marking.js', import.meta.url));
const registry = new ProcessRegistry();
afterAll(async () => {
  await registry.close();
  expect(processesOfTrial().generators).toEqual([]);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Everything that a trial has started, by what it is; taken while the trial is under load. */
interface Processes {
  readonly generators: readonly number[];
  readonly services: readonly number[];
  /** The host first. */
  readonly servers: readonly number[];
}

function processesOfTrial(): Processes {
  const all = processTree(process.pid);
  const named = (part: string): number[] => all.filter(({ command }) => command.includes(part)).map(({ pid }) => pid);
  return {
    generators: named('generator/process'),
    services: named('scenarios/upstream'),
    servers: named('servers/host').flatMap((pid) => processTree(pid).map((one) => one.pid)),
  };
}

/** Runs a trial, strikes when it is under load, and sees to it that nothing of the server outlives it. */
async function trialStruck(settings: Omit<Settings, 'scenario'>, strike: (found: Processes) => void): Promise<Trial> {
  const mark = join(temporaryFolder(), 'mark');
  vi.stubEnv('FOURWAYS_TEST_MARK', mark);
  const running = trialOf(registry, { scenario: `${MARKING}:ms=20`, measureMs: 1500, ...settings });
  running.catch(() => {}); // It is awaited below, unless something fails before.
  await until('a trial under load', 30_000, () => existsSync(mark));
  const found = processesOfTrial();
  strike(found);
  const trial = await running;
  // A generator that met nothing wrong waits for the next trial.
  const pids = [...found.services, ...found.servers];
  await until(`all of ${pids.length} processes gone`, 2_000, () => aliveAmong(pids).length === 0);
  return trial;
}

function signalTo(pids: readonly number[], signal: NodeJS.Signals): void {
  expect(pids).not.toEqual([]);
  for (const pid of pids) process.kill(pid, signal);
}

describe.runIf(process.platform === 'linux')('of a trial', () => {
  test.each([1, 2])('one of %i generators is killed', async (generators) => {
    const trial = await trialStruck({ model: 'cluster', generators }, (found) => {
      expect(found.generators).toHaveLength(generators);
      signalTo(found.generators.slice(-1), 'SIGKILL');
    });
    expect(reasonOf(trial)).toEqual({ kind: 'generator', message: expect.stringMatching(/SIGKILL/) });
  });

  test.each(['single', 'cluster', 'fork-pool', 'worker-threads'])('the host of %s is killed', async (model) => {
    const trial = await trialStruck({ model }, ({ servers }) => signalTo(servers.slice(0, 1), 'SIGKILL'));
    expect(reasonOf(trial)).toEqual({
      kind: 'server',
      message: expect.stringMatching(/^the server ended during the trial \(SIGKILL\)$/),
    });
  });

  test.each(['single', 'fork-pool'])('the service behind %s is killed', async (model) => {
    const trial = await trialStruck({ model }, ({ services }) => signalTo(services, 'SIGKILL'));
    expect(reasonOf(trial)).toEqual({ kind: 'upstream', message: expect.stringMatching(/SIGKILL/) });
  });

  // A limit for the request, one for a last look at the server, and one for it to stop.
  test.each([
    ['every process', 'cluster', 0],
    ['one worker', 'fork-pool', -1],
  ])('%s of %s stops answering', async (_what, model, from) => {
    const started = performance.now();
    const trial = await trialStruck({ model, timeoutSec: 1 }, ({ servers }) =>
      signalTo(servers.slice(from), 'SIGSTOP'),
    );
    expect(reasonOf(trial)).toEqual({
      kind: 'timeout',
      message: expect.stringMatching(/^a request had no reply within 1 s; /),
    });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('a set-up that never ends has a limit, and what it started is gone', async () => {
    const loaded = await loadOn(registry, ENDLESS);
    // The limit is a minute. All other timers are real.
    const real = globalThis.setTimeout;
    vi.spyOn(globalThis, 'setTimeout').mockImplementation((act, ms, ...rest) =>
      real(act, ms === 60_000 ? 2_000 : ms, ...rest),
    );
    const ended = expect(setUp(registry, loaded, { workers: 1 }, new AbortController().signal)).rejects.toThrow(
      'no answer within 60 s',
    );
    await until('a service', 30_000, () => processesOfTrial().services.length > 0);
    const { services } = processesOfTrial();
    await ended;
    expect(services).toHaveLength(1);
    expect(aliveAmong(services)).toEqual([]);
  });
});
