import { describe, expect, test } from 'vitest';
import { cellOf, noRates, shared } from '../../fixtures/run.ts';
import type { LatencyPlan } from '../../store/schema.ts';
import { defaultConnections, mostConnections } from '../connections.ts';
import { capacityWindowMs, cellsOf, limitOf, type PlannedModel, rateCell } from './cells.ts';

const models: readonly PlannedModel[] = [
  { name: 'single', style: 'alone' },
  { name: 'cluster', style: 'replicated' },
  { name: 'fork-pool', style: 'offload' },
];

describe('the matrix', () => {
  const ground = { workers: 4, connections: 64, placement: shared } as const;
  const cells = cellsOf(
    [
      { id: 'hello', ground },
      { id: 'cpu:ms=2', ground: { ...ground, connections: 16 } },
    ],
    models,
    ['keep-alive'],
  );

  test('has every scenario under every model, with distinct ids', () => {
    expect(cells.map(({ id }) => id)).toEqual([
      'hello/single',
      'hello/cluster',
      'hello/fork-pool',
      'cpu:ms=2/single',
      'cpu:ms=2/cluster',
      'cpu:ms=2/fork-pool',
    ]);
  });

  test('gives single one worker, and every other model the same budget', () => {
    const workers = cells.map((cell) => [cell.model, cell.workers]);
    expect(new Map(workers.map(([model, count]) => [model, count]))).toEqual(
      new Map([
        ['single', 1],
        ['cluster', 4],
        ['fork-pool', 4],
      ]),
    );
  });

  test('gives every model of a scenario the same connections', () => {
    const connections = cells.map((cell) => `${cell.scenario} ${cell.connections}`);
    expect(new Set(connections)).toEqual(new Set(['hello 64', 'cpu:ms=2 16']));
  });

  test('is of capacity load: rates follow from what that comes to', () => {
    expect(new Set(cells.map(({ load }) => load.kind))).toEqual(new Set(['capacity']));
  });

  test('has every model in every connection mode, and names the one that is not usual', () => {
    const scenarios = [
      { id: 'hello', ground },
      { id: 'io', ground },
    ];
    const both = cellsOf(scenarios, models.slice(0, 2), ['keep-alive', 'per-request']);
    expect(both.map(({ id, connectionMode }) => [id, connectionMode])).toEqual([
      ['hello/single', 'keep-alive'],
      ['hello/cluster', 'keep-alive'],
      ['hello/single/per-request', 'per-request'],
      ['hello/cluster/per-request', 'per-request'],
      ['io/single', 'keep-alive'],
      ['io/cluster', 'keep-alive'],
      ['io/single/per-request', 'per-request'],
      ['io/cluster/per-request', 'per-request'],
    ]);
    const [only] = cellsOf([{ id: 'hello', ground }], models, ['per-request']);
    expect(only?.id).toBe('hello/single/per-request');
  });
});

describe('a cell of an open loop', () => {
  const capacity = cellOf('cluster');
  const plan: LatencyPlan = { ...noRates, measureMs: 2500, mayStretch: true, mostConnections: 1234 };
  const windowMs = (requestsPerSec: number, purpose: Parameters<typeof rateCell>[3], changes = {}): number => {
    const { load } = rateCell(capacity, requestsPerSec, { ...plan, ...changes }, purpose);
    return load.kind === 'rate' ? load.measureMs : 0;
  };
  const rate = { kind: 'rate', rounds: 4 } as const;
  const slo = (samples: number) => ({ kind: 'slo', samples }) as const;

  test('is the one beside it in all but its load', () => {
    expect(rateCell(capacity, 250.5, plan, rate)).toEqual({
      ...capacity,
      id: 'hello/cluster@250.5',
      load: {
        kind: 'rate',
        requestsPerSec: 250.5,
        arrivals: 'poisson',
        mostConnections: 1234,
        countErrors: false,
        measureMs: 2500,
      },
    });
  });

  test('of a search is another one, because its window may be another', () => {
    expect(rateCell(capacity, 250, plan, slo(600)).id).toBe('hello/cluster@250/slo');
  });

  test.each<[number, number]>([
    [1000, 2500],
    [60, 2500],
    [50, 3000],
    [25, 6000],
    [1, 6000],
  ])('at %d requests/s has 600 of them in four rounds, as far as six seconds do: %d ms', (perSec, ms) => {
    expect(windowMs(perSec, rate)).toBe(ms);
  });

  test.each<[number, number, number]>([
    [1000, 600, 2500],
    [100, 600, 6000],
    [100, 60, 2500],
    [1000, 6000, 6000],
    [300, 6000, 20_000],
    [7, 600, 20_000],
    [7.7, 60, 7792],
  ])('of a search at %d requests/s has %d of them in each trial, within twenty seconds: %d ms', (perSec, n, ms) => {
    expect(windowMs(perSec, slo(n))).toBe(ms);
  });

  test('is as long as was asked for, when it was', () => {
    for (const measureMs of [100, 2500, 60_000]) {
      expect(windowMs(1, rate, { mayStretch: false, measureMs })).toBe(measureMs);
      expect(windowMs(1, slo(6000), { mayStretch: false, measureMs })).toBe(measureMs);
    }
  });

  test('never becomes shorter by stretching', () => {
    expect(windowMs(1, rate, { measureMs: 8000 })).toBe(8000);
    expect(windowMs(1, slo(600), { measureMs: 30_000 })).toBe(30_000);
  });
});

describe('connections that an open loop may open', () => {
  test('are many more than it begins with, so that a server which falls behind is not let off', () => {
    expect(mostConnections(64, null)).toBe(1000);
    expect(mostConnections(600, null)).toBe(1200);
  });

  test('are no more than loopback has ports', () => {
    expect(mostConnections(15_000, null)).toBe(20_000);
    expect(mostConnections(20_000, null)).toBe(20_000);
  });

  test('leave room for the files of a front, which may hold one more for each', () => {
    expect(mostConnections(64, 1024)).toBe(480);
    expect(mostConnections(64, 1_048_576)).toBe(1000);
  });

  test('are never fewer than it begins with', () => {
    expect(mostConnections(960, 1024)).toBe(960);
    expect(mostConnections(64, 128)).toBe(64);
  });
});

test('the default connections can be shared evenly and keep every worker busy', () => {
  for (let workers = 1; workers <= 1024; workers++) {
    const connections = defaultConnections(workers, null);
    expect(connections % workers, `${workers} workers`).toBe(0);
    expect(connections).toBeGreaterThanOrEqual(Math.max(64, 4 * workers));
    expect(connections).toBeLessThan(Math.max(64, 4 * workers) + workers);
  }
});

test('requests that take long get fewer, so that readings and drains do not wait behind them', () => {
  expect([0.5, 2.5, 10, 100, 1000].map((ms) => defaultConnections(2, ms))).toEqual([64, 64, 16, 8, 8]);
  expect(defaultConnections(8, 10)).toBe(64);
  expect(defaultConnections(3, 10) % 3).toBe(0);
});

describe('the physical limit', () => {
  test('of CPU-bound work is CPUs over the CPU time of the kernel', () => {
    expect(limitOf({ kernelCpuMs: 10, waitingMs: null }, 2, 64)).toEqual({
      kind: 'cpu',
      requestsPerSec: 200,
      cpus: 2,
      kernelCpuMs: 10,
    });
  });

  test('counts the fraction of a CPU that a quota leaves', () => {
    expect(limitOf({ kernelCpuMs: 10, waitingMs: null }, 1.5, 64)?.requestsPerSec).toBe(150);
  });

  test('of waiting is connections over the time that each request waits', () => {
    expect(limitOf({ kernelCpuMs: null, waitingMs: 20 }, 2, 64)).toEqual({
      kind: 'waiting',
      requestsPerSec: 3200,
      connections: 64,
      waitingMs: 20,
    });
  });

  test('is not made up where nothing is known', () => {
    expect(limitOf({ kernelCpuMs: null, waitingMs: null }, 2, 64)).toBeNull();
  });
});

test('the window of capacity is long enough for long requests, unless it was asked for', () => {
  const sized = (kernelCpuMs: number) => ({ limit: null, calibration: { kernelCpuMs, samples: 1, cpus: 1 } });
  const quick = { measureMs: 500, latency: { mayStretch: true } };
  expect(capacityWindowMs({ limit: null, calibration: null }, quick)).toBe(500);
  expect(capacityWindowMs(sized(10), quick)).toBe(500);
  expect(capacityWindowMs(sized(40), quick)).toBe(1200);
  expect(capacityWindowMs(sized(1000), quick)).toBe(3000);
  expect(capacityWindowMs(sized(1000), { ...quick, measureMs: 5000 })).toBe(5000);
  expect(capacityWindowMs(sized(1000), { measureMs: 200, latency: { mayStretch: false } })).toBe(200);
});

test('the window for long waiting holds whole waves of replies', () => {
  const waiting = (waitingMs: number, mayStretch = true) =>
    capacityWindowMs(
      { calibration: null, limit: { kind: 'waiting', requestsPerSec: 1, connections: 1, waitingMs } },
      { measureMs: 5000, latency: { mayStretch } },
    );
  expect([20, 1600, 2000, 12_000, 25_000, 90_000].map((ms) => waiting(ms))).toEqual([
    5000, 5000, 6000, 36_000, 50_000, 90_000,
  ]);
  expect(waiting(12_000, false)).toBe(5000);
});
