import { describe, expect, test } from 'vitest';
import { loopOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import type { Measurement } from '../../store/schema.ts';
import { impliedCapacity } from './implied-capacity.ts';

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

  test('is taken for one thread where threads are not told apart', () => {
    expect(capacity(serverWith([null]), 4)).toEqual(bound('workers', 1000 / 1.2));
  });
});

describe('where threads are not told apart', () => {
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
