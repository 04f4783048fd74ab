/** The limit of a scenario of which only some requests run the kernel, and the rates that a scenario is offered. */
import { describe, expect, test } from 'vitest';
import { run } from '../fixtures/command.ts';
import { fakeMeasuring } from '../fixtures/fake-measuring.ts';
import { newFolder, runFileIn } from '../fixtures/stopped-run.ts';
import { readRun } from '../store/read-run.ts';
import type { Manifest, ScenarioPlan } from '../store/schema.ts';

const calibration = { kernelCpuMs: 80, samples: 10, cpus: 2 };

/** Plans and measures one scenario on two workers, with a kernel of 80 ms; at capacity only, unless `more` says otherwise. */
async function planOf(
  scenario: string,
  more: readonly string[] = ['--rate', 'none'],
): Promise<ScenarioPlan | undefined> {
  return (await manifestOf(scenario, ['--rounds', '1', ...more])).scenarios[0];
}

async function manifestOf(scenario: string, more: readonly string[]): Promise<Manifest> {
  const folder = newFolder();
  const measuring = { ...fakeMeasuring(), calibrate: async () => ({ iterations: 7, calibration }) };
  const flags = [
    '-m',
    'single',
    ...(more.includes('-w') ? [] : ['-w', '2']),
    '--isolate',
    '0',
    '--out',
    folder,
    ...more,
  ];
  const { code } = await run(['run', '-s', scenario, ...flags], { measuring: () => measuring });
  expect(code).toBe(0);
  return readRun(runFileIn(folder), { salvage: false }).manifest;
}

test('it is that of the mean request; the calibration stays that of the kernel', async () => {
  const plan = await planOf('mixed:percent=10');
  expect(plan).toMatchObject({ calibration, limit: { kind: 'cpu', kernelCpuMs: 8, requestsPerSec: 250 } });
});

describe('rates', () => {
  const usual = [0.5, 0.8].map((share) => ({ kind: 'share', share }));
  const ratesOf = async (scenario: string, ...more: readonly string[]) => (await planOf(scenario, more))?.rates;

  test('are offered in a first look only where a scenario is about them', async () => {
    expect(await ratesOf('mixed', '--preset', 'quick')).toEqual(usual);
    expect(await ratesOf('hello', '--preset', 'quick')).toEqual([]);
  });

  test('are offered by default only where a scenario is about them, and everywhere in a thorough run', async () => {
    expect(await ratesOf('mixed')).toEqual(usual);
    expect(await ratesOf('hello')).toEqual([]);
    expect(await ratesOf('hello', '--preset', 'thorough')).toEqual(usual);
  });

  test('are those that were asked for, or none, in any scenario', async () => {
    const flags = ['--preset', 'quick', '--rate'];
    expect(await ratesOf('hello', ...flags, '25%')).toEqual([{ kind: 'share', share: 0.25 }]);
    expect(await ratesOf('mixed', ...flags, '25%')).toEqual([{ kind: 'share', share: 0.25 }]);
    expect(await ratesOf('mixed', ...flags, 'none')).toEqual([]);
  });
});

test('work in the libuv pool is bounded by CPUs and not by workers', async () => {
  const [one, other] = await Promise.all(['gzip', 'json'].map((name) => planOf(name, ['-w', '1', '--rate', 'none'])));
  expect(one?.limit).toMatchObject({ inPool: true, cpus: 4, requestsPerSec: 50 });
  expect(other?.limit).toMatchObject({ cpus: 1, requestsPerSec: 12.5 });
});

test('without a share every request runs the kernel', async () => {
  expect(await planOf('cpu')).toMatchObject({ calibration, limit: { kernelCpuMs: 80, requestsPerSec: 25 } });
});

test('the manifest says by what the run ends and what is judged by', async () => {
  expect(await manifestOf('hello', ['--rate', 'none', '--rounds', '1', '--margin', '5%'])).toMatchObject({
    ...{ rounds: 1, budgetMs: null, margin: 0.05, ab: null },
  });
  expect(await manifestOf('hello', ['--rate', 'none', '--budget', '1h'])).toMatchObject({
    ...{ rounds: 3, budgetMs: 3_600_000, margin: 0.03, ab: null },
  });
});

test('a command cannot have the name of a model that is a file', async () => {
  const flags = ['--app', 'examples/apps/node-http/server.js', '--request', 'GET /', '-m', './examples/my-model.js'];
  const command = ['--command', 'my-model=node server.js', '--out', newFolder()];
  const { code, err } = await run(['run', ...flags, ...command], { measuring: () => fakeMeasuring() });
  expect({ code, err }).toMatchObject({
    code: 2,
    err: expect.stringContaining('--command my-model: a model has this name; give another'),
  });
});

test('each point of a series has a plan, cells and a limit of its own, and the series says which belong together', async () => {
  const { scenarios, cells, series } = await manifestOf('cpu:ms=80', ['--rounds', '1', '--rate', 'none', '-w', '1,2']);
  expect(scenarios.map(({ id, inWords, limit }) => [id, inWords, limit?.requestsPerSec])).toEqual([
    ['cpu:ms=80,workers=1', '80 ms of CPU per request, 1 worker', 12.5],
    ['cpu:ms=80,workers=2', '80 ms of CPU per request, 2 workers', 25],
  ]);
  expect(cells.map(({ scenario, connections }) => [scenario, connections])).toEqual([
    ['cpu:ms=80,workers=1', 64],
    ['cpu:ms=80,workers=2', 64],
  ]);
  const points = [1, 2].map((value) => ({ scenario: `cpu:ms=80,workers=${value}`, value }));
  expect(series).toEqual([{ along: { kind: 'workers' }, of: '80 ms of CPU per request', points }]);
});
