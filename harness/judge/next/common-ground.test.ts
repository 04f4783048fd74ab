import { describe, expect, test } from 'vitest';
import { generatorOf, loopOf, measurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import { connectionsToFill, loadMatters, mostlyWaits } from './common-ground.ts';

test('load generation matters from a tenth of the CPU time on, services of the scenario included', () => {
  const costing = (serverMs: number, generatorMs: number, serviceMs: number) =>
    measurementOf({
      server: serverOf({ cpuMs: serverMs }),
      generators: generatorOf(generatorMs, 0.5),
      services: [{ cpuMs: serviceMs, busiestThread: 0.1 }],
    });
  expect(loadMatters(costing(950, 40, 0))).toBe(false);
  expect(loadMatters(costing(850, 120, 0))).toBe(true);
  expect(loadMatters(costing(850, 40, 80))).toBe(true);
});

test('a scenario waits when most of its requests under way are waiting in the handler', () => {
  const waiting = (count: number) =>
    measurementOf({ server: serverOf({ workers: [workerOf(1000, 0.3, { waiting: count })] }) });
  expect(mostlyWaits(waiting(60), 64)).toBe(true);
  expect(mostlyWaits(waiting(20), 64)).toBe(false);
});

describe('connections that fill a server', () => {
  const busy = (
    cpuMs: number | null,
    utilisation: number,
    front: number | null = null,
    queuedMs: number | null = null,
  ) =>
    measurementOf({
      server: serverOf({
        workers: [workerOf(1000, utilisation, { cpuMs, queuedMs })],
        front: front === null ? null : loopOf(front),
      }),
    });

  test('are as many times more as it was idle, and some to spare', () => {
    expect(connectionsToFill(busy(300, 0.35), 64)).toBe(320);
  });

  test('go by the loop where threads cannot be told apart, and by the front when that is the busier', () => {
    expect(connectionsToFill(busy(null, 0.5), 64)).toBe(192);
    expect(connectionsToFill(busy(200, 0.2, 0.6), 64)).toBe(160);
  });

  test('need not be looked for when it was busy, or would have been with a CPU', () => {
    expect(connectionsToFill(busy(960, 0.99), 64)).toBeNull();
    expect(connectionsToFill(busy(500, 0.99, null, 460), 64)).toBeNull();
  });

  test('are a number also when nothing was done', () => {
    expect(Number.isFinite(connectionsToFill(busy(0, 0), 64) ?? 0)).toBe(true);
  });
});
