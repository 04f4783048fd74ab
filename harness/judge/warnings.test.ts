import { describe, expect, test } from 'vitest';
import {
  cellOf,
  complete,
  environment,
  failedTrial,
  manifestOf,
  measurementOf,
  okTrial,
  planOf,
} from '../fixtures/run.ts';
import type { Cell, Manifest, Measurement, Trial } from '../store/schema.ts';
import { summarise } from './summary.ts';
import type { Warning } from './summary-schema.ts';

const single = cellOf('single');
const cluster = cellOf('cluster');

function warningsOf(changes: Partial<Manifest>, trials: readonly Trial[] = []): readonly Warning[] {
  return summarise({ manifest: manifestOf(changes), trials, end: complete }).warnings;
}
const trialsOf = (cell: Cell, changes: Partial<Measurement>): Trial[] =>
  [0, 1, 2].map((round) => okTrial(cell, round, measurementOf(changes)));

test('a run without trouble has no warnings', () => {
  expect(warningsOf({}, [...trialsOf(single, {}), ...trialsOf(cluster, {})])).toEqual([]);
});

describe('more workers than CPUs', () => {
  const cells = [single, cellOf('cluster', { workers: 8 })];

  test('are named with the number that fits', () => {
    expect(warningsOf({ cells })).toEqual([
      {
        code: 'oversubscribed',
        message: '8 workers share 4 CPUs',
        nextStep: 'leave out --workers, or give --workers 4',
      },
    ]);
  });

  test('and why there are no more CPUs', () => {
    const availableCpus = { count: 1, capacity: 1.5, host: 4, decidedBy: 'quota' as const };
    const [warning] = warningsOf({ cells, environment: { ...environment, availableCpus } });
    expect(warning?.message).toBe('8 workers share 1 CPU (by quota)');
  });

  test('as many are fine', () => {
    expect(warningsOf({ cells: [cellOf('cluster', { workers: 4 })] })).toEqual([]);
  });
});

describe('connections that the workers cannot share evenly', () => {
  test('with a number that they can', () => {
    expect(warningsOf({ cells: [cellOf('cluster', { workers: 3, connections: 64 })] })).toEqual([
      {
        code: 'uneven-connections',
        message: '64 connections cannot be shared evenly by 3 workers, and cluster keeps each with one worker',
        nextStep: 'give --connections 66',
      },
    ]);
  });

  test('matter only to replicated models', () => {
    expect(warningsOf({ cells: [cellOf('fork-pool', { workers: 3, connections: 64 })] })).toEqual([]);
  });
});

test('a cell that is not ranked says what held it back', () => {
  const trials = trialsOf(cluster, { generator: { cpuMs: 990, utilisation: 0.99 } });
  expect(warningsOf({}, [...trialsOf(single, {}), ...trials])).toEqual([
    expect.objectContaining({
      code: 'not-ranked',
      message: 'hello: cluster held back by something other than the server: the generator was busy 99% of the time',
    }),
  ]);
});

test('figures above the physical limit are doubted, those just at it are not', () => {
  const limit = { kind: 'cpu' as const, requestsPerSec: 1000, cpus: 1, kernelCpuMs: 1 };
  const scenarios = [planOf({ limit })];
  const at = (requestsPerSec: number) => warningsOf({ scenarios }, trialsOf(single, { requestsPerSec }));
  expect(at(1020)).toEqual([]);
  expect(at(1100)).toEqual([
    expect.objectContaining({
      code: 'over-limit',
      message: 'hello: single above the physical limit, so the machine was slower during the calibration',
    }),
  ]);
});

test('one unsteady trial is enough to say so', () => {
  const [first, ...rest] = trialsOf(single, {});
  const unsteady = okTrial(single, 3, measurementOf({ steady: false }));
  expect(warningsOf({}, [...(first === undefined ? [] : [first]), unsteady, ...rest])).toEqual([
    expect.objectContaining({
      code: 'unsteady',
      message: 'the warm-up ended at its limit, with throughput not yet steady or code not yet compiled: hello/single',
    }),
  ]);
});

test.each([
  [1, '1 trial failed and are not in the figures: hello/cluster'],
  [2, '2 trials failed and are not in the figures: hello/cluster'],
])('%d failed', (count, message) => {
  const failed = Array.from({ length: count }, (_, round) => failedTrial(cluster, round));
  expect(warningsOf({}, [...trialsOf(single, {}), ...failed])).toEqual([
    expect.objectContaining({ code: 'failed-trials', message }),
  ]);
});
