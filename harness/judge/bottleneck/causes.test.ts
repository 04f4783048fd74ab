/** Where each rule begins, and what depends on who runs where. */
import { describe, expect, test } from 'vitest';
import { generatorOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import { isolated } from '../../fixtures/run.ts';
import type { Measurement } from '../../store/schema.ts';
import { cpu, label, noIdle, serverWith, serviceOf, waiting } from '../fixtures/label.ts';
import type { LimitedBy } from '../schema/summary.ts';
import type { Circumstances } from './causes.ts';

const server = serverWith([{}, {}]);

describe('each begins where it matters', () => {
  test.each<[string, LimitedBy['by'], Partial<Measurement>, Partial<Circumstances>]>([
    ['workers at 95% of a CPU', 'workers', { server: serverWith([{ cpuMs: 950 }, { cpuMs: 950 }]) }, {}],
    ['workers just below', 'unclear', { server: serverWith([{ cpuMs: 950 }, { cpuMs: 949 }]) }, {}],
    ['a longer window', 'unclear', { windowMs: 2000, server: serverWith([{ cpuMs: 990 }, { cpuMs: 990 }]) }, {}],
    ['one worker of two at its end', 'unclear', { server: serverWith([{ cpuMs: 1000 }, { cpuMs: 890 }]) }, {}],
    ['the generator just below', 'unclear', { generators: generatorOf(300, 0.949) }, {}],
    ['8% idle CPUs', 'unclear', { machine: { cpus: 4, idle: 0.08, steal: 0 } }, {}],
    ['7% idle CPUs', 'machine', { machine: { cpus: 4, idle: 0.07, steal: 0 } }, {}],
    [
      'a tenth for load generation: the server used the rest',
      'workers',
      { machine: noIdle, server: { ...server, cpuMs: 3420 }, generators: generatorOf(400, 0.4) },
      {},
    ],
    [
      'more than a tenth',
      'machine',
      { machine: noIdle, server: { ...server, cpuMs: 3420 }, generators: generatorOf(410, 0.4) },
      {},
    ],
    [
      '14% for load generation and others: the server used the rest',
      'workers',
      { machine: noIdle, server: { ...server, cpuMs: 3360 } },
      {},
    ],
    ['16% for both', 'machine', { machine: noIdle, server: { ...server, cpuMs: 3280 } }, {}],
    ['a service at 89%', 'unclear', { services: serviceOf(0.89) }, {}],
    ['a service at 90%', 'upstream', { services: serviceOf(0.9) }, {}],
    ['services of which nothing is known', 'unclear', { services: null }, {}],
    ['70% of what connections can do', 'connections', { requestsPerSec: 700 }, { limit: waiting }],
    ['69% of what connections can do', 'unclear', { requestsPerSec: 690 }, { limit: waiting }],
    ['three requests of which half are worked on', 'unclear', {}, { connections: 3 }],
    ['many that wait, nobody knows for what', 'unclear', { server: serverWith([{ waiting: 60 }, {}]) }, {}],
    ['one connection, which is always worked on', 'connections', {}, { connections: 1 }],
    ['many wait beside a kernel', 'unclear', { server: serverWith([{ waiting: 60 }, {}]) }, { limit: cpu }],
    ['near the limit of the kernel', 'unclear', { requestsPerSec: 990 }, { limit: cpu }],
    ['an idler worker at 81%', 'unclear', { server: serverWith([{ utilisation: 1 }, { utilisation: 0.81 }]) }, {}],
    ['an idler worker at 80%', 'connections', { server: serverWith([{ utilisation: 1 }, { utilisation: 0.8 }]) }, {}],
    ['the busiest at 94%', 'unclear', { server: serverWith([{ utilisation: 0.94 }, { utilisation: 0.1 }]) }, {}],
    [
      'slow, but few wait',
      'unclear',
      { server: serverWith([{ waiting: 11 }, {}]) },
      { limit: waiting, connections: 20 },
    ],
  ])('%s: %s', (_, by, changes, circumstances) => {
    expect(label(changes, circumstances).by).toBe(by);
  });
});

describe('threads that are at their end, whoever else wants CPUs', () => {
  const contended = { machine: noIdle, generators: generatorOf(900, 0.99) };
  const saturated = [{ cpuMs: 990 }, { cpuMs: 990 }];

  test('count before contention, because they could not have used more', () => {
    expect(label({ ...contended, server: serverWith(saturated) }).by).toBe('workers');
    expect(label({ ...contended, server: serverWith([{}, {}], { cpuMs: 990 }) }).by).toBe('front');
  });

  test.each([
    ['of all workers', [null, null]],
    ['of one worker', [990, null]],
  ])('without the times %s, contention counts', (_, times) => {
    const workers = times.map((cpuMs) => ({ cpuMs, utilisation: 1 }));
    expect(label({ ...contended, server: serverWith(workers) }).by).toBe('machine');
  });

  test('where the system tells neither threads nor idle time, as on macOS, event loops decide', () => {
    const workers = [1, 2].map(() => ({ cpuMs: null, utilisation: 0.99 }));
    const silent = { machine: null, services: null };
    const unknown = serverWith(workers, { cpuMs: null });
    expect(label({ ...silent, server: unknown })).toEqual({
      by: 'workers',
      evidence: 'workers were busy 99% of the time',
    });
    expect(label({ ...silent, server: unknown, generators: generatorOf(900, 0.99) }).by).toBe('generator');
  });

  test('a model without a front has none to blame', () => {
    expect(label({ server: serverWith([{}, {}], null) }).by).toBe('unclear');
  });
});

test('several generators are named by their number, and are at their end together', () => {
  const [one] = generatorOf(200, 0.97);
  const generators = (...utilisations: readonly number[]) =>
    utilisations.flatMap((utilisation) => (one === undefined ? [] : [{ ...one, utilisation }]));
  expect(label({ generators: generators(0.97, 0.99) })).toEqual({
    by: 'generator',
    evidence: '2 generators were busy 98% of the time',
  });
  expect(label({ generators: generators(0.99, 0.5) }).by).toBe('unclear');
  const shares = 'no CPU was idle (2%), and load generation used 15% of the CPU time';
  expect(label({ generators: generators(0.2, 0.2, 0.2), machine: noIdle })).toEqual({
    by: 'machine',
    evidence: shares,
  });
});

describe('a service of many processes, none of which is at its end', () => {
  const database = (cpuMs: number) => ({
    services: [{ cpuMs, busiestThread: 0.3 }],
    generators: generatorOf(600, 0.6),
  });

  test('is the limit when it takes more of the CPUs than load generation and other programs do', () => {
    expect(label({ ...database(1400), machine: noIdle, server: { ...server, cpuMs: 1400 } })).toEqual({
      by: 'upstream',
      evidence: 'no CPU was idle, and the service behind the handler used 35% of their time',
    });
    expect(label({ ...database(1400), machine: noIdle, server: { ...server, cpuMs: 100 } }).by).toBe('machine');
    expect(label({ ...database(500), machine: noIdle, server: { ...server, cpuMs: 2700 } }).by).toBe('machine');
    expect(label(database(1400)).by).toBe('unclear');
  });

  test('uses up the CPUs that it shares with the generator', () => {
    const serverCpus = { cpus: 3, idle: 0.5, steal: 0 };
    const shared = { generators: generatorOf(300, 0.99), serverCpus };
    expect(label({ ...shared, services: [{ cpuMs: 650, busiestThread: 0.3 }] }, { placement: isolated })).toEqual({
      by: 'upstream',
      evidence: 'no CPU beside those of the server was idle, and the service behind the handler used 65% of their time',
    });
    expect(label({ ...shared, services: [{ cpuMs: 500, busiestThread: 0.3 }] }, { placement: isolated }).by).toBe(
      'generator',
    );
  });
});

describe('generators on CPUs of their own', () => {
  const placement = isolated;
  const busyGenerator = { machine: noIdle, generators: generatorOf(900, 0.9) };

  test('take nothing from the server: its own CPUs count', () => {
    const serverCpus = { cpus: 3, idle: 0.3, steal: 0 };
    expect(label({ ...busyGenerator, serverCpus }, { placement }).by).toBe('unclear');
    expect(label({ ...busyGenerator, serverCpus }).by).toBe('machine');
  });

  test('are not blamed when the server has used up its CPUs', () => {
    const serverCpus = { cpus: 3, idle: 0, steal: 0 };
    const full = serverOf({ cpuMs: 2900, workers: [workerOf(1000, 0.99, { cpuMs: 900 })] });
    expect(label({ ...busyGenerator, serverCpus, server: full }, { placement }).by).toBe('workers');
  });

  test('others on the CPUs of the server are', () => {
    const serverCpus = { cpus: 3, idle: 0, steal: 0 };
    expect(label({ ...busyGenerator, serverCpus }, { placement })).toEqual({
      by: 'machine',
      evidence: 'no CPU was idle, and load generation and other programs used 67% of the CPU time',
    });
  });

  test('can be at their end all the same', () => {
    expect(label({ generators: generatorOf(990, 0.99) }, { placement }).by).toBe('generator');
  });
});

test('under a quota, workers that are ready to run and have no CPU are not at their end', () => {
  const available = { count: 4, capacity: 4, host: 8, decidedBy: 'quota' } as const;
  const starved = serverWith([
    { utilisation: 0.97, cpuMs: 600, queuedMs: 370 },
    { utilisation: 0.97, cpuMs: 600, queuedMs: 370 },
  ]);
  expect(label({ server: starved }, { available })).toMatchObject({ by: 'machine' });
  const fed = serverWith([{ utilisation: 0.97, queuedMs: 20 }]);
  expect(label({ server: { ...fed, cpuMs: 970 } }, { available })).toMatchObject({ by: 'workers' });
});
