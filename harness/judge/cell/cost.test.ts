/** What a request cost, and what the probes saw: the part of a result that is not throughput. */
import { describe, expect, test } from 'vitest';
import { generatorOf, loopOf, measurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import { shared } from '../../fixtures/run.ts';
import type { Measurement } from '../../store/schema.ts';
import { resultOf } from './capacity.ts';

const available = { count: 4, capacity: 4, host: 4, decidedBy: 'host' } as const;
const summaryOf = (...measurements: readonly Partial<Measurement>[]) =>
  resultOf(
    measurements.map((changes, round) => ({ round, measurement: measurementOf(changes) })),
    { limit: null, connections: 64, available, placement: shared, isDuet: false },
  );

/** 1,000 requests, for which a pool used 2,000 ms of CPU time. */
const pool: Partial<Measurement> = {
  server: serverOf({
    cpuMs: 2000,
    front: loopOf(0.6, { cpuMs: 500, loopDelayP99Ms: 3 }),
    workers: [
      workerOf(600, 0.9, { cpuMs: 700, gcMs: 30, loopDelayP99Ms: 8 }),
      workerOf(400, 0.5, { id: 1, cpuMs: 600, gcMs: 10, loopDelayP99Ms: null }),
    ],
  }),
  generators: [...generatorOf(300, 0.3), ...generatorOf(100, 0.1)],
  services: [
    { cpuMs: 40, busiestThread: 0.1 },
    { cpuMs: 10, busiestThread: 0.1 },
  ],
};

describe('CPU time per request by role', () => {
  test('adds up to the CPU time of the server, and tells load generation apart', () => {
    const cpu = { front: 0.5, workers: 1.3, helpers: 0.2, generators: 0.4, services: 0.05 };
    expect(summaryOf(pool)?.cpuByRole).toEqual(
      Object.fromEntries(Object.entries(cpu).map(([role, ms]) => [role, expect.closeTo(ms)])),
    );
  });

  test('is a median over trials, over the requests of each', () => {
    const trial = (requests: number): Partial<Measurement> => ({ ...pool, requests });
    expect(summaryOf(trial(1000), trial(2000), trial(4000))?.cpuByRole).toMatchObject({ front: 0.25, generators: 0.2 });
  });

  test('a model without a front has none to tell of, and all its helpers', () => {
    const server = serverOf({ cpuMs: 1000, workers: [workerOf(1000, 0.9, { cpuMs: 900 })] });
    expect(summaryOf({ server })?.cpuByRole).toMatchObject({ front: null, workers: 0.9, helpers: expect.closeTo(0.1) });
  });

  test.each<[string, Measurement['server']]>([
    ['workers', serverOf({ workers: [workerOf(500, 0.9, { cpuMs: 400 }), workerOf(500, 0.9)] })],
    ['the front', serverOf({ front: loopOf(0.5), workers: [workerOf(1000, 0.9, { cpuMs: 900 })] })],
  ])('helpers are what is left, so they are unknown where %s are', (who, server) => {
    const role = who === 'workers' ? 'workers' : 'front';
    expect(summaryOf({ server })?.cpuByRole).toMatchObject({ [role]: null, helpers: null });
  });

  test('threads that seem to have used more than their processes leave nothing, not less', () => {
    const server = serverOf({ cpuMs: 900, workers: [workerOf(1000, 0.9, { cpuMs: 910 })] });
    expect(summaryOf({ server })?.cpuByRole.helpers).toBe(0);
  });

  test('services are null without one, or where nothing is known of them in some trial', () => {
    expect(summaryOf({ services: [] })?.cpuByRole.services).toBeNull();
    expect(summaryOf(pool, { ...pool, services: null })?.cpuByRole.services).toBeNull();
  });
});

describe('memory', () => {
  const trial = (
    kind: 'pss' | 'rss',
    idleBytes: number,
    peakBytes: number,
    front: Measurement['memory']['front'] = null,
  ): Partial<Measurement> => ({ memory: { kind, idleBytes, peakBytes, front } });

  test('is told at idle and at its highest', () => {
    expect(summaryOf(trial('pss', 10, 25), trial('pss', 20, 50), trial('pss', 40, 100))?.memory).toMatchObject({
      kind: 'pss',
      idleBytes: { point: expect.closeTo(20), min: 10, max: 40, trials: 3 },
      peakBytes: { point: expect.closeTo(50), min: 25, max: 100, trials: 3 },
    });
  });

  test('the front is told as medians over trials', () => {
    const led = (idleBytes: number, peakBytes: number) => trial('pss', 100, 200, { idleBytes, peakBytes });
    expect(summaryOf(led(10, 90), led(20, 50), led(30, 70))?.memory.front).toEqual({ idleBytes: 20, peakBytes: 70 });
  });

  test('the front cannot be told apart where one trial does not', () => {
    const front = { idleBytes: 10, peakBytes: 20 };
    expect(summaryOf(trial('pss', 100, 200, front), trial('pss', 100, 200))?.memory.front).toBeNull();
  });

  test('counts as proportional only when it was in every trial', () => {
    expect(summaryOf(trial('pss', 10, 30), trial('rss', 20, 50))?.memory.kind).toBe('rss');
  });
});

describe('event loops', () => {
  test('utilisation is the mean over workers, with the front apart', () => {
    expect(summaryOf(pool)?.utilisation).toEqual({ front: 0.6, workers: expect.closeTo(0.7) });
    expect(summaryOf({})?.utilisation.front).toBeNull();
  });

  test('the delay is that of the worst worker that had a timer', () => {
    expect(summaryOf(pool)?.loopDelayP99Ms).toEqual({ front: 3, workers: 8 });
    const silent = serverOf({ workers: [workerOf(1000, 0.9, { loopDelayP99Ms: null })] });
    expect(summaryOf({ server: silent })?.loopDelayP99Ms).toEqual({ front: null, workers: null });
  });

  test('garbage collection is a share of the window, mean over workers', () => {
    expect(summaryOf({ ...pool, windowMs: 2000 })?.gcShare).toBeCloseTo(0.01);
  });
});

describe('context switches', () => {
  const trial = (voluntary: number, involuntary: number, requests: number): Partial<Measurement> => ({
    requests,
    server: serverOf({ contextSwitches: { voluntary, involuntary } }),
  });

  test('are per request, medians over trials', () => {
    const trials = [trial(1000, 10, 1000), trial(4000, 20, 2000), trial(9000, 90, 3000)];
    expect(summaryOf(...trials)?.contextSwitches).toEqual({ voluntary: 2, involuntary: 0.01 });
  });

  test('are unknown as soon as one trial does not tell', () => {
    expect(summaryOf(trial(1, 1, 1), { server: serverOf({ contextSwitches: null }) })?.contextSwitches).toBeNull();
  });
});
