import { describe, expect, test } from 'vitest';
import { cellsOf, defaultConnections, limitOf, type PlannedModel } from './cells.ts';

const models: readonly PlannedModel[] = [
  { name: 'single', style: 'alone' },
  { name: 'cluster', style: 'replicated' },
  { name: 'fork-pool', style: 'offload' },
];

describe('the matrix', () => {
  const cells = cellsOf([{ id: 'hello' }, { id: 'cpu:ms=2' }], models, 4, 64);

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

  test('gives every model the same connections', () => {
    expect(new Set(cells.map(({ connections }) => connections))).toEqual(new Set([64]));
  });
});

test('the default connections can be shared evenly and keep every worker busy', () => {
  for (let workers = 1; workers <= 1024; workers++) {
    const connections = defaultConnections(workers);
    expect(connections % workers, `${workers} workers`).toBe(0);
    expect(connections).toBeGreaterThanOrEqual(Math.max(64, 4 * workers));
    expect(connections).toBeLessThan(Math.max(64, 4 * workers) + workers);
  }
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
