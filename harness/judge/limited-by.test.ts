import { describe, expect, test } from 'vitest';
import { measurementOf, serverOf, workerOf } from '../fixtures/run.ts';
import type { Limit, Measurement } from '../store/schema.ts';
import { isRankable, limitedBy } from './limited-by.ts';
import type { LimitedBy } from './summary-schema.ts';

const HOST = { count: 4, capacity: 4, host: 4, decidedBy: 'host' } as const;
const waiting: Limit = { kind: 'waiting', requestsPerSec: 1000, connections: 20, waitingMs: 20 };
const cpu: Limit = { kind: 'cpu', requestsPerSec: 1000, cpus: 1, kernelCpuMs: 1 };

/** Each makes the trial look held back by one thing; what is named first hides what is named after it. */
const causes = {
  machine: { machine: { cpus: 2, idle: 0.02, steal: 0 }, generator: { cpuMs: 600, utilisation: 0.6 } },
  generator: { generator: { cpuMs: 990, utilisation: 0.99 } },
  workers: { server: serverOf({ workers: [workerOf(500, 0.99), workerOf(500, 0.97)] }) },
  front: {
    server: serverOf({ front: { utilisation: 0.98, cpuMs: 980 }, workers: [workerOf(500, 0.6), workerOf(500, 0.5)] }),
  },
  connections: { requestsPerSec: 900, server: serverOf({ workers: [workerOf(900, 0.2)] }) },
} satisfies Record<string, Partial<Measurement>>;

const idle: Partial<Measurement> = {
  requestsPerSec: 100,
  server: serverOf({ front: { utilisation: 0.3, cpuMs: 300 }, workers: [workerOf(100, 0.2)] }),
};

describe('a recorded case of each', () => {
  test.each<[LimitedBy['by'], Partial<Measurement>, string]>([
    ['machine', causes.machine, 'no CPU was idle (2%), and the generator used 30% of them'],
    ['generator', causes.generator, 'the generator was busy 99% of the time'],
    ['workers', causes.workers, 'workers were busy 98% of the time'],
    ['front', causes.front, 'the front was busy 98% of the time'],
    ['connections', causes.connections, '90% of what 20 connections can do, and nothing was busy all the time'],
    ['unclear', idle, 'workers were busy 20% of the time, and nothing else was at its end'],
  ])('%s', (by, changes, evidence) => {
    expect(limitedBy(measurementOf({ ...idle, ...changes }), waiting, HOST)).toEqual({ by, evidence });
  });
});

describe('what makes the rest meaningless is named', () => {
  const busy = serverOf({ front: { utilisation: 1, cpuMs: 1000 }, workers: [workerOf(1000, 1)] });

  test.each<[LimitedBy['by'], Partial<Measurement>]>([
    ['machine', { ...causes.machine, generator: causes.generator.generator, server: busy }],
    ['generator', { ...causes.generator, server: busy }],
    ['workers', { server: busy }],
    ['front', { server: causes.front.server }],
  ])('%s', (by, changes) => {
    expect(limitedBy(measurementOf({ ...causes.connections, ...changes }), waiting, HOST).by).toBe(by);
  });
});

test('a machine without idle CPUs that neither server nor generator used', () => {
  const machine = { cpus: 2, idle: 0, steal: 0 };
  const found = limitedBy(measurementOf({ machine, generator: { cpuMs: 30, utilisation: 0.03 } }), null, HOST);
  expect(found).toEqual({ by: 'machine', evidence: 'no CPU was idle, and 49% of the CPU time went to others' });
});

describe('what does not hold a trial back', () => {
  test('a machine without idle CPUs, when the generator hardly uses any: the server has them all', () => {
    const machine = { cpus: 8, idle: 0, steal: 0 };
    const server = serverOf({ cpuMs: 7600 });
    const measurement = measurementOf({ machine, server, generator: { cpuMs: 300, utilisation: 0.3 } });
    expect(limitedBy(measurement, null, HOST).by).toBe('workers');
  });

  test('a machine that nobody could look at', () => {
    expect(limitedBy(measurementOf({ machine: null }), null, HOST).by).toBe('workers');
  });

  test('one busy worker among idle ones', () => {
    const server = serverOf({ workers: [workerOf(500, 1), workerOf(10, 0.1)] });
    expect(limitedBy(measurementOf({ server }), null, HOST).by).toBe('unclear');
  });

  test('few connections, when it is the CPU that sets the limit or when nothing does', () => {
    for (const limit of [cpu, null]) {
      expect(limitedBy(measurementOf({ ...idle, ...causes.connections }), limit, HOST).by).toBe('unclear');
    }
  });
});

test.each<[LimitedBy['by'], boolean]>([
  ['workers', true],
  ['front', true],
  ['connections', true],
  ['generator', false],
  ['machine', false],
  ['unclear', false],
])('%s may be ranked: %s', (by, rankable) => {
  expect(isRankable({ by, evidence: '' })).toBe(rankable);
});

describe('where this process may use two of the 64 CPUs of the host', () => {
  const quota = { count: 2, capacity: 2, host: 64, decidedBy: 'quota' } as const;
  const machine = { cpus: 64, idle: 0.95, steal: 0 };

  test('CPUs of the host that it may not use are not idle for it', () => {
    const measurement = measurementOf({
      machine,
      server: serverOf({ cpuMs: 1300 }),
      generator: { cpuMs: 650, utilisation: 0.7 },
    });
    const evidence = 'no CPU was idle (3%), and the generator used 33% of them';
    expect(limitedBy(measurement, null, quota)).toEqual({ by: 'machine', evidence });
  });

  test('a generator that hardly uses any holds nobody back', () => {
    const measurement = measurementOf({
      machine,
      server: serverOf({ cpuMs: 1950 }),
      generator: { cpuMs: 30, utilisation: 0.1 },
    });
    expect(limitedBy(measurement, null, quota).by).toBe('workers');
  });
});
