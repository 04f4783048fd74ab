/** Whole trials of an open loop, and with a connection per request, on real processes. */
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ProcessRegistry } from '../../../dist/harness/measure/processes/registry.js';
import { measurementSchema } from '../../store/measurement-schema.ts';
import type { Measurement } from '../../store/schema.ts';
import { dueBefore } from '../fixtures/offering.ts';
import { readMs } from '../fixtures/sending.ts';
import { measurementOf, rateOf, reasonOf, trialOf } from '../fixtures/trials.ts';

const FAULTY = fileURLToPath(new URL('../fixtures/faulty.js', import.meta.url));
const registry = new ProcessRegistry();
afterAll(() => registry.close());

function openOf({ open }: Measurement): NonNullable<Measurement['open']> {
  if (open === null) throw new Error('this is not a measurement of an open loop');
  return open;
}

/** Requests that all workers and the front answered. */
function answered({ server: { front, workers } }: Measurement): number {
  return (workers ?? []).reduce((sum, { requests }) => sum + requests, front?.requests ?? 0);
}

describe('an open loop of 100 requests per second', () => {
  test.each(['single', 'cluster', 'fork-pool', 'worker-threads'])('%s', async (model) => {
    const trial = await trialOf(registry, { scenario: 'hello', model, load: rateOf(100) });
    const measurement = measurementOf(trial);
    expect(measurementSchema.parse(measurement)).toEqual(measurement);
    const open = openOf(measurement);
    const { windowMs, latencyHistogram, requests } = measurement;
    // Evenly spaced, so the number is known to one.
    expect(Math.abs(open.due - windowMs / 10)).toBeLessThanOrEqual(1);
    expect({ unfinished: open.unfinished, errors: open.errors }).toEqual({ unfinished: 0, errors: 0 });
    expect(readMs(latencyHistogram).count).toBe(open.due);
    expect(open.classes.map(({ name, due }) => [name, due])).toEqual([['hello', open.due]]);
    expect(open.timeoutMs).toBe(10_000);
    expect(Math.abs(requests + open.backlog.end - open.backlog.start - open.due)).toBeLessThanOrEqual(2);
    // The readings of the server are taken around the window, so it has answered as many at least.
    expect(answered(measurement)).toBeGreaterThanOrEqual(requests - 1);
    expect(trial.phasesMs).toHaveProperty('leadIn');
  });

  test('at random times, in classes: as many as the schedule of the seed has in the window', async () => {
    const load = rateOf(150, { arrivals: 'poisson' });
    const scenario = 'mixed:ms=1,percent=20';
    const trial = await trialOf(registry, { scenario, model: 'worker-threads', load, seed: 11 });
    const measurement = measurementOf(trial);
    const open = openOf(measurement);
    const stream = { kind: 'poisson', requestsPerSec: 150, index: 0, of: 1, seed: 11 } as const;
    const endMs = open.windowOffsetMs + measurement.windowMs;
    // The window is known to a few microseconds.
    const due = dueBefore(stream, endMs).filter((ms) => ms >= open.windowOffsetMs).length;
    expect(Math.abs(open.due - due)).toBeLessThanOrEqual(1);
    const [light, heavy] = open.classes;
    expect([light?.name, heavy?.name]).toEqual(['light', 'heavy']);
    expect((light?.due ?? 0) + (heavy?.due ?? 0)).toBe(open.due);
    expect(light?.due).toBeGreaterThan(heavy?.due ?? 0);
    expect(heavy?.due).toBeGreaterThan(0);
  });

  test('two generators split it', async () => {
    const measurement = measurementOf(
      await trialOf(registry, { scenario: 'hello', model: 'cluster', generators: 2, load: rateOf(100) }),
    );
    const { due } = openOf(measurement);
    // Their windows begin and end a message apart.
    expect(Math.abs(due - measurement.windowMs / 10)).toBeLessThanOrEqual(3);
    expect(measurement.generators.map(({ connections }) => connections)).toEqual([4, 4]);
    for (const { requests } of measurement.generators) expect(Math.abs(requests / due - 0.5)).toBeLessThan(0.1);
  });
});

describe('a connection per request', () => {
  test.each([rateOf(100), { kind: 'capacity' } as const])('$kind', async (load) => {
    const measurement = measurementOf(
      await trialOf(registry, { scenario: 'hello', model: 'cluster', connectionMode: 'per-request', load }),
    );
    expect(measurement.requests).toBeGreaterThan(50);
    expect(answered(measurement)).toBeGreaterThanOrEqual(measurement.requests - 8);
    expect(readMs(measurement.latencyHistogram).count).toBeGreaterThan(50);
    expect(measurement.open === null).toBe(load.kind === 'capacity');
    // cluster hands connections out in turn, so a connection per request is a fair share for each worker.
    const [first = 0, second = 0] = (measurement.server.workers ?? []).map(({ requests }) => requests);
    expect(Math.abs(first - second) / (first + second)).toBeLessThan(0.2);
  });
});

/** The fault comes in the open loop: the warm-up has ended by then, or not yet; it is a fault in both. */
describe('a server that goes wrong', () => {
  const faulty = (fault: number, after: number) =>
    trialOf(registry, {
      scenario: `${FAULTY}:fault=${fault},after=${after}`,
      model: 'single',
      load: rateOf(200),
      timeoutSec: 1,
    });

  test.each<[string, number, string]>([
    ['a wrong reply', 1, 'wrong-reply'],
    ['a reply of another length', 2, 'wrong-reply'],
    ['503', 3, 'status'],
    ['a header that is for the server to send', 4, 'status'],
    ['a server that ends', 6, 'server'],
  ])('%s', async (_what, fault, kind) => {
    expect(reasonOf(await faulty(fault, 300))).toMatchObject({ kind });
  });
});
