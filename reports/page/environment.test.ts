import { expect, test } from 'vitest';
import { summary } from '../fixtures/summary.ts';
import { isolatedSummary, type summaryOf, untoldSummary } from '../fixtures/variants.ts';
import { environmentSection } from './environment.ts';

/** The facts by their names. */
function factsOf(source: ReturnType<typeof summaryOf>): Record<string, string> {
  const entries = environmentSection(source).matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/gu);
  return Object.fromEntries([...entries].map(([, name = '', text = '']) => [name, text]));
}

test('says everything about the machine in plain words', () => {
  expect(factsOf(summary)).toEqual({
    'Node.js': 'v22.12.0 (V8 12.4.254.21-node.21, libuv 1.49.1)',
    fourways: '0.1.0',
    CPU: 'AMD EPYC 7B13',
    CPUs: '4 of 8 usable, determined by affinity',
    'Physical cores': '4 in the host',
    SMT: 'on, hardware threads share cores',
    Affinity: 'CPUs 0–2, 5',
    'CPU quota': 'none',
    Governor: 'performance',
    Generators: '1 generator, on the same CPUs as the server (as asked)',
    Memory: '16 GiB',
    System: 'linux x64, kernel 6.1.0-28-amd64',
    Virtualisation: 'kvm',
    'Clock source': 'tsc',
    'Load before': 'load average of 0.12 over one minute',
    'Steal during': '0.2 % of the CPU time, median over trials; at most 1.4 %',
    'Open files': 'at most 1,048,576',
    'Thread pool': 'UV_THREADPOOL_SIZE not set: 4 threads',
    Git: '3f1c9d2ab07e45c8861d0f9e7a54b2c6d8e1f0a9, with uncommitted changes',
  });
});

test('says what the system does not tell', () => {
  const untold = 'not reported by the system';
  expect(factsOf(untoldSummary())).toMatchObject({
    'Physical cores': untold,
    SMT: untold,
    Affinity: untold,
    'Clock source': untold,
    'Load before': untold,
    'Steal during': untold,
    Governor: 'none detected',
    Virtualisation: 'none detected',
    'Open files': 'no known limit',
    Git: 'not in a git repository',
    Generators: '1 generator, on the same CPUs as the server (no taskset to reserve CPUs with)',
  });
});

test('what differs elsewhere', () => {
  const environment = {
    ...summary.environment,
    smt: false,
    quotaCpus: 1.5,
    uvThreadpoolSize: '16',
    servers: { nodeArgs: ['--expose-gc'], env: ['DATABASE_URL', 'LOG'], nodeOptions: '--no-opt', runtimes: [] },
    git: { commit: '3f1c9d2', dirty: false },
  };
  expect(factsOf({ ...isolatedSummary(), environment })).toMatchObject({
    SMT: 'off, one hardware thread per core',
    'CPU quota': '1.5 CPUs',
    'Thread pool': 'UV_THREADPOOL_SIZE 16',
    'Node.js options': '--expose-gc',
    NODE_OPTIONS: '--no-opt',
    Variables: 'DATABASE_URL, LOG, without their values',
    Git: '3f1c9d2',
    Generators: '2 generators on CPUs 2–3, server on CPUs 0–1',
  });
});
