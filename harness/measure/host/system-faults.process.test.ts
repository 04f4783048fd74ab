/** The command line on a system that lacks something, or misbehaves while it measures. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import timeline from '../../../reports/charts/timeline.ts';
import { runCli } from '../../fixtures/cli-process.ts';
import { mistake, type Ran } from '../../fixtures/command.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { summarySchema } from '../../judge/schema/summary.ts';
import { tracesOf } from '../../judge/traces/traces.ts';
import { readRun } from '../../store/read-run.ts';
import type { Measurement, Run } from '../../store/schema.ts';

const fixture = (name: string): string => new URL(`../fixtures/${name}`, import.meta.url).href;
const preloaded = (name: string): Readonly<Record<string, string>> => ({ NODE_OPTIONS: `--import ${fixture(name)}` });
const WAITING = fileURLToPath(new URL('../fixtures/waiting.js', import.meta.url));
/** No chart needs a system: they are drawn from the run file. */
const draws = false;
const hasBash = existsSync('/bin/bash');

/** The least that is a run, with a folder of its own. */
function small(...args: readonly string[]): { argv: readonly string[]; folder: string } {
  const folder = join(temporaryFolder(), 'run');
  const least = ['--preset', 'quick', '--duration', '200ms', '--retries', '0', '--format', 'json', '--out', folder];
  return { argv: ['run', ...least, ...(args.includes('--rounds') ? [] : ['--rounds', '1']), ...args], folder };
}

const runOf = (folder: string): Run => readRun(join(folder, 'run.ndjson'), { salvage: false });

function measurementsOf({ trials }: Run): readonly Measurement[] {
  return trials.map(({ outcome }) => {
    if (outcome.status === 'failed') throw new Error(outcome.reason.message);
    return outcome.measurement;
  });
}

function warningsOf({ out }: Ran): readonly string[] {
  return summarySchema.parse(JSON.parse(out)).warnings.map(({ code }) => code);
}

describe('no /proc and no /sys, as on macOS and Windows', () => {
  const env = preloaded('no-system-files.js');

  test('a run measures, and says what it could not', async () => {
    const { argv, folder } = small('-s', 'io:ms=20', '-m', 'cluster,worker-threads', '-w', '2', '-c', '4');
    const ended = await runCli(argv, { env, draws });
    expect(ended.code).toBe(0);
    expect(warningsOf(ended)).toEqual(expect.arrayContaining(['memory-fallback', 'no-thread-times']));
    const run = runOf(folder);
    expect(run.manifest.environment).toMatchObject({ affinity: null, physicalCpus: null, governor: null });
    expect(run.trials).toHaveLength(2);
    for (const { requests, memory, machine, services, server } of measurementsOf(run)) {
      expect(requests).toBeGreaterThan(0);
      expect(memory.kind).toBe('rss');
      expect(memory.idleBytes).toBeGreaterThan(0);
      expect([machine, services, server.front?.cpuMs]).toEqual([null, null, null]);
      expect(server.workers?.map(({ cpuMs, queuedMs }) => [cpuMs, queuedMs])).toEqual([
        [null, null],
        [null, null],
      ]);
      expect(server.cpuMs).toBeGreaterThan(0);
    }
  });

  test.skipIf(availableParallelism() < 2)('CPUs cannot be reserved', async () => {
    const { argv, folder } = small('--isolate', '1');
    expect(mistake(await runCli(argv, { env, draws }))).toMatch(
      /^--isolate 1: processes cannot be bound .+ leave the flag out$/,
    );
    expect(existsSync(folder)).toBe(false);
  });
});

describe('no taskset', () => {
  const env = { PATH: '/nonexistent' };

  test.skipIf(availableParallelism() < 2)('CPUs cannot be reserved', async () => {
    const { argv } = small('--isolate', '1');
    expect(mistake(await runCli(argv, { env }))).toMatch(/^--isolate 1: .+ install taskset .+ leave the flag out$/);
  });

  test('all else works', async () => {
    const { argv, folder } = small('-s', WAITING, '-m', 'cluster', '-w', '2', '-c', '4');
    expect((await runCli(argv, { env, draws })).code).toBe(0);
    expect(runOf(folder).manifest.placement.kind).toBe('shared');
  });
});

describe.runIf(hasBash)('few file descriptors', () => {
  test('more connections than a process may hold', async () => {
    const { argv, folder } = small('-s', 'hello', '-c', '1000');
    const line = mistake(await runCli(argv, { script: 'ulimit -n 256 && exec "$@"' }));
    expect(line).toMatch(/^--connections 1000: .+ 256 files .+ give at most --connections 192$/);
    expect(existsSync(folder)).toBe(false);
  });

  test('a handler that needs more than there are', async () => {
    const { argv, folder } = small('-s', 'io:ms=50', '-m', 'single', '-w', '1', '-c', '120');
    const started = performance.now();
    const { code, err } = await runCli(argv, { script: 'ulimit -n 200 && exec "$@"', draws });
    expect(performance.now() - started).toBeLessThan(25_000);
    expect(code).toBe(3);
    const reasons = runOf(folder).trials.map(({ outcome }) =>
      outcome.status === 'failed' ? outcome.reason.kind : null,
    );
    expect(reasons).toHaveLength(1);
    expect(['status', 'server', 'connection-closed', 'connection-error']).toContain(reasons[0]);
    expect(err).toMatch(/^\[1\/1\] io:ms=50\/single, round 1: failed, [^\n]+$/m);
  });
});

describe.runIf(hasBash && existsSync('/dev/full'))('a full disk behind a redirection', () => {
  test('of the results: exit code 2, one line', async () => {
    const { code, err } = await runCli(['list'], { script: 'exec "$@" >/dev/full' });
    expect(code).toBe(2);
    expect(err).toMatch(/^fourways: standard output cannot be written \(ENOSPC\); [^\n]+\n$/);
  });

  test('of the progress: the run goes on', async () => {
    const { argv, folder } = small('-s', WAITING, '-m', 'single', '-w', '1', '-c', '2');
    // With charts: what is asked is of the program that users start.
    const ended = await runCli(argv, { script: 'exec "$@" 2>/dev/full' });
    expect(ended.code).toBe(0);
    expect(warningsOf(ended)).not.toContain('failed-trials');
    expect(runOf(folder).end?.reason).toBe('complete');
  });

  test('a reader who has read enough is no fault', async () => {
    const { code, err } = await runCli(['list'], { script: '"$@" | true; exit "$PIPESTATUS"' });
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});

test.each([3_600_000, -3_600_000])('the clock jumps by %i ms, again and again', async (stepMs) => {
  const { argv, folder } = small('-s', WAITING, '-m', 'worker-threads', '-w', '2', '-c', '8', '--rounds', '2');
  const env = { ...preloaded('stepping-clock.js'), FOURWAYS_TEST_CLOCK_STEP_MS: String(stepMs) };
  const started = performance.now();
  const ended = await runCli(argv, { env, draws });
  expect(ended.code).toBe(0);
  expect(performance.now() - started).toBeLessThan(40_000);
  expect(warningsOf(ended)).toContain('clock-step');
  expect(ended.err).toMatch(/^\[1\/2\] .+, \d+ s left\n\[2\/2\] .+, 0 s left$/m);
  const run = runOf(folder);
  expect(run.trials).toHaveLength(2);
  // A step of the clock is known to the millisecond, give or take the time between two readings.
  for (const { clockStepMs } of run.trials) expect(Math.round(clockStepMs / stepMs)).toBeGreaterThan(0);
  for (const { windowMs, requestsPerSec, server } of measurementsOf(run)) {
    // Eight connections that wait for 20 ms each: what is far from that was not timed by the clock that ticks on.
    expect(requestsPerSec).toBeGreaterThan(8 / 0.02 / 3);
    expect(requestsPerSec).toBeLessThan((8 / 0.02) * 3);
    expect(windowMs).toBeGreaterThan(190);
    expect(windowMs).toBeLessThan(10_000);
    expect(server.workers?.every(({ utilisation }) => utilisation >= 0 && utilisation <= 1)).toBe(true);
  }
  const summary = summarySchema.parse(JSON.parse(ended.out));
  const [scenario] = summary.scenarios;
  if (scenario === undefined) throw new Error('nothing was measured');
  const latencyMs = scenario.cells[0]?.result?.latencyMs;
  expect(latencyMs?.p50?.ms).toBeGreaterThan(19);
  expect(latencyMs?.maxMs).toBeLessThan(10_000);
  expect(timeline.draw({ scenario, summary, traces: tracesOf(run) }).kind).toBe('spec');
});
