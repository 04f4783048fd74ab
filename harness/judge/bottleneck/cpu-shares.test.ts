import { describe, expect, test } from 'vitest';
import { generatorOf, measurementOf, serverOf } from '../../fixtures/measurement.ts';
import { isolated, shared } from '../../fixtures/run.ts';
import type { Environment, Measurement, Placement } from '../../store/schema.ts';
import { cpuShares } from './cpu-shares.ts';

const HOST = { count: 4, capacity: 4, host: 4, decidedBy: 'host' } as const;
const used: Partial<Measurement> = {
  server: serverOf({ cpuMs: 1600 }),
  generators: [...generatorOf(300, 0.3), ...generatorOf(100, 0.1)],
  machine: { cpus: 4, idle: 0.3, steal: 0.01 },
};

function sharesOf(
  changes: Partial<Measurement>,
  placement: Placement = shared,
  available: Environment['availableCpus'] = HOST,
) {
  return cpuShares(measurementOf({ ...used, ...changes }), { available, placement });
}

test('of all CPUs: what is idle, what load generation used, and what nobody accounts for', () => {
  expect(sharesOf({})).toEqual({ idle: 0.3, generators: 0.1, others: expect.closeTo(0.2) });
});

test('of a longer window', () => {
  expect(sharesOf({ windowMs: 2000 })).toEqual({ idle: 0.3, generators: 0.05, others: expect.closeTo(0.45) });
});

test('services are load generation: a real one would be elsewhere', () => {
  const services = [
    { cpuMs: 300, busiestThread: 0.2 },
    { cpuMs: 100, busiestThread: 0.1 },
  ];
  expect(sharesOf({ services })).toEqual({ idle: 0.3, generators: 0.2, others: expect.closeTo(0.1) });
});

test('services of which nothing is known are others', () => {
  expect(sharesOf({ services: null })).toEqual(sharesOf({ services: [] }));
});

test('more accounted for than there was is nothing for others, not less than nothing', () => {
  expect(sharesOf({ server: serverOf({ cpuMs: 3000 }) }).others).toBe(0);
});

test('where nothing tells of the machine, what server and generators did not use was idle', () => {
  expect(sharesOf({ machine: null })).toEqual({ idle: expect.closeTo(0.5), generators: 0.1, others: null });
});

describe('with CPUs of their own for the generators', () => {
  test('the shares are those of the CPUs of the server', () => {
    const serverCpus = { cpus: 2, idle: 0.1, steal: 0 };
    expect(sharesOf({ serverCpus }, isolated)).toEqual({ idle: 0.1, generators: 0, others: expect.closeTo(0.1) });
  });

  test('those of all CPUs are no replacement', () => {
    const found = sharesOf({ serverCpus: null }, isolated);
    expect(found).toEqual({ idle: expect.closeTo(1 - 1600 / 3000), generators: 0, others: null });
  });

  test('a quota holds them all together', () => {
    const quota = { count: 4, capacity: 4, host: 8, decidedBy: 'quota' } as const;
    const found = sharesOf({ server: serverOf({ cpuMs: 2760 }), generators: generatorOf(940, 0.9) }, isolated, quota);
    expect(found).toEqual({ idle: expect.closeTo(0.075), generators: 0.235, others: null });
  });
});

describe('under a quota of two of the 64 CPUs of the host', () => {
  const quota = { count: 2, capacity: 2, host: 64, decidedBy: 'quota' } as const;
  const machine = { cpus: 64, idle: 0.95, steal: 0 };

  test('CPUs of the host that it may not use are not idle for it', () => {
    const found = sharesOf({ machine, generators: generatorOf(300, 0.3) }, shared, quota);
    expect(found).toEqual({ idle: expect.closeTo(0.05), generators: 0.15, others: null });
  });

  test('also where the host tells nothing', () => {
    expect(sharesOf({ machine: null }, shared, quota)).toEqual({ idle: 0, generators: 0.2, others: null });
  });

  test('more than the quota is none idle, not less than none', () => {
    expect(sharesOf({ machine, server: serverOf({ cpuMs: 2100 }) }, shared, quota).idle).toBe(0);
  });

  test('the fraction of a quota counts', () => {
    const half = { ...quota, count: 2, capacity: 2.5 };
    expect(sharesOf({ machine }, shared, half)).toEqual({ idle: expect.closeTo(0.2), generators: 0.16, others: null });
  });
});
