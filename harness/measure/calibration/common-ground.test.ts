import { describe, expect, test } from 'vitest';
import { generatorOf, measurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import { environment, okTrial, planOf } from '../../fixtures/run.ts';
import type { Measurement, Placement } from '../../store/schema.ts';
import type { TrialRequest } from '../trial/request.ts';
import { commonGround, type GroundSettings } from './common-ground.ts';

const { signal } = new AbortController();
const shared: Placement = { kind: 'shared', generators: 1, why: 'few-cpus' };
const pinned = { kind: 'isolated', generators: 1, why: 'automatic', serverCpus: [0], generatorCpus: [1] } as const;

/** A machine of two CPUs on which a trial of one process measures this, and what was asked of it. */
async function settled(
  measure: (request: TrialRequest) => Measurement,
  changes: Partial<Omit<GroundSettings, 'options'>> & { readonly options?: Partial<GroundSettings['options']> } = {},
  severalWorkers = false,
) {
  const asked: TrialRequest[] = [];
  const runTrial = async (request: TrialRequest) => {
    asked.push(request);
    return okTrial(request.cell, 0, measure(request));
  };
  const ground = await commonGround(
    runTrial,
    {
      environment,
      plan: planOf(),
      loaded: {
        ...{ id: 'hello', name: 'hello', url: 'file:///hello.js', source: { kind: 'built-in' } },
        ...{ summary: '', inWords: null, specs: {}, parameters: {}, classes: [], kernel: null, waitingMs: null },
        ...{ parity: 'bytes' as const, folder: null, expect: null, given: null, openLoop: false, hasSetUp: false },
        ...{ severalWorkers, tls: false, shares: false },
      },
      expected: new Map(),
      model: { name: 'single', style: 'alone' },
      ...changes,
      options: { workers: 2, connections: null, placement: shared, pinned, ...changes.options },
    },
    signal,
  );
  return { ground, asked };
}

/** CPU time of the server and of the generator in a second. */
const costing = (serverMs: number, generatorMs: number) =>
  measurementOf({
    server: serverOf({ cpuMs: serverMs, workers: [workerOf(1000, 0.99, { cpuMs: serverMs, queuedMs: 0 })] }),
    generators: generatorOf(generatorMs, 0.5),
  });

/** Requests that wait for 20 ms and take a tenth of a millisecond of one CPU, over so many connections. */
function waiting({ cell }: TrialRequest): Measurement {
  const requestsPerSec = Math.min(10_000, cell.connections * 50);
  const cpuMs = requestsPerSec / 10;
  const worker = workerOf(requestsPerSec, cpuMs / 1000, { cpuMs, queuedMs: 0, waiting: requestsPerSec / 50 });
  return measurementOf({
    requestsPerSec,
    server: serverOf({ cpuMs, workers: [worker] }),
    generators: generatorOf(10, 0.1),
  });
}

describe('placement', () => {
  test('a server that would share its CPUs with as much load generation gets CPUs of its own, and a worker for each', async () => {
    const { ground } = await settled(() => costing(900, 800));
    expect(ground).toEqual({ workers: 1, connections: 64, placement: pinned });
  });

  test('where load generation takes next to nothing CPUs are shared', async () => {
    const { ground } = await settled(() => costing(950, 10));
    expect(ground).toEqual({ workers: 2, connections: 64, placement: shared });
  });

  test('what several workers do to each other is measured with several', async () => {
    const { ground } = await settled(() => costing(900, 800), {}, true);
    expect(ground).toEqual({ workers: 2, connections: 64, placement: shared });
  });

  test('stays as it was asked for', async () => {
    const { ground } = await settled(() => costing(900, 800), { options: { pinned: null } });
    expect(ground.placement).toEqual(shared);
  });
});

describe('connections', () => {
  test('of requests that wait are as many as keep the server busy', async () => {
    const { ground } = await settled(waiting, { options: { pinned: null, workers: 1 } });
    expect(ground.connections).toBeGreaterThanOrEqual(400);
    expect(ground.connections).toBeLessThan(1000);
  });

  test('are as many more as there are workers', async () => {
    const one = await settled(waiting, { options: { pinned: null, workers: 1 } });
    const three = await settled(waiting, { options: { pinned: null, workers: 3 } });
    expect(three.ground.connections).toBe(3 * one.ground.connections);
  });

  test('are not raised for what does not get busy by more of them', async () => {
    const stuck = (request: TrialRequest) => ({ ...waiting(request), requestsPerSec: 100 });
    const { ground, asked } = await settled(stuck, { options: { pinned: null, workers: 1 } });
    expect(ground.connections).toBe(64);
    expect(asked).toHaveLength(2);
  });

  test('and placement that were asked for, and work that takes long, need no trial', async () => {
    const given = await settled(waiting, { options: { pinned: null, connections: 7 } });
    expect(given).toMatchObject({ ground: { connections: 7 }, asked: [] });
    const calibration = { kernelCpuMs: 10, samples: 10, cpus: 2 };
    const long = await settled(waiting, { plan: planOf({ calibration }) });
    expect(long).toMatchObject({ ground: { connections: 16, workers: 2 }, asked: [] });
  });
});
