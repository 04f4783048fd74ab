import { describe, expect, test } from 'vitest';
import {
  histogramOf,
  measurementOf,
  openMeasurementOf,
  repeated,
  serverOf,
  workerOf,
} from '../../fixtures/measurement.ts';
import { cellOf, environment, isolated, planOf, rateCellOf, shared } from '../../fixtures/run.ts';
import { randomStream } from '../../stats/random.ts';
import type { Cell, Limit, Measurement, ScenarioPlan } from '../../store/schema.ts';
import { type ClosedLoop, simulated } from '../bottleneck/fixtures/closed-loop.ts';
import { longestOf } from './classes.ts';
import { type Measured, objection } from './objection.ts';

/** As many trials as a seed gives: of long and short requests, in one class or two, few connections or many. */
function scenarioOf(seed: number): ClosedLoop {
  const random = randomStream(seed);
  const between = (low: number, high: number): number => low * (high / low) ** random();
  const oneOf = <T>(first: T, ...others: readonly T[]): T =>
    [first, ...others][Math.floor(random() * (others.length + 1))] ?? first;
  const kind = oneOf('computes', 'waits', 'mixed', 'both');
  const kernelMs = between(0.2, 60);
  const waitingMs = between(5, 1000);
  const model = oneOf('single', 'cluster', 'worker-threads');
  const cpus = oneOf(1, 2, 4);
  const classes: Record<typeof kind, ClosedLoop['classes']> = {
    computes: [{ weight: 1, waitingMs: 0, kernelMs }],
    waits: [{ weight: 1, waitingMs, kernelMs: 0 }],
    mixed: [
      { weight: oneOf(1, 9, 20), waitingMs: 0, kernelMs: 0 },
      { weight: 1, waitingMs: 0, kernelMs },
    ],
    both: [
      { weight: oneOf(1, 9, 50), waitingMs: oneOf(0, 2, 20), kernelMs: 0 },
      { weight: 1, waitingMs, kernelMs: 0 },
    ],
  };
  return {
    model,
    cpus,
    workers: model === 'single' ? 1 : cpus,
    connections: oneOf(1, 2, 16, 64),
    classes: classes[kind],
    windowMs: oneOf(500, 1000, 3000),
    frozen: null,
    seed: seed + 1,
  };
}

const loops = Array.from({ length: 120 }, (_, i) => scenarioOf(1000 + i));
/** What each of them measures when nothing is wrong, simulated once. */
const undisturbed = loops.map((loop) => ({ loop, measured: simulated(loop) }));
const limitOf = ({ plan, cell, environment: { availableCpus } }: Measured): number => {
  const { limit } = plan;
  if (limit?.kind === 'cpu') return (Math.min(cell.workers ?? 1, availableCpus.capacity) * 1000) / limit.kernelCpuMs;
  return limit?.kind === 'waiting' ? limit.requestsPerSec : Number.POSITIVE_INFINITY;
};

describe('any scenario', () => {
  test('may stand when nothing was wrong with its trial', () => {
    const accused = undisturbed.flatMap(({ loop, measured }) => {
      const found = objection(measured);
      return found === null ? [] : [{ found, loop }];
    });
    expect(accused).toEqual([]);
  });

  test('may not stand with a figure above what is possible', () => {
    const impossible = undisturbed.flatMap(({ measured }): Measured[] => {
      const limit = limitOf(measured);
      // Where there are few requests in a window, many more of them are no more than its edges.
      if (limit * measured.measurement.windowMs < 100_000 * ((measured.cell.workers ?? 1) + 1)) return [];
      const turn = measured.cell.connections * longestOf(measured.plan);
      const requestsPerSec = 3 * limit + (1000 * turn) / measured.measurement.windowMs;
      return [{ ...measured, measurement: { ...measured.measurement, requestsPerSec } }];
    });
    expect(impossible.length).toBeGreaterThan(30);
    const missed = impossible.filter((one) => objection(one)?.reason.kind !== 'above-limit');
    expect(missed).toEqual([]);
  });

  test('may not stand when its server stood still for a part of the window', () => {
    const frozen = undisturbed.slice(0, 80).flatMap(({ loop, measured }) => {
      const ownMs = Math.max(...loop.classes.map(({ waitingMs, kernelMs }) => waitingMs + kernelMs));
      // Requests are not much longer than the silence, and each class has been seen.
      if (ownMs > 60 || measured.measurement.requests * 6000 < 200 * loop.windowMs) return [];
      return [{ ...loop, windowMs: 6000, frozen: { atMs: 1500, ms: 3000 } }];
    });
    expect(frozen.length).toBeGreaterThan(30);
    const missed = frozen.filter((loop) => objection(simulated(loop))?.reason.kind !== 'standstill');
    expect(missed).toEqual([]);
  });
});

const oneKernel = { kernelCpuMs: 10, samples: 20, cpus: 2 };
const cpuLimit: Limit = { kind: 'cpu', requestsPerSec: 200, cpus: 2, kernelCpuMs: 10 };
const sized = planOf({ calibration: oneKernel, limit: cpuLimit });
const onTwo = { ...environment, availableCpus: { count: 2, capacity: 2, host: 2, decidedBy: 'host' } } as const;

interface Changes {
  readonly cell?: Cell;
  readonly plan?: ScenarioPlan;
  readonly isDuet?: boolean;
  readonly frontAnswers?: boolean;
  readonly environment?: Measured['environment'];
}

/** What is said of a measurement, by default of one worker beside a generator on two CPUs. */
function saidOf(measurement: Measurement, changes: Changes = {}) {
  const usual = { cell: cellOf('single'), plan: sized, environment: onTwo, isDuet: false, frontAnswers: false };
  return objection({ measurement, ...usual, ...changes });
}

/** So many requests in a second, which took so much CPU time each, of so many workers. */
function served(
  requests: number,
  cpuMsPerRequest: number,
  workers = 1,
  changes: Partial<Measurement> = {},
): Measurement {
  const cpuMs = requests * cpuMsPerRequest;
  const each = { cpuMs: cpuMs / workers, queuedMs: 0 };
  return measurementOf({
    requests,
    requestsPerSec: requests,
    server: serverOf({
      cpuMs,
      cpuMsPerRequest,
      workers: Array.from({ length: workers }, (_, id) => workerOf(requests / workers, 0.99, { id, ...each })),
    }),
    machine: null,
    ...changes,
  });
}

describe('what is possible', () => {
  const threads = cellOf('worker-threads');

  test('one worker is held against one CPU, however many there are', () => {
    expect(saidOf(served(100, 9.99))).toBeNull();
    expect(saidOf(served(130, 10))).toEqual({
      atFault: 'trial',
      reason: {
        kind: 'above-limit',
        message: '130 requests/s are more than possible: at most 100/s, 1 CPU ÷ 10 ms for the work of a request',
      },
    });
    expect(saidOf(served(130, 10, 2), { cell: cellOf('cluster') })).toBeNull();
  });

  test('the libuv pool of a single process uses every CPU, and no more', () => {
    const limit: Limit = { kind: 'cpu', requestsPerSec: 200, cpus: 2, kernelCpuMs: 10, inPool: true };
    const onLoop = { cpuMs: 20, queuedMs: 0 };
    const inPool = (requests: number): Measurement => {
      const measurement = served(requests, 10);
      return { ...measurement, server: { ...measurement.server, workers: [workerOf(requests, 0.02, onLoop)] } };
    };
    expect(saidOf(inPool(199), { plan: planOf({ limit }) })).toBeNull();
    expect(saidOf(inPool(230), { plan: planOf({ limit }) })?.reason.message).toContain('at most 200/s, 2 CPUs ÷ 10 ms');
  });

  test('a front that answers is one more thread', () => {
    const three = { ...onTwo, availableCpus: { ...onTwo.availableCpus, count: 3, capacity: 3 } };
    const measurement = served(280, 10, 3);
    expect(saidOf(measurement, { cell: threads, environment: three })?.reason.kind).toBe('above-limit');
    expect(saidOf(measurement, { cell: threads, environment: three, frontAnswers: true })).toBeNull();
  });

  test('CPUs of the placement and fractions of a quota are what counts', () => {
    const pinned = { ...isolated, serverCpus: [0], generatorCpus: [1] } as const;
    const measurement = served(180, 10, 2);
    expect(saidOf(measurement, { cell: { ...threads, placement: shared } })).toBeNull();
    expect(saidOf(measurement, { cell: { ...threads, placement: pinned } })?.reason.message).toContain('at most 100/s');
    const half = { ...onTwo, availableCpus: { ...onTwo.availableCpus, capacity: 1.5, decidedBy: 'quota' } } as const;
    expect(saidOf(measurement, { cell: threads, environment: half })?.reason.message).toContain(
      'at most 150/s, 1.5 CPUs',
    );
  });

  test('the calibration is at fault where requests take less CPU time than their own kernel', () => {
    expect(saidOf(served(130, 7.6))).toMatchObject({ atFault: 'calibration', reason: { kind: 'above-limit' } });
  });

  test('few requests are held against what the edges of their window may hold', () => {
    const slow = planOf({
      calibration: { ...oneKernel, kernelCpuMs: 1000 },
      limit: { ...cpuLimit, kernelCpuMs: 1000 },
    });
    expect(saidOf(served(3, 330), { plan: slow })).toBeNull();
    expect(saidOf(served(5, 200), { plan: slow })?.reason.kind).toBe('above-limit');
  });

  test('its own CPU time bounds a scenario without a kernel', () => {
    expect(saidOf(served(2000, 0.5), { plan: planOf() })).toBeNull();
    const more = { ...served(2000, 0.5), requestsPerSec: 2400 };
    expect(saidOf(more, { plan: planOf() })?.reason.message).toContain('its own CPU time');
  });

  test('a pool of threads uses several CPUs, also where threads cannot be told apart', () => {
    const server = serverOf({ cpuMs: 1900, cpuMsPerRequest: 1.9, workers: [workerOf(1000, 0.2)] });
    expect(saidOf(measurementOf({ server, machine: null }), { plan: planOf() })).toBeNull();
  });

  test('connections ÷ waiting time, and one more turn', () => {
    const plan = planOf({ limit: { kind: 'waiting', requestsPerSec: 640, connections: 64, waitingMs: 100 } });
    expect(saidOf(served(700, 0.2), { plan })).toBeNull();
    expect(saidOf(served(900, 0.2), { plan })?.reason.message).toContain('64 connections ÷ 100 ms');
  });
});

describe('a server that stood still', () => {
  const waits = planOf({ limit: { kind: 'waiting', requestsPerSec: 2, connections: 2, waitingMs: 1000 } });

  test('two connections that wait for a second in step are not accused', () => {
    const measurement = measurementOf({
      windowMs: 2000,
      requests: 4,
      requestsPerSec: 2,
      longestGapMs: 1010,
      latencyHistogram: histogramOf(repeated(4, 1_005_000)),
      server: serverOf({ cpuMs: 4, cpuMsPerRequest: 1, workers: [workerOf(4, 0.01, { cpuMs: 4, queuedMs: 0 })] }),
      machine: null,
    });
    expect(saidOf(measurement, { plan: waits, cell: cellOf('single', { connections: 2 }) })).toBeNull();
    const longer = { ...measurement, windowMs: 10_000, longestGapMs: 6000 };
    expect(saidOf(longer, { plan: waits, cell: cellOf('single', { connections: 2 }) })?.reason.kind).toBe('standstill');
  });

  test('a thread that ran, or was ready to run, through the silence was not stopped', () => {
    const silent = (changes: Partial<NonNullable<Measurement['server']['workers']>[number]>) =>
      saidOf({ ...served(60, 10, 1, { longestGapMs: 400 }), server: stopped(changes) })?.reason.kind;
    expect(silent({ cpuMs: 600, queuedMs: 0 })).toBe('standstill');
    expect(silent({ cpuMs: 600, queuedMs: 390 })).toBeUndefined();
    expect(silent({ cpuMs: 990, queuedMs: 0 })).toBeUndefined();
    function stopped(worker: Partial<NonNullable<Measurement['server']['workers']>[number]>) {
      return serverOf({ cpuMs: 600, cpuMsPerRequest: 10, workers: [workerOf(60, 0.99, worker)] });
    }
  });

  test('a long request on the thread pool is work', () => {
    const server = serverOf({
      cpuMs: 990,
      cpuMsPerRequest: 10,
      workers: [workerOf(60, 0.02, { cpuMs: 20, queuedMs: 0 })],
    });
    expect(saidOf({ ...served(60, 10), server, longestGapMs: 400 }, { plan: planOf() })).toBeNull();
  });

  test('at a rate at which hardly any request is due, silence is of the schedule', () => {
    const idle = serverOf({ cpuMs: 10, cpuMsPerRequest: 1, workers: [workerOf(10, 0.01, { cpuMs: 10, queuedMs: 0 })] });
    const measurement = { ...openMeasurementOf(repeated(10, 2)), server: idle, longestGapMs: 900, machine: null };
    expect(saidOf(measurement, { plan: planOf(), cell: rateCellOf('single', 10) })).toBeNull();
    expect(saidOf(measurement, { plan: planOf(), cell: rateCellOf('single', 100) })?.reason.kind).toBe('standstill');
  });
});

describe('others', () => {
  /** Half of the two CPUs are idle, and the server used 20%. */
  const beside = (taken: number): Partial<Measurement> => ({
    generators: [{ connections: 64, requests: 20, cpuMs: 200, utilisation: 0.2 }],
    harnessCpuMs: 40,
    machine: { cpus: 2, idle: 0.5, steal: 0 },
    server: serverOf({ cpuMs: 800 - 40 - 2000 * taken, cpuMsPerRequest: 10, workers: [workerOf(60, 0.4)] }),
  });
  const trial = (taken: number): Measurement => served(60, 10, 1, beside(taken));

  test('take more than 5% of the CPUs beside the harness: a disturbed trial', () => {
    expect(saidOf(trial(0.045))).toBeNull();
    expect(saidOf(trial(0.06))).toEqual({
      atFault: 'trial',
      reason: { kind: 'disturbed', message: 'other programs took 6% of the CPUs' },
    });
  });

  test('cannot be told in a duet and under a quota', () => {
    expect(saidOf(trial(0.2), { isDuet: true })).toBeNull();
    const quota = { ...onTwo, availableCpus: { ...onTwo.availableCpus, decidedBy: 'quota' } } as const;
    expect(saidOf(trial(0.2), { environment: quota })).toBeNull();
  });

  test('send requests of their own: more than one in two hundred', () => {
    expect(saidOf({ ...served(1000, 0.99), strangers: 5 }, { plan: planOf() })).toBeNull();
    expect(saidOf({ ...served(1000, 0.99), strangers: 6 }, { plan: planOf() })?.reason.kind).toBe('strangers');
  });
});
