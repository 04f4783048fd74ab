import { expect, test } from 'vitest';
import { measurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import type { Measurement } from '../../store/schema.ts';
import { type Effort, effortsOf } from './efforts.ts';

function effortOf(...trials: readonly Measurement[]): Effort {
  const [effort] = effortsOf('cpu/single', trials);
  if (effort === undefined) throw new Error('no effort');
  return effort;
}

test('CPU time of program and kernel add up to that of a request', () => {
  const server = serverOf({ cpuMs: 1000, userMs: 750, systemMs: 250, cpuMsPerRequest: 0.8 });
  expect(effortOf(measurementOf({ server })).cpuMs).toEqual({
    user: expect.closeTo(0.6),
    system: expect.closeTo(0.2),
  });
});

test('a server that took no CPU time took none of either kind', () => {
  const server = serverOf({ cpuMs: 0, userMs: 0, systemMs: 0, cpuMsPerRequest: 0 });
  expect(effortOf(measurementOf({ server })).cpuMs).toEqual({ user: 0, system: 0 });
});

test('waiting is that of all loops together, and queued that of the loop that waited longest', () => {
  const worker = (queuedMs: number | null, waiting: number) => ({ ...workerOf(500, 0.5), queuedMs, waiting });
  const server = serverOf({ front: worker(20, 1), workers: [worker(100, 3), worker(null, 4)] });
  expect(effortOf(measurementOf({ server, windowMs: 1000 }))).toMatchObject({ queued: 0.1, waiting: 8 });
  const untold = serverOf({ workers: [worker(null, 0)] });
  expect(effortOf(measurementOf({ server: untold })).queued).toBeNull();
});

test('of several generators the busiest counts, and their connections together', () => {
  const generator = { connections: 32, requests: 500, cpuMs: 300 };
  const generators = [0.3, 0.7].map((utilisation) => ({ ...generator, utilisation }));
  expect(effortOf(measurementOf({ generators })).generators).toEqual({ count: 2, connections: 64, busiest: 0.7 });
});

test('medians over trials, and requests of all of them', () => {
  const trials = [10, 30, 500].map((harnessCpuMs) => measurementOf({ harnessCpuMs, windowMs: 1000, requests: 40 }));
  expect(effortOf(...trials)).toMatchObject({ requests: 120, harnessCpus: 0.03 });
});

test('what the system does not tell is null', () => {
  expect(effortOf(measurementOf({ machine: null, services: null }))).toMatchObject({ idle: null, services: null });
  expect(effortOf(measurementOf({ services: [] })).services).toBeNull();
});

test('without a valid trial there is none', () => {
  expect(effortsOf('cpu/single', [])).toEqual([]);
});
