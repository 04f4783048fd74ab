import { describe, expect, test } from 'vitest';
import { generatorOf, loopOf, measurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import { isolated, shared } from '../../fixtures/run.ts';
import type { Environment, Measurement, Placement } from '../../store/schema.ts';
import { cpuShares, impliedCapacity } from './cpus.ts';

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

type CpuMs = number | null;

/** 1,000 requests in a second that took 1.2 ms of CPU time each; what is not with a thread is with its helpers. */
function serverWith(workers: readonly CpuMs[], front?: CpuMs): Measurement['server'] {
  return serverOf({
    cpuMs: 1200,
    cpuMsPerRequest: 1.2,
    front: front === undefined ? null : loopOf(0.5, { cpuMs: front }),
    workers: workers.map((cpuMs, id) => workerOf(1000 / workers.length, 0.5, { id, cpuMs })),
  });
}
const capacity = (server: Measurement['server'], cpus: number, windowMs = 1000) =>
  impliedCapacity({ server, windowMs }, cpus);
const bound = (boundBy: string, requestsPerSec: number) => ({
  boundBy,
  requestsPerSec: expect.closeTo(requestsPerSec, 3),
});

describe('the slowest station decides', () => {
  test('the CPUs, where threads have more than them', () => {
    expect(capacity(serverWith([450, 450], 100), 2)).toEqual(bound('cpus', 2000 / 1.2));
  });

  test('the fraction of a CPU that a quota leaves counts', () => {
    expect(capacity(serverWith([450, 450], 100), 1.5)).toEqual(bound('cpus', 1500 / 1.2));
  });

  test('the front, which is one thread however many CPUs there are', () => {
    expect(capacity(serverWith([200, 200], 750), 8)).toEqual(bound('front', 1000 / 0.75));
  });

  test('the workers, which are as many threads as there are of them', () => {
    expect(capacity(serverWith([450, 450], 100), 8)).toEqual(bound('workers', 2000 / 0.9));
  });

  test('the workers together: one that did less is still there to do more', () => {
    expect(capacity(serverWith([700, 200]), 8)).toEqual(bound('workers', 2000 / 0.9));
  });
});

describe('a single process', () => {
  test('is one thread, beside which helpers may use other CPUs', () => {
    expect(capacity(serverWith([900]), 4)).toEqual(bound('workers', 1000 / 0.9));
  });

  test('shares one CPU with its helpers where there is one', () => {
    expect(capacity(serverWith([900]), 1)).toEqual(bound('cpus', 1000 / 1.2));
  });

  test('is taken for one thread where threads cannot be told apart', () => {
    expect(capacity(serverWith([null]), 4)).toEqual(bound('workers', 1000 / 1.2));
  });
});

describe('a server whose inside is not known', () => {
  const command = (busiestThread: number | null) => ({ ...serverWith([1]), workers: null, busiestThread });

  test('can do no more than its busiest thread, which may be the only one that serves', () => {
    expect(capacity(command(0.9), 4)).toEqual(bound('workers', 1000 / 0.9));
    expect(capacity(command(0.4), 2)).toEqual(bound('cpus', 2000 / 1.2));
  });

  test('is bounded by the CPUs alone where threads are not told', () => {
    expect(capacity(command(null), 4)).toEqual(bound('cpus', 4000 / 1.2));
  });
});

describe('where threads cannot be told apart', () => {
  test.each<[string, readonly CpuMs[], CpuMs | undefined]>([
    ['several processes', [null, null], undefined],
    ['some of several', [450, null], undefined],
    ['a pool', [null, null], null],
    ['a pool of one', [null], null],
  ])('%s are bounded by the CPUs alone', (_, workers, front) => {
    expect(capacity(serverWith(workers, front), 8)).toEqual(bound('cpus', 8000 / 1.2));
  });

  test('a front that is told apart still counts', () => {
    expect(capacity(serverWith([null, null], 600), 8)).toEqual(bound('front', 1000 / 0.6));
  });
});

test('times that were scaled to the window share out the exact time per request', () => {
  // Read twice as late: times are half of what was used, requests are all that were answered.
  const late = { ...serverWith([450]), cpuMs: 600 };
  expect(capacity(late, 8)).toEqual(bound('workers', 1000 / 0.9));
});

test('without any CPU time, what was served is all that is known', () => {
  const none = { ...serverWith([0, 0], 0), cpuMs: 0, cpuMsPerRequest: 0 };
  expect(capacity(none, 4, 2000)).toEqual({ boundBy: 'cpus', requestsPerSec: 500 });
});

test('what the front answered itself was served too', () => {
  const { workers } = serverWith([0, 0], 0);
  const none = serverOf({ cpuMs: 0, cpuMsPerRequest: 0, front: loopOf(0.5, { cpuMs: 0, requests: 3000 }), workers });
  expect(capacity(none, 4, 2000)).toEqual({ boundBy: 'cpus', requestsPerSec: 2000 });
});

test('a front that used nothing is no bound', () => {
  expect(capacity(serverWith([450, 450], 0), 2)).toEqual(bound('cpus', 2000 / 1.2));
});
