/** Every rule by itself, and what hides what. */
import { describe, expect, test } from 'vitest';
import { generatorOf } from '../../fixtures/measurement.ts';
import type { Measurement } from '../../store/schema.ts';
import { label, noIdle, serverWith, serviceOf, waiting } from '../fixtures/label.ts';
import type { LimitedBy } from '../schema/summary.ts';
import type { Circumstances } from './causes.ts';
import { isRankable } from './limited-by.ts';

describe('one thing is at its end', () => {
  test.each<[LimitedBy['by'], string, Partial<Measurement>, Partial<Circumstances>]>([
    ['workers', 'workers were on a CPU 96% of the time', { server: serverWith([{ cpuMs: 970 }, { cpuMs: 950 }]) }, {}],
    ['front', 'the front end was on a CPU 98% of the time', { server: serverWith([{}, {}], { cpuMs: 980 }) }, {}],
    [
      'machine',
      'no CPU was idle (2%), and load generation used 15% of the CPU time',
      { machine: noIdle, generators: generatorOf(600, 0.6) },
      {},
    ],
    [
      'machine',
      'no CPU was idle, and load generation and other programs used 73% of the CPU time',
      { machine: noIdle },
      {},
    ],
    ['generator', 'the generator was busy 99% of the time', { generators: generatorOf(700, 0.99) }, {}],
    [
      'workers',
      'workers were busy 98% of the time',
      { server: serverWith([{ utilisation: 0.99 }, { utilisation: 0.97 }]) },
      {},
    ],
    ['front', 'the front end was busy 97% of the time', { server: serverWith([{}, {}], { utilisation: 0.97 }) }, {}],
    ['upstream', 'the busiest thread of a service was on a CPU 93% of the time', { services: serviceOf(0.93) }, {}],
    [
      'connections',
      'throughput was 90% of what 20 connections allow, and nothing was busy all the time',
      { requestsPerSec: 900 },
      { limit: waiting },
    ],
    [
      'connections',
      'on average 1.6 of the 2 requests in flight were being worked on, so hardly any was queued',
      {},
      { connections: 2 },
    ],
    [
      'connections',
      'one worker was busy 100% of the time and another 20%: connections are spread unevenly',
      { server: serverWith([{ utilisation: 1 }, { utilisation: 0.2 }]) },
      {},
    ],
    [
      'upstream',
      'requests waited 180 ms in the handler instead of 20 ms',
      { server: serverWith([{ waiting: 10 }, { waiting: 8 }]) },
      { limit: waiting, connections: 20 },
    ],
    [
      'upstream',
      'requests waited 160 ms in the handler instead of 20 ms',
      { server: serverWith([{ waiting: 8 }, {}], { waiting: 8 }) },
      { limit: waiting, connections: 20 },
    ],
    [
      'thread-pool',
      'the one thread of the libuv pool was busy 99% of the time, and 66% of the CPU time was idle: raise UV_THREADPOOL_SIZE (--env), which is 1',
      { server: { ...serverWith([{ waiting: 60 }], null), threadPools: [{ size: 1, share: 0.99 }] } },
      {},
    ],
    [
      'thread-pool',
      'the 4 threads of each libuv pool were busy 94% of the time, and 66% of the CPU time was idle: raise UV_THREADPOOL_SIZE (--env), which is 4',
      {
        server: {
          ...serverWith([{ utilisation: 1 }, { utilisation: 0.2 }]),
          threadPools: [
            { size: 4, share: 0.01 },
            { size: 4, share: 0.98 },
            { size: 4, share: 0.9 },
          ],
        },
      },
      { limit: waiting },
    ],
    [
      'unclear',
      'workers were busy 50% of the time, 66% of the CPU time was idle, and nothing else was saturated',
      { server: { ...serverWith([{}, {}]), threadPools: [{ size: 4, share: 0.5 }] } },
      {},
    ],
    [
      'workers',
      'no CPU was idle, and the server itself used 88% of the CPU time, with the event loops of its workers busy 20% of the time',
      {
        server: {
          ...serverWith([{ utilisation: 0.2 }, { utilisation: 0.2 }], null),
          cpuMs: 3500,
          threadPools: [{ size: 4, share: 1 }],
        },
        machine: { cpus: 4, idle: 0.02, steal: 0 },
        generators: generatorOf(100, 0.1),
      },
      {},
    ],
    [
      'unclear',
      'workers were busy 50% of the time, 66% of the CPU time was idle, and nothing else was saturated',
      {},
      {},
    ],
    [
      'unclear',
      'workers were busy 50% of the time, 66% of the CPU time was idle, and nothing else was saturated; 78% of the requests waited in the handler, for a service, for the thread pool or for a pool of connections',
      { server: serverWith([{ waiting: 30 }, { waiting: 20 }]) },
      {},
    ],
    [
      'unclear',
      'workers were busy 50% of the time, 68% of the CPU time was idle, and nothing else was saturated',
      { machine: null },
      {},
    ],
  ])('%s: %s', (by, evidence, changes, circumstances) => {
    expect(label(changes, circumstances)).toEqual({ by, evidence });
  });
});

describe('when several are, the first of these is named', () => {
  const causes = [
    'on a CPU',
    'front on a CPU',
    'no idle',
    'generator',
    'busy',
    'front busy',
    'service',
    'few',
  ] as const;
  type Held = ReadonlySet<(typeof causes)[number]>;

  function held(at: Held): LimitedBy {
    const utilisation = at.has('busy') ? 0.99 : 0.5;
    // One that is on a CPU all the time is also busy all the time, as in real life.
    const worker = at.has('on a CPU') ? { cpuMs: 990, utilisation: 0.99 } : { cpuMs: 400, utilisation };
    const front = { cpuMs: at.has('front on a CPU') ? 990 : 300, utilisation: at.has('front busy') ? 0.99 : 0.3 };
    return label(
      {
        requestsPerSec: at.has('few') ? 900 : 100,
        server: serverWith([worker, worker], front),
        generators: generatorOf(600, at.has('generator') ? 0.99 : 0.3),
        machine: at.has('no idle') ? noIdle : { cpus: 4, idle: 0.4, steal: 0 },
        services: serviceOf(at.has('service') ? 0.99 : 0.3),
      },
      { limit: waiting },
    );
  }

  test.each(
    [
      ['workers', 'workers were on a CPU 99%'],
      ['front', 'the front end was on a CPU 99%'],
      ['machine', 'no CPU was idle (2%)'],
      ['generator', 'the generator was busy'],
      ['workers', 'workers were busy'],
      ['front', 'the front end was busy'],
      ['upstream', 'the busiest thread'],
      ['connections', 'throughput was 90% of what 20 connections allow'],
    ].map(([by, evidence], i) => [causes[i], by, evidence, new Set(causes.slice(i))] as const),
  )('%s: %s', (_, by, evidence, all) => {
    expect(held(all)).toEqual({ by, evidence: expect.stringContaining(evidence ?? '?') });
  });

  test('too few connections before uneven ones', () => {
    const uneven = serverWith([{ utilisation: 1 }, { utilisation: 0.2 }]);
    expect(label({ server: uneven, requestsPerSec: 900 }, { limit: waiting }).evidence).toContain('connections allow');
    expect(label({ server: uneven, requestsPerSec: 600 }, { limit: waiting }).evidence).toContain('unevenly');
  });
});

test.each<[LimitedBy['by'], boolean]>([
  ['workers', true],
  ['front', true],
  ['generator', false],
  ['machine', false],
  ['connections', false],
  ['upstream', false],
  ['unclear', false],
])('%s may be ranked: %s', (by, rankable) => {
  expect(isRankable({ by, evidence: '' })).toBe(rankable);
});
