/** Every rule by itself, and what hides what, in an open loop. */

import { describe, expect, test } from 'vitest';
import { generatorOf, histogramOf, openMeasurementOf, openOf, repeated } from '../../fixtures/measurement.ts';
import { shared } from '../../fixtures/run.ts';
import type { Measurement } from '../../store/schema.ts';
import { noIdle, serverWith, serviceOf } from '../fixtures/label.ts';
import type { LimitedBy } from '../schema/capacity.ts';
import { fellBehind, isClearly, isServerLatency, rateLimitedBy } from './limited-by.ts';

type Open = NonNullable<Measurement['open']>;

const circumstances = {
  limit: null,
  connections: 64,
  available: { count: 4, capacity: 4, host: 4, decidedBy: 'host' },
  placement: shared,
  isDuet: false,
} as const;
const server = serverWith([{}, {}]);
const quiet = { server, machine: { cpus: 4, idle: 0.4, steal: 0 }, generators: generatorOf(300, 0.3) };

/** The label of a trial with a thousand requests of 10 ms, and these changes. */
function label(changes: Partial<Measurement> = {}, open: Partial<Open> = {}, latencyMs = 10): LimitedBy {
  return rateLimitedBy(openMeasurementOf(repeated(1000, latencyMs), open, { ...quiet, ...changes }), circumstances);
}

/** How late a thousand requests were sent: most by the first figure, 2% by the second. */
const delays = (mostMs: number, someMs = mostMs) => ({
  sendDelayHistogram: histogramOf([
    ...repeated(980, Math.round(1000 * mostMs)),
    ...repeated(20, Math.round(1000 * someMs)),
  ]),
});

describe('one thing holds it back', () => {
  test.each<[LimitedBy['by'], string, Partial<Measurement>, Partial<Open>]>([
    ['offered-rate', 'workers were busy 50% of the time, and nothing was saturated', {}, {}],
    ['generator', 'the generator sent requests late: p99 delay 1.5 ms, p99 latency 10 ms', {}, delays(1.5)],
    ['generator', 'the generator sent requests late: p99 delay 4 ms, p99 latency 10 ms', {}, delays(0.1, 4)],
    ['workers', 'workers were on a CPU 97% of the time', { server: serverWith([{ cpuMs: 970 }, { cpuMs: 970 }]) }, {}],
    ['front', 'the front end was on a CPU 98% of the time', { server: serverWith([{}, {}], { cpuMs: 980 }) }, {}],
    [
      'machine',
      'no CPU was idle (2%), and load generation used 15% of the CPU time',
      { machine: noIdle, generators: generatorOf(600, 0.6) },
      {},
    ],
    ['generator', 'the generator was busy 99% of the time', { generators: generatorOf(700, 0.99) }, {}],
    ['workers', 'workers were busy 98% of the time', { server: serverWith(repeated(2, { utilisation: 0.98 })) }, {}],
    ['front', 'the front end was busy 97% of the time', { server: serverWith([{}, {}], { utilisation: 0.97 }) }, {}],
    ['upstream', 'the busiest thread of a service was on a CPU 93% of the time', { services: serviceOf(0.93) }, {}],
    [
      'connections',
      '12 of 1000 requests found all 1000 connections in use',
      {},
      { connections: { most: 1000, waited: 12 } },
    ],
    [
      'unclear',
      'it fell behind: answered 900 of 1,000 requests/s that were due, and nothing was saturated',
      {},
      { backlog: { start: 5, end: 105 } },
    ],
  ])('%s: %s', (by, evidence, changes, open) => {
    expect(label(changes, open)).toEqual({ by, evidence });
  });
});

describe('the generator is late', () => {
  test('from a tenth of the latency on', () => {
    expect(label({}, delays(0.9)).by).toBe('offered-rate');
    expect(label({}, delays(1.1)).by).toBe('generator');
  });

  test('never by so little that nobody decides anything by it, whatever share of the latency that is', () => {
    expect(label({}, delays(0.1, 0.99), 1.2).by).toBe('offered-rate');
    expect(label({}, delays(0.1, 1.02), 1.2).by).toBe('generator');
  });

  test('by few requests is not told from so few that there is no p99', () => {
    const few = [...repeated(398, 10)];
    const delay = histogramOf([...repeated(378, 100), ...repeated(20, 4000)]);
    const measured = openMeasurementOf(few, { sendDelayHistogram: delay }, quiet);
    expect(rateLimitedBy(measured, circumstances).by).toBe('offered-rate');
  });

  test('in plain figures, also by a lot', () => {
    expect(label({}, delays(1234), 5678).evidence).toBe(
      'the generator sent requests late: p99 delay 1,200 ms, p99 latency 5,680 ms',
    );
  });

  test('is not told of no request at all', () => {
    const none = openMeasurementOf([], { sendDelayHistogram: histogramOf([]) }, quiet);
    expect(rateLimitedBy(none, circumstances).by).toBe('offered-rate');
  });
});

describe('when several apply, the first of these is named', () => {
  const causes = [
    'late',
    'on a CPU',
    'front on a CPU',
    'no idle',
    'generator',
    'busy',
    'front busy',
    'service',
    'waited',
    'behind',
  ] as const;
  type Held = ReadonlySet<(typeof causes)[number]>;

  function held(at: Held): LimitedBy {
    const utilisation = at.has('busy') ? 0.99 : 0.5;
    const worker = at.has('on a CPU') ? { cpuMs: 990, utilisation: 0.99 } : { cpuMs: 400, utilisation };
    const front = { cpuMs: at.has('front on a CPU') ? 990 : 300, utilisation: at.has('front busy') ? 0.99 : 0.3 };
    return label(
      {
        server: serverWith([worker, worker], front),
        generators: generatorOf(600, at.has('generator') ? 0.99 : 0.3),
        machine: at.has('no idle') ? noIdle : { cpus: 4, idle: 0.4, steal: 0 },
        services: serviceOf(at.has('service') ? 0.99 : 0.3),
      },
      {
        ...openOf({ due: 1000 }),
        ...(at.has('late') ? delays(5) : {}),
        connections: { most: 1000, waited: at.has('waited') ? 3 : 0 },
        backlog: { start: 0, end: at.has('behind') ? 500 : 0 },
      },
    );
  }

  test.each(
    [
      ['generator', 'the generator sent requests late'],
      ['workers', 'workers were on a CPU 99%'],
      ['front', 'the front end was on a CPU 99%'],
      ['machine', 'no CPU was idle (2%)'],
      ['generator', 'the generator was busy'],
      ['workers', 'workers were busy'],
      ['front', 'the front end was busy'],
      ['upstream', 'the busiest thread'],
      ['connections', '3 of 1000 requests found all'],
      ['unclear', 'it fell behind'],
    ].map(([by, evidence], i) => [causes[i], by, evidence, new Set(causes.slice(i))] as const),
  )('%s: %s', (_, by, evidence, all) => {
    expect(held(all)).toEqual({ by, evidence: expect.stringContaining(evidence ?? '?') });
  });

  test('and none of them: the rate itself', () => {
    expect(held(new Set()).by).toBe('offered-rate');
  });
});

test.each<[LimitedBy['by'], boolean]>([
  ['offered-rate', true],
  ['workers', true],
  ['front', true],
  ['generator', false],
  ['machine', false],
  ['connections', false],
  ['upstream', false],
  ['unclear', false],
])('latencies of a trial held back by %s are those of the server: %s', (by, expected) => {
  expect(isServerLatency({ by, evidence: '' })).toBe(expected);
});

const grewBy = (growth: number, due: number, windowMs = 1000): string | null =>
  fellBehind({ due, backlog: { start: 10, end: 10 + growth }, unfinished: 0 }, windowMs);

describe('a server has fallen behind', () => {
  test.each([
    // More than a twentieth of 1000, but not more than twice √1000.
    [1000, 63, false],
    [1000, 64, true],
    // More than twice √10000, but not more than a twentieth.
    [10_000, 500, false],
    [10_000, 501, true],
    [10_000, 0, false],
    [10_000, -600, false],
    [4, 4, false],
    [0, 0, false],
  ])('of %i due and a backlog that grew by %i: %s', (due, growth, expected) => {
    expect(grewBy(growth, due) !== null).toBe(expected);
    expect(isClearly(growth, due)).toBe(expected);
  });

  test('by what the backlog grew within the window, not by what there was before', () => {
    expect(fellBehind({ due: 1000, backlog: { start: 5000, end: 5010 }, unfinished: 0 }, 1000)).toBeNull();
  });
});

test('what was given up for want of a reply was not answered either', () => {
  const full = { due: 2000, backlog: { start: 2000, end: 2000 } };
  expect(fellBehind({ ...full, unfinished: 0 }, 1000)).toBeNull();
  expect(fellBehind({ ...full, unfinished: 1000 }, 1000)).toBe(
    'fell behind: answered 1,000 of 2,000 requests/s that were due',
  );
  expect(fellBehind({ ...full, unfinished: 3000 }, 1000)).toContain('answered 0 of');
});

test('both rates are told in plain figures, also those that are high', () => {
  expect(grewBy(70, 1000, 5000)).toBe('fell behind: answered 186 of 200 requests/s that were due');
  expect(grewBy(2500, 12_500)).toBe('fell behind: answered 10,000 of 12,500 requests/s that were due');
});
