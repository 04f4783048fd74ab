import { describe, expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import type { Placement } from '../../store/schema.ts';
import { type CpusToPlace, pinnedFor, placementFor } from './placement.ts';

const CONNECTIONS = 64;
const upTo = (count: number): number[] => Array.from({ length: count }, (_, cpu) => cpu);

/** A machine with so many CPUs, each a core of its own, that can bind processes. */
function machine(count: number, changes: Partial<CpusToPlace> = {}): CpusToPlace {
  return {
    count,
    affinity: upTo(count),
    siblings: new Map(upTo(count).map((cpu) => [cpu, [cpu]])),
    canBind: () => true,
    ...changes,
  };
}
/** Hardware threads in pairs, numbered as Linux does: first one of each core, then the other. */
function paired(count: number): ReadonlyMap<number, readonly number[]> {
  const half = count / 2;
  return new Map(upTo(count).map((cpu) => [cpu, [cpu % half, (cpu % half) + half]]));
}
const place = (asked: Parameters<typeof placementFor>[0], on: CpusToPlace, connections = CONNECTIONS): Placement =>
  placementFor(asked, connections, on);
const cpusOf = (placement: Placement): readonly (readonly number[])[] =>
  placement.kind === 'isolated' ? [placement.serverCpus, placement.generatorCpus] : [];
const cannotBind = { canBind: () => false };

describe('nothing asked for', () => {
  test.each([1, 2, 3])('%d CPUs are too few to reserve one', (count) => {
    expect(place({}, machine(count))).toEqual({ kind: 'shared', generators: 1, why: 'few-cpus' });
  });

  test.each([
    [4, 1],
    [7, 1],
    [8, 2],
    [64, 16],
  ])('of %d CPUs the last %d are reserved, with a generator on each', (count, reserved) => {
    expect(place({}, machine(count))).toEqual({
      kind: 'isolated',
      generators: reserved,
      why: 'automatic',
      serverCpus: upTo(count).slice(0, count - reserved),
      generatorCpus: upTo(count).slice(count - reserved),
    });
  });

  test.each([
    ['without a way to bind', cannotBind],
    ['where the system does not tell the CPUs', { affinity: null }],
  ])('%s they are shared', (_, changes) => {
    expect(place({}, machine(8, changes))).toEqual({ kind: 'shared', generators: 1, why: 'no-taskset' });
  });

  test('binding is not tried out where it does not matter', () => {
    const never = { canBind: () => expect.fail('it was tried out') };
    expect(place({}, machine(2, never)).kind).toBe('shared');
    expect(place({ isolate: 0 }, machine(8, never)).kind).toBe('shared');
  });
});

describe('--isolate', () => {
  test('0 shares, however many CPUs there are', () => {
    expect(place({ isolate: 0 }, machine(64))).toEqual({ kind: 'shared', generators: 1, why: 'asked' });
    expect(place({ isolate: 0 }, machine(64, cannotBind))).toMatchObject({ kind: 'shared', why: 'asked' });
  });

  test.each([
    [1, 2, [[0], [1]]],
    [1, 3, [[0, 1], [2]]],
    [3, 4, [[0], [1, 2, 3]]],
  ])('%d of %d CPUs', (isolate, count, cpus) => {
    const found = place({ isolate }, machine(count));
    expect(found).toMatchObject({ kind: 'isolated', why: 'asked', generators: isolate });
    expect(cpusOf(found)).toEqual(cpus);
  });

  test.each<[number, number, string]>([
    [4, 4, '--isolate 4: 4 CPUs are available, and the server needs one; give at most 3, or 0 to share'],
    [5, 4, '--isolate 5: 4 CPUs are available, and the server needs one; give at most 3, or 0 to share'],
    [-1, 4, '--isolate -1: 4 CPUs are available, and the server needs one; give at most 3, or 0 to share'],
    [1.5, 4, '--isolate 1.5: 4 CPUs are available, and the server needs one; give at most 3, or 0 to share'],
    [Number.NaN, 4, '--isolate NaN: 4 CPUs are available, and the server needs one; give at most 3, or 0 to share'],
    [1, 1, '--isolate 1: 1 CPU is available, and the server needs one; leave the flag out'],
  ])('%d of %d is refused', (isolate, count, message) => {
    expect(() => place({ isolate }, machine(count))).toThrow(new UserError(message));
  });

  test.each([
    ['without a way to bind', cannotBind],
    ['where the system does not tell the CPUs', { affinity: null }],
  ])('%s is refused, because it was asked for', (_, changes) => {
    const message =
      '--isolate 1: processes cannot be bound to CPUs here; install taskset (util-linux, Linux only), or leave the flag out';
    expect(() => place({ isolate: 1 }, machine(8, changes))).toThrow(new UserError(message));
  });
});

describe('which CPUs', () => {
  test('two threads of a core stay together where that is possible', () => {
    const siblings = paired(8);
    expect(cpusOf(place({}, machine(8, { siblings })))).toEqual([
      [0, 1, 2, 4, 5, 6],
      [3, 7],
    ]);
    expect(cpusOf(place({ isolate: 3 }, machine(8, { siblings })))).toEqual([
      [0, 1, 2, 4, 5],
      [3, 6, 7],
    ]);
  });

  test('without knowledge of cores, the last ones', () => {
    expect(cpusOf(place({ isolate: 2 }, machine(8, { siblings: null })))[1]).toEqual([6, 7]);
  });

  test('only those that this process may use, whatever their numbers', () => {
    const on = machine(4, { affinity: [9, 1, 30, 4], siblings: null });
    expect(cpusOf(place({}, on))).toEqual([[1, 4, 9], [30]]);
  });

  test('a sibling that this process may not use is not used', () => {
    const on = machine(4, { affinity: [0, 1, 2, 5], siblings: paired(8) });
    expect(cpusOf(place({}, on))).toEqual([[0, 1, 5], [2]]);
  });

  test('no more than a quota lets be busy at once', () => {
    const on = machine(4, { affinity: upTo(64) });
    const [server = [], generator = []] = cpusOf(place({}, on));
    expect([server.length, generator.length]).toEqual([3, 1]);
    expect(new Set([...server, ...generator]).size).toBe(4);
  });

  test.each([4, 5, 6, 7, 8, 12, 16, 64])('server and generators never meet, and all of %d CPUs are used', (count) => {
    for (let isolate = 1; isolate < count; isolate++) {
      const siblings = count % 2 === 0 ? paired(count) : null;
      const [server = [], generator = []] = cpusOf(place({ isolate }, machine(count, { siblings })));
      expect(generator).toHaveLength(isolate);
      expect([...server, ...generator].toSorted((a, b) => a - b)).toEqual(upTo(count));
      const ascending = [server, generator].map((cpus) => cpus.toSorted((a, b) => a - b));
      expect([server, generator]).toEqual(ascending);
    }
  });
});

describe('--generators', () => {
  test('takes the place of one for each reserved CPU', () => {
    expect(place({ generators: 3 }, machine(2))).toMatchObject({ kind: 'shared', generators: 3 });
    expect(place({ generators: 3 }, machine(8))).toMatchObject({
      kind: 'isolated',
      generators: 3,
      generatorCpus: [6, 7],
    });
    expect(place({ generators: 1, isolate: 2 }, machine(8))).toMatchObject({ generators: 1, generatorCpus: [6, 7] });
  });

  test('by itself is never more than the connections', () => {
    expect(place({}, machine(64), 3)).toMatchObject({ generators: 3, generatorCpus: { length: 16 } });
  });

  test('by itself is never more than is allowed', () => {
    expect(place({}, machine(512), 20_000)).toMatchObject({ generators: 64, generatorCpus: { length: 128 } });
  });

  test('may be as many as there are connections', () => {
    expect(place({ generators: 5 }, machine(2), 5).generators).toBe(5);
  });

  test.each<[number, number, string]>([
    [0, 64, '--generators 0: give a whole number from 1 to 64'],
    [-1, 64, '--generators -1: give a whole number from 1 to 64'],
    [1.5, 64, '--generators 1.5: give a whole number from 1 to 64'],
    [65, 1000, '--generators 65: give a whole number from 1 to 64'],
    [6, 5, '--generators 6: 5 connections cannot be split among them; give at most 5, or more --connections'],
    [2, 1, '--generators 2: 1 connection cannot be split among them; give at most 1, or more --connections'],
  ])('%d with %d connections is refused', (generators, connections, message) => {
    expect(() => place({ generators }, machine(2), connections)).toThrow(new UserError(message));
  });
});

describe('a scenario whose load generation matters', () => {
  const sharing = (on: CpusToPlace, why: 'few-cpus' | 'asked' = 'few-cpus') =>
    pinnedFor({ kind: 'shared', generators: 1, why }, on);

  test.each([
    [2, [0], [1]],
    [3, [0, 1], [2]],
  ])('leaves the generator one of %d CPUs', (count, serverCpus, generatorCpus) => {
    expect(sharing(machine(count))).toMatchObject({ kind: 'isolated', why: 'automatic', serverCpus, generatorCpus });
  });

  test('shares CPUs where that was asked for, or where nothing else can be done', () => {
    expect(sharing(machine(2), 'asked')).toBeNull();
    expect(sharing(machine(1))).toBeNull();
    expect(sharing(machine(2, cannotBind))).toBeNull();
    expect(sharing(machine(2, { affinity: null }))).toBeNull();
  });
});
