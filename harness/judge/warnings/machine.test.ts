/** Each warning about the machine: when it is given, and when not. */
import { describe, expect, test } from 'vitest';
import { measurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import { cellOf, environment, failedTrial, isolated, manifestOf, okTrial } from '../../fixtures/run.ts';
import type { Environment, Measurement, Placement, Trial } from '../../store/schema.ts';
import { machineWarnings } from './machine.ts';

const cell = cellOf('single');
const known: Partial<Measurement> = { server: serverOf({ workers: [workerOf(1000, 0.99, { cpuMs: 970 })] }) };
const trialsWith = (...all: readonly Partial<Measurement>[]): Trial[] =>
  all.map((changes, round) => okTrial(cell, round, measurementOf({ ...known, ...changes })));

const codes = (manifest: Parameters<typeof manifestOf>[0], trials: readonly Trial[] = []): string[] =>
  machineWarnings(manifestOf(manifest), trials).map(({ code }) => code);
const messages = (manifest: Parameters<typeof manifestOf>[0], trials: readonly Trial[] = []): string[] =>
  machineWarnings(manifestOf(manifest), trials).map(({ message }) => message);
const on = (changes: Partial<Environment>) => ({ environment: { ...environment, ...changes } });

test('a quiet machine that tells everything has none', () => {
  expect(codes({}, trialsWith({}, {}))).toEqual([]);
});

describe('where the load generator ran', () => {
  const sharing = (why: 'asked' | 'few-cpus' | 'no-taskset'): Placement => ({ kind: 'shared', generators: 1, why });

  test.each<[string, Placement, string[]]>([
    ['asked for', sharing('asked'), []],
    ['on CPUs of its own', isolated, []],
    ['too few CPUs', sharing('few-cpus'), ['shared-cpus']],
    ['no way to bind', sharing('no-taskset'), ['no-taskset']],
  ])('%s', (_, placement, expected) => {
    expect(codes({ placement, cells: [cellOf('single', { placement })] })).toEqual(expected);
  });

  test('with the number of CPUs', () => {
    const one = { count: 1, capacity: 1, host: 1, decidedBy: 'host' } as const;
    const placement = sharing('few-cpus');
    expect(messages({ placement, ...on({ availableCpus: one }) })[0]).toContain('shared 1 CPU with the server');
    expect(messages({ placement })[0]).toContain('shared 4 CPUs with the server');
  });
});

describe('a quota', () => {
  const availableCpus = (decidedBy: 'quota' | 'affinity') => ({ count: 3, capacity: 2.5, host: 8, decidedBy }) as const;

  test('that decides is named', () => {
    expect(messages(on({ quotaCpus: 2.5, availableCpus: availableCpus('quota') }))).toEqual([
      'a quota of 2.5 CPUs applies to all processes together, so a burst of one stops the others; the third worker has half a CPU',
    ]);
  });

  test.each([
    [1.5, 2, 'the second worker has half a CPU'],
    [0.25, 1, 'the worker has 0.25 of a CPU'],
    [5.2, 6, 'the last of 6 workers has 0.2 of a CPU'],
  ])('of %d says what the part of a CPU is for', (quotaCpus, count, text) => {
    const cpus = { count, capacity: quotaCpus, host: 8, decidedBy: 'quota' } as const;
    expect(messages(on({ quotaCpus, availableCpus: cpus }))[0]).toContain(`; ${text}`);
  });

  test('of whole CPUs leaves none over', () => {
    const cpus = { count: 2, capacity: 2, host: 8, decidedBy: 'quota' } as const;
    expect(messages(on({ quotaCpus: 2, availableCpus: cpus }))[0]).toMatch(/stops the others$/);
  });

  test('above the CPUs there are is none', () => {
    expect(codes(on({ quotaCpus: 64, availableCpus: availableCpus('affinity') }))).toEqual([]);
  });
});

test.each<[string | null, string[]]>([
  ['powersave', ['governor']],
  ['conservative', ['governor']],
  ['performance', []],
  ['schedutil', []],
  [null, []],
])('the governor %s', (governor, expected) => {
  expect(codes(on({ governor }))).toEqual(expected);
});

test.each<[number | null, string[]]>([
  [1.21, ['load']],
  [1.2, []],
  [0, []],
  [null, []],
])('a load average of %s on four CPUs before the run', (loadBefore, expected) => {
  expect(codes(on({ loadBefore }))).toEqual(expected);
});

describe('steal', () => {
  const stolen = (...shares: readonly number[]): Trial[] =>
    trialsWith(...shares.map((steal) => ({ machine: { cpus: 4, idle: 0.4, steal } })));

  test('is told when the trial in the middle had more than 2%', () => {
    expect(messages({}, stolen(0.021, 0, 0.3))).toEqual([
      'the hypervisor gave 2.1% of the CPU time to other machines, at worst 30.0%',
    ]);
  });

  test('of one trial among several is not', () => {
    expect(codes({}, stolen(0.02, 0, 0.3))).toEqual([]);
  });
});

describe('steps of the system clock', () => {
  const moved = (...steps: readonly number[]): Trial[] =>
    steps.map((clockStepMs, round) => ({ ...okTrial(cell, round, measurementOf(known)), clockStepMs }));

  test('are counted, forwards and backwards', () => {
    expect(messages({}, moved(101, 5, -3_600_000))).toEqual([
      'the system clock was moved during 2 trials, by up to 3600.0 s',
    ]);
  });

  test('count in failed trials too', () => {
    expect(messages({}, [{ ...failedTrial(cell, 0), clockStepMs: 2500 }])).toEqual([
      'the system clock was moved during 1 trial, by up to 2.5 s',
    ]);
  });

  test('are none where the clock was corrected', () => {
    expect(codes({}, moved(100, -100, 0))).toEqual([]);
  });
});

describe('what the system does not tell', () => {
  test.each<[string, Partial<Measurement>, string[]]>([
    ['memory', { memory: { kind: 'rss', idleBytes: 1, peakBytes: 2, front: null } }, ['memory-fallback']],
    ['threads', { server: serverOf({ workers: [workerOf(1, 0.9, { cpuMs: 1 }), workerOf(1)] }) }, ['no-thread-times']],
    ['idle CPU time', { machine: null }, ['no-thread-times']],
    [
      'anything, as on macOS',
      { server: serverOf(), machine: null, memory: { kind: 'rss', idleBytes: 1, peakBytes: 2, front: null } },
      ['memory-fallback', 'no-thread-times'],
    ],
  ])('%s, in one trial', (_, changes, expected) => {
    expect(codes({}, trialsWith({}, changes, {}))).toEqual(expected);
  });
});
