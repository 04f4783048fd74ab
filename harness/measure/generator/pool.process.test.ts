/** Generators that serve several loads, as compiled, on real processes. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { LoadTarget } from '../../../dist/harness/measure/generator/generator.js';
import { GeneratorPool } from '../../../dist/harness/measure/generator/pool.js';
import { ProcessRegistry } from '../../../dist/harness/measure/processes/registry.js';
import type { RequestClass } from '../../../scenarios/scenario.ts';
import { aliveAmong, processTree, until } from '../fixtures/processes.ts';
import { readMs } from '../fixtures/sending.ts';

const { signal } = new AbortController();
const registry = new ProcessRegistry();
const pool = new GeneratorPool(registry);
const child = fork(fileURLToPath(new URL('../fixtures/plain-server.js', import.meta.url)));
let url = '';
beforeAll(async () => {
  const [message] = await once(child, 'message');
  url = `http://127.0.0.1:${z.object({ port: z.int() }).parse(message).port}/`;
});
afterAll(async () => {
  child.kill('SIGKILL');
  await registry.close();
});

async function told() {
  child.send({});
  const [message] = await once(child, 'message');
  return z.object({ answered: z.int(), connections: z.int() }).parse(message);
}

const generatorPids = (): number[] =>
  processTree(process.pid).flatMap(({ pid, command }) => (command.includes('generator/process') ? [pid] : []));

const route = (name: string, path: string, weight = 1): RequestClass => ({ name, weight, method: 'GET', path });
const PRINT = { status: 200, headerLines: [], body: Buffer.from('right'), wireBytes: 0, varying: null };

function targetOf(classes: readonly RequestClass[], changes: Partial<LoadTarget> = {}): LoadTarget {
  return {
    url,
    classes,
    expected: new Map(classes.map(({ name }) => [name, PRINT])),
    connections: 8,
    connectionMode: 'keep-alive',
    load: { kind: 'capacity' },
    timeoutSec: 5,
    seed: 1,
    ...changes,
  };
}

/** One load from its connections to its end. */
async function measured(target: LoadTarget, { count = 1, windowMs = 500, warmUpMs = 200 } = {}) {
  await told();
  const generators = await pool.take(count, null, signal);
  try {
    await generators.connect(target, signal);
    generators.go(() => {});
    await setTimeout(warmUpMs);
    if (target.load.kind === 'rate') await generators.offer(signal);
    const pids = child.pid === undefined ? [] : [child.pid];
    await Promise.race([generators.measure({ windowMs, pids }, signal), generators.fault]);
    return { ...(await generators.finish(signal)), server: await told() };
  } finally {
    await generators.stop();
  }
}

const rate: LoadTarget['load'] = {
  kind: 'rate',
  stream: { kind: 'constant', requestsPerSec: 200, index: 0, of: 1, seed: 1 },
  mostConnections: 50,
  warmUpRequests: 4,
  countErrors: false,
  trace: false,
};

describe('the same process', () => {
  test('sends one load after the other, and each figure is right', async () => {
    const pids = new Set<number>();
    for (const [target, perSec] of [
      [targetOf([route('slow', '/20')]), 8 / 0.02],
      [targetOf([route('slow', '/50')], { connections: 4 }), 4 / 0.05],
      [targetOf([route('slow', '/20')], { connectionMode: 'per-request' }), 8 / 0.02],
      [targetOf([route('slow', '/10')], { load: rate }), 200],
      [targetOf([route('one', '/10'), route('two', '/40')]), 8 / 0.025],
      [targetOf([route('slow', '/20')]), 8 / 0.02],
    ] as const) {
      const result = await measured(target);
      for (const pid of generatorPids()) pids.add(pid);
      expect(result.fault).toBeNull();
      // The upper bound is physical. Below it, tests that run beside this one make requests late.
      expect(result.requestsPerSec / perSec).toBeGreaterThan(0.25);
      expect(result.requestsPerSec / perSec).toBeLessThan(1.05);
      // All that the server answered was asked for by this load, and was answered before it ended.
      // On a busy machine an open loop may count one request that did not reach the server before its connection was closed.
      const most = target.load.kind === 'rate' ? 1 : 0;
      expect(Math.abs(result.sent - result.server.answered)).toBeLessThanOrEqual(most);
      expect(result.sent - result.compared).toBeLessThanOrEqual(most);
      expect(result.sent).toBeGreaterThan(result.requests);
      expect(result.longestGapMs).toBeGreaterThan(0);
      expect(result.longestGapMs).toBeLessThan(result.windowMs);
      expect(readMs(result.latencyHistogram).count).toBeLessThanOrEqual(result.requests + target.connections);
    }
    expect(pids.size).toBe(1);
  });

  test('is idle between two loads, and holds no connection', async () => {
    await measured(targetOf([route('quick', '/')]));
    await measured(targetOf([route('slow', '/5')], { load: rate }));
    const [pid = 0] = generatorPids();
    await setTimeout(500); // autocannon's own timers end with their next tick.
    expect((await told()).connections).toBe(0);
    const before = cpuTicks(pid);
    await setTimeout(1000);
    // Hundredths of a second.
    expect(cpuTicks(pid) - before).toBeLessThanOrEqual(1);
  });
});

/** All threads of a process: fields 14 and 15 of proc_pid_stat(5). */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

test('several classes are measured in the mix that was asked for, and a single CPU is not exceeded', async () => {
  const classes = [route('light', '/spin/0.5', 9), route('heavy', '/spin/12', 1)];
  for (const count of [1, 2]) {
    const result = await measured(targetOf(classes), { count });
    const [light, heavy] = result.mix.map(({ requests }) => requests);
    expect(result.mix.map(({ name }) => name)).toEqual(['light', 'heavy']);
    expect((light ?? 0) + (heavy ?? 0)).toBe(result.requests);
    expect(heavy ?? 0).toBeGreaterThanOrEqual(30 * count);
    expect(Math.abs((heavy ?? 0) - result.requests / 10)).toBeLessThanOrEqual(
      count * Math.max(1, 0.02 * (heavy ?? 0)) + 1,
    );
    expect(result.requestsPerSec).toBeLessThan((1000 / (0.9 * 0.5 + 0.1 * 12)) * 1.03);
    // The server was busy all the time, and that is seen from outside, at the edges of the window.
    const busiest = Math.max(...(result.threads?.list ?? []).map(({ cpuMs, queuedMs }) => cpuMs + queuedMs));
    expect(busiest / (result.threads?.elapsedMs ?? 0)).toBeGreaterThan(0.5);
    expect(busiest / (result.threads?.elapsedMs ?? 0)).toBeLessThan(1.1);
    expect((result.threads?.elapsedMs ?? 0) / result.windowMs).toBeGreaterThan(0.7);
    expect(result.threads?.list.every(({ pid }) => pid === child.pid)).toBe(true);
  }
});

test('two loads at once have processes of their own', async () => {
  const results = await Promise.all([1, 2].map(() => pool.take(1, null, signal)));
  expect(generatorPids().length).toBeGreaterThanOrEqual(2);
  await Promise.all(results.map((one) => one.connect(targetOf([route('slow', '/5')]), signal)));
  // A connection is open for the generator before the server has accepted it.
  await expect.poll(async () => (await told()).connections).toBe(16);
  await Promise.all(results.map((one) => one.stop()));
  await expect.poll(async () => (await told()).connections).toBe(0);
});

test('a process that met something wrong is ended, and another takes its place', async () => {
  const before = generatorPids();
  await expect(measured(targetOf([route('bad', '/refuse')]))).rejects.toThrow(/a reply with status 503 under load: no/);
  expect(aliveAmong(before)).toHaveLength(before.length - 1);
  const { fault, requests } = await measured(targetOf([route('good', '/')]));
  expect({ fault, some: requests > 0 }).toEqual({ fault: null, some: true });
});

test('so is one whose wait was given up', async () => {
  const generators = await pool.take(1, null, signal);
  await generators.connect(targetOf([route('slow', '/20')]), signal);
  generators.go(() => {});
  const before = generatorPids();
  const abort = new AbortController();
  const measuring = generators.measure({ windowMs: 5000, pids: [] }, abort.signal);
  abort.abort(new Error('given up'));
  await expect(measuring).rejects.toThrow('given up');
  await generators.stop();
  await generators.stop();
  expect(aliveAmong(before)).toHaveLength(before.length - 1);
});

test('closed, it leaves no process', async () => {
  const lent = await pool.take(2, null, signal);
  const pids = generatorPids();
  expect(pids.length).toBeGreaterThanOrEqual(2);
  await pool.close();
  await until('all generators are gone', 5000, () => aliveAmong(pids).length === 0);
  await lent.stop();
});
