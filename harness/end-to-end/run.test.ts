/** The main job on real processes, small; and that nothing outlives it, however it ends. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli, startCli } from '../fixtures/cli-process.ts';
import { runCompiled } from '../fixtures/compiled-command.ts';
import { summarySchema } from '../judge/schema/summary.ts';
import { aliveAmong, processTree, until } from '../measure/fixtures/processes.ts';
import { readRun } from '../store/read-run.ts';

const STUCK = fileURLToPath(new URL('../measure/fixtures/stuck.js', import.meta.url));
const MARKING = fileURLToPath(new URL('../measure/fixtures/marking.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'fourways-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(['single', 'cluster', 'worker-threads'])(
  'serve %s: prints where it is, says when the port is in use',
  async (model) => {
    const server = startCli(['serve', model, 'hello', '-w', '2']);
    await until('the address', 20_000, () => server.out().includes('Ctrl-C'));
    const url = /url\s+(\S+)/.exec(server.out())?.[1] ?? '';
    expect(await (await fetch(url)).json()).toEqual({ hello: 'world' });
    const second = await runCompiled(['serve', model, 'hello', '--port', new URL(url).port]);
    expect(second.err).toMatch(/^fourways: --port \d+ is in use; [^\n]+\n$/);
    expect(second.code).toBe(2);
    server.child.kill('SIGINT');
    expect((await server.ended).code).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  },
);

const linux = process.platform === 'linux';

test('run measures, report draws the same again', async () => {
  const out = join(folder, 'run');
  const run = await runCli([
    'run',
    '-s',
    'io:ms=20',
    '-m',
    'single,fork-pool', // The others: resume.test.ts and rates.test.ts.
    '-c',
    '4', // No more than 200 requests a second, of which a warm-up takes the fewest.
    '-w',
    '2',
    '--preset',
    'quick',
    '--rounds',
    '1',
    '--duration',
    '300ms',
    '--retries',
    '0', // Tests run beside it, and a trial that they disturb would come again.
    '--format',
    'json',
    '--out',
    out,
  ]);
  expect(run.err).toContain('[2/2]');
  expect(run.code).toBe(0);
  const summary = summarySchema.parse(JSON.parse(run.out));
  const cells = summary.scenarios.flatMap((scenario) => scenario.cells);
  expect(cells).toHaveLength(2);
  expect(cells.every(({ trialsOk, trialsFailed }) => trialsOk === 1 && trialsFailed === 0)).toBe(true);
  expect(cells.every(({ result }) => (result?.requestsPerSec.point ?? 0) > 0)).toBe(true);
  const files = ['run.ndjson', 'summary.json', 'report/index.html', 'report/throughput-io-ms-20.svg'];
  expect(files.filter((file) => !existsSync(join(out, file)))).toEqual([]);
  expect(readFileSync(join(out, 'report', 'index.html'), 'utf8')).toContain('<svg');

  const { trials, yardstick, end } = readRun(join(out, 'run.ndjson'), { salvage: false });
  expect(trials).toHaveLength(2);
  expect(yardstick).toMatchObject([{ cell: 'yardstick', round: 0, outcome: { status: 'ok' } }]);
  expect(end?.reason).toBe('complete');
  // A request cannot be quicker than the upstream service it waits for.
  for (const cell of cells) expect(cell.result?.latencyMs.p50?.ms).toBeGreaterThanOrEqual(19);

  const again = await runCli(['report', out, '--format', 'json', '--out', join(folder, 'again')]);
  expect(JSON.parse(again.out)).toEqual(summary);
  const drawn = (path: string): string => readFileSync(join(path, 'index.html'), 'utf8');
  expect(drawn(join(folder, 'again'))).toBe(drawn(join(out, 'report')));
});

describe.runIf(linux)('nothing outlives the harness', () => {
  const args = (name: string, scenario: string, model: string): string[] => [
    'run',
    '-s',
    scenario,
    '-m',
    model,
    '-w',
    '2',
    '-c',
    '4',
    '--preset',
    'quick',
    '--rounds',
    '50',
    '--duration',
    '200ms',
    '--retries',
    '0',
    '--out',
    join(folder, name),
  ];

  // That finished trials are kept, and that Ctrl-C leaves nothing behind either: resume.test.ts.
  test.each(['single', 'cluster', 'fork-pool', 'worker-threads'])('kill -9 while %s is under load', async (model) => {
    const mark = join(folder, `kill-${model}.mark`);
    const env = { FOURWAYS_TEST_MARK: mark };
    const { child, pid, ended } = startCli(args(`kill-${model}`, MARKING, model), { env });
    await until('a trial under load', 30_000, () => existsSync(mark));
    const tree = processTree(pid);
    // The server, its generator, and what the scenario set up.
    for (const part of ['servers/host', 'generator/process', 'scenario/process']) {
      expect(tree.map(({ command }) => command)).toContainEqual(expect.stringContaining(part));
    }
    child.kill('SIGKILL');
    await ended;
    const pids = tree.map((one) => one.pid);
    await until(`all of ${pids.length} processes gone`, 2_000, () => aliveAmong(pids).length === 0);
  });

  test.each(['single', 'cluster'])('kill -9 while the handler of %s never returns', async (model) => {
    const mark = join(folder, `stuck-${model}.mark`);
    const run = startCli(args(`stuck-${model}`, STUCK, model), { env: { FOURWAYS_TEST_MARK: mark } });
    await until('a server that is stuck', 20_000, () => existsSync(mark));
    const tree = processTree(run.pid).map((one) => one.pid);
    expect(tree.length).toBeGreaterThanOrEqual(3);
    run.child.kill('SIGKILL');
    await run.ended;
    await until(`all of ${tree.length} processes gone`, 2_000, () => aliveAmong(tree).length === 0);
  });
});
