import { cpus } from 'node:os';
import { expect, test } from 'vitest';
import { environmentSchema } from '../../store/environment-schema.ts';
import { readEnvironment } from './environment.ts';

test('the environment of this machine is complete and plausible', () => {
  const environment = environmentSchema.parse(readEnvironment());
  const host = Math.max(1, cpus().length);
  expect(environment.node).toBe(process.versions.node);
  expect(environment.physicalCpus ?? 1).toBeLessThanOrEqual(host);
  if (environment.smt === false) expect(environment.physicalCpus ?? host).toBe(host);
  expect(environment.affinity?.length ?? 1).toBeGreaterThanOrEqual(environment.availableCpus.count);
  expect(environment.quotaCpus ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(environment.availableCpus.capacity);
  expect(environment.openFiles ?? Number.POSITIVE_INFINITY).toBeGreaterThan(20);
  expect(environment.memoryBytes).toBeGreaterThan(2 ** 26);
  for (const word of [environment.governor, environment.clockSource, environment.virtualisation]) {
    expect(word ?? 'none').toMatch(/^[\w-]+( [\w-]+)*$/);
  }
});

test('variables of the servers are recorded by name, and count where figures depend on them', () => {
  const servers = {
    args: ['--expose-gc'],
    env: { UV_THREADPOOL_SIZE: '9', SECRET: 'hidden', NODE_OPTIONS: '--no-opt' },
  };
  const environment = readEnvironment(servers);
  expect(environment.uvThreadpoolSize).toBe('9');
  expect(environment.servers).toEqual({
    nodeArgs: ['--expose-gc'],
    env: ['NODE_OPTIONS', 'SECRET', 'UV_THREADPOOL_SIZE'],
    nodeOptions: '--no-opt',
    runtimes: [],
  });
  expect(JSON.stringify(environment)).not.toContain('hidden');
});

test.runIf(process.platform === 'linux')('Linux tells which CPUs may be used', () => {
  expect(readEnvironment().affinity).not.toBeNull();
});
