/** What must not be gone on with: each is one line, and leaves the run as it was. */
import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { mistake, run } from '../fixtures/command.ts';
import { fakeMeasuring } from '../fixtures/fake-measuring.ts';
import { environment, isolated } from '../fixtures/run.ts';
import { changeRunFile, interruptedIn, newFolder, resume, runFileIn, stoppedRun } from '../fixtures/stopped-run.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import type { Environment } from '../store/schema.ts';

/** The message with which going on is refused; nothing has been measured, and the run file is as it was. */
async function refusal(folder: string, measuring = fakeMeasuring()): Promise<string> {
  const before = readFileSync(runFileIn(folder));
  const ran = await resume(folder, measuring);
  expect(ran.log.filter((entry) => entry !== 'close')).toEqual([]);
  expect(readFileSync(runFileIn(folder))).toEqual(before);
  return mistake(ran).replaceAll(folder, 'FOLDER');
}

describe('another machine, or another version', () => {
  test.each<[Partial<Environment>, string]>([
    [{ node: '23.1.0' }, 'Node.js 22.12.0, and here it is 23.1.0'],
    [{ platform: 'darwin' }, 'platform linux x64, and here it is darwin x64'],
    [{ arch: 'arm64' }, 'platform linux x64, and here it is linux arm64'],
    [{ cpuModel: 'Other CPU' }, 'CPU Test CPU, and here it is Other CPU'],
    [{ availableCpus: { count: 2, capacity: 2.5, host: 4, decidedBy: 'quota' } }, 'CPUs 4, and here it is 2.5'],
    [
      { servers: { nodeArgs: [], env: [], nodeOptions: '--no-opt', runtimes: [] } },
      'NODE_OPTIONS not set, and here it is --no-opt',
    ],
    [{ uvThreadpoolSize: '16' }, 'UV_THREADPOOL_SIZE not set, and here it is 16'],
  ])('%j', async (changes, what) => {
    const measuring = { ...fakeMeasuring(), environment: () => ({ ...environment, ...changes }) };
    expect(await refusal(await stoppedRun(2), measuring)).toBe(
      `--resume FOLDER: the run was started with ${what}; continue it where it was started, or start a new run`,
    );
  });

  test('of fourways', async () => {
    const folder = await stoppedRun(2);
    changeRunFile(runFileIn(folder), (text) => text.replace(/"version":"[^"]+"/, '"version":"0.0.1-old"'));
    expect(await refusal(folder)).toMatch(
      /^--resume FOLDER: the run was started with fourways 0\.0\.1-old, and here it is/,
    );
  });

  test('what only differs by the day is no obstacle', async () => {
    const changes = { loadBefore: 3.2, memoryBytes: 1, kernel: '6.1.1', git: { commit: 'abc', dirty: true } };
    const measuring = { ...fakeMeasuring(), environment: () => ({ ...environment, ...changes }) };
    expect((await resume(await stoppedRun(2), measuring)).code).toBe(0);
  });
});

test('CPUs that were reserved and are not there any more would make every trial fail', async () => {
  const folder = await stoppedRun(2);
  const placement = { ...isolated, serverCpus: [0, 1], generatorCpus: [9000] };
  changeRunFile(runFileIn(folder), (text) => {
    const [manifest = '', ...rest] = text.split('\n');
    return [JSON.stringify({ ...JSON.parse(manifest), placement }), ...rest].join('\n');
  });
  expect(await refusal(folder)).toMatch(
    /^--resume FOLDER: the run reserved CPUs .+ cannot be bound to CPUs 0-1,9000; install taskset .+ or start a new run$/,
  );
});

describe("a scenario of the user's own", () => {
  async function stopped(): Promise<{ scenario: string; folder: string }> {
    const scenario = join(temporaryFolder(), 'mine.mjs');
    copyFileSync(fileURLToPath(new URL('../fixtures/scenarios/greeting.js', import.meta.url)), scenario);
    const folder = newFolder();
    const measuring = interruptedIn(2);
    const argv = ['run', '-s', `${scenario}:length=7`, '--rounds', '3', '--isolate', '0', '--out', folder];
    await run(argv, { measuring: () => measuring });
    return { scenario, folder };
  }

  test('is found again, with its settings', async () => {
    const { folder } = await stopped();
    const { code, log } = await resume(folder);
    expect([code, log[0]]).toEqual([0, expect.stringMatching(/^preflight mine:length=7 /)]);
  });

  test('that was changed would make two workloads one', async () => {
    const { folder, scenario } = await stopped();
    appendFileSync(scenario, '\n// faster now\n');
    expect(await refusal(folder)).toBe(
      `scenario mine:length=7: ${scenario} has changed since the run began; start a new run`,
    );
  });

  test('is not loaded when another one was changed', async () => {
    const greeting = fileURLToPath(new URL('../fixtures/scenarios/greeting.js', import.meta.url));
    const [first, second] = ['first.mjs', 'second.mjs'].map((name) => join(temporaryFolder(), name));
    for (const file of [first, second]) copyFileSync(greeting, file ?? '');
    const folder = newFolder();
    const stopping = interruptedIn(2);
    const argv = ['run', '-s', `${first},${second}`, '--rounds', '3', '--isolate', '0', '--out', folder];
    await run(argv, { measuring: () => stopping });
    appendFileSync(second ?? '', '\n// faster now\n');
    const opened: string[] = [];
    const machine = fakeMeasuring();
    const openModule: typeof machine.openModule = (module, options) => {
      opened.push(module.name);
      return machine.openModule(module, options);
    };
    expect(mistake(await resume(folder, { ...machine, openModule }))).toMatch(/^scenario second:.* has changed since/);
    expect(opened).toEqual([]);
  });

  test('that is gone', async () => {
    const { folder, scenario } = await stopped();
    rmSync(scenario);
    expect(await refusal(folder)).toContain(
      `${scenario} does not exist; resume from the folder where the run was started`,
    );
  });
});

test("a model of the user's own that was changed or is gone", async () => {
  const model = join(temporaryFolder(), 'mine.mjs');
  writeFileSync(model, 'export default {};');
  const folder = newFolder();
  const measuring = interruptedIn(1);
  await run(['run', '-s', 'hello', '-m', model, '--rounds', '3', '--isolate', '0', '--out', folder], {
    measuring: () => measuring,
  });
  expect((await resume(folder)).code).toBe(0);
  appendFileSync(model, '// faster now');
  const [manifest = ''] = readFileSync(runFileIn(folder), 'utf8').split('\n');
  writeFileSync(runFileIn(folder), `${manifest}\n`);
  expect(await refusal(folder)).toBe(`model mine: ${model} has changed since the run began; start a new run`);
  rmSync(model);
  expect(await refusal(folder)).toContain(`${model} does not exist; resume from the folder where the run was started`);
});

describe('a run file that cannot be gone on with', () => {
  test('without a whole plan in it', async () => {
    const folder = await stoppedRun(2);
    writeFileSync(runFileIn(folder), readFileSync(runFileIn(folder)).subarray(0, 200));
    expect(await refusal(folder)).toBe(
      'FOLDER/run.ndjson ends in the middle of line 1: the run was killed while writing; there is nothing in it to go on with, so start the run again',
    );
  });

  test('damaged in the middle', async () => {
    const folder = await stoppedRun(3);
    changeRunFile(runFileIn(folder), (text) => text.replace('\n{"type":"trial"', '\n{"type":"tr'));
    expect(await refusal(folder)).toMatch(/^FOLDER\/run\.ndjson: line 2 is damaged; take the file from a backup/);
  });

  test('not there', async () => {
    const folder = temporaryFolder();
    expect(mistake(await resume(folder))).toBe(
      `${runFileIn(folder)} is not there; name the folder that 'fourways run' wrote`,
    );
    expect(mistake(await resume(join(folder, 'none')))).toContain('there is no such file or folder');
  });
});

describe('a resumed run has its plan already', () => {
  test.each([
    ['--scenario', 'cpu'],
    ['-s', 'cpu'],
    ['--model', 'single'],
    ['-m', 'single'],
    ['--workers', '2'],
    ['-w', '2'],
    ['--connections', '8'],
    ['-c', '8'],
    ['--preset', 'quick'],
    ['--rounds', '5'],
    ['--duration', '1s'],
    ['--seed', '0'],
    ['--generators', '2'],
    ['--isolate', '0'],
    ['--retries', '0'],
    ['--out', 'elsewhere'],
  ])('%s %s is a mistake beside --resume', async (flag, value) => {
    const long = { '-s': '--scenario', '-m': '--model', '-w': '--workers', '-c': '--connections' };
    const name = Object.entries(long).find(([short]) => short === flag)?.[1] ?? flag;
    const line = mistake(await run(['run', '--resume', 'some-run', flag, value]));
    expect(line).toBe(
      `--resume continues a run with its own plan; leave out ${name}, or start a new run without --resume`,
    );
  });
});
