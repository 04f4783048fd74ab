import { describe, expect, test } from 'vitest';
import type { HandlingUsage, LoopUsage, ProcessUsage, ServerSnapshot, WorkerUsage } from '../../servers/model.ts';
import { type ServerReading, serverBetween } from './server-schema.ts';

const loop = (activeMs: number, idleMs: number, changes: Partial<LoopUsage> = {}): LoopUsage => ({
  activeMs,
  idleMs,
  threadCpuUs: null,
  queuedUs: null,
  gcMs: 0,
  loopDelayP99Ms: null,
  connections: 0,
  threadId: null,
  ...changes,
});
const worker = (id: number, requests: number, usage = loop(0, 0), waitingMs = 0): WorkerUsage => ({
  id,
  requests,
  waitingMs,
  ...usage,
});
const front = (usage: LoopUsage, requests = 0, waitingMs = 0): HandlingUsage => ({ requests, waitingMs, ...usage });
const WINDOW_MS = 1000;
/** A system that tells nothing from outside. */
const INSIDE = { windowMs: WINDOW_MS, requests: 7, threads: null, poolSize: 4 };
const used = (
  pid: number,
  userUs: number,
  systemUs: number,
  atMs = WINDOW_MS,
  switches: ProcessUsage['switches'] = null,
): ProcessUsage => ({ pid, role: 'worker', atMs, userUs, systemUs, switches, rssBytes: 1 });
const snapshot = ({ processes = [used(1, 0, 0, 0)], ...inside }: Partial<ServerSnapshot>): ServerReading => ({
  processes,
  inside: { front: null, workers: [worker(1, 0)], lostWorkers: 0, ...inside },
});

test('only what happened between the readings counts', () => {
  const busy = { threadCpuUs: 905_000, queuedUs: 80_000, gcMs: 42, loopDelayP99Ms: 3 };
  const before = snapshot({
    processes: [
      used(1, 500_000, 50_000, 0, { voluntary: 5, involuntary: 1 }),
      used(2, 10_000, 0, 0, { voluntary: 70, involuntary: 7 }),
    ],
    workers: [
      worker(1, 900, loop(1000, 1000, { threadCpuUs: 5000, queuedUs: 30_000, gcMs: 40, loopDelayP99Ms: 99 }), 500),
      worker(2, 100, loop(0, 2000, { threadCpuUs: 0, queuedUs: 0 })),
    ],
  });
  const after = snapshot({
    processes: [
      used(1, 900_000, 150_000, WINDOW_MS, { voluntary: 105, involuntary: 11 }),
      used(2, 510_000, 0, WINDOW_MS, { voluntary: 170, involuntary: 7 }),
    ],
    workers: [
      worker(1, 1200, loop(1900, 1100, busy), 4500),
      worker(2, 200, loop(500, 2500, { threadCpuUs: 500_000, queuedUs: 0 })),
    ],
  });
  const quiet = { queuedMs: 0, loopDelayP99Ms: null, gcMs: 0, waiting: 0 };
  expect(serverBetween(before, after, INSIDE)).toEqual({
    cpuMs: 1000,
    userMs: 900,
    systemMs: 100,
    cpuMsPerRequest: 2.5,
    contextSwitches: { voluntary: 200, involuntary: 10 },
    front: null,
    workers: [
      {
        ...{ id: 1, requests: 300, utilisation: 0.9, cpuMs: 900 },
        ...{ queuedMs: 50, loopDelayP99Ms: 3, gcMs: 2, waiting: 4 },
      },
      { id: 2, requests: 100, utilisation: 0.5, cpuMs: 500, ...quiet },
    ],
    busiestThread: null,
    threadPools: null,
  });
});

test('workers are told apart by id, not by their place', () => {
  const before = snapshot({ workers: [worker(1, 10), worker(2, 20)] });
  const after = snapshot({ processes: [used(1, 0, 0)], workers: [worker(2, 25), worker(1, 11)] });
  expect(serverBetween(before, after, INSIDE)?.workers?.map(({ id, requests }) => [id, requests])).toEqual([
    [2, 5],
    [1, 1],
  ]);
});

describe('the front', () => {
  const workers = [worker(1, 10)];
  const between = (first: HandlingUsage, second: HandlingUsage) =>
    serverBetween(snapshot({ front: first }), snapshot({ processes: [used(1, 0, 0)], front: second, workers }), INSIDE)
      ?.front;

  test('is counted like any other loop', () => {
    const first = loop(100, 100, { threadCpuUs: 1000, queuedUs: 500, gcMs: 1, loopDelayP99Ms: 9 });
    const second = loop(850, 350, { threadCpuUs: 501_000, queuedUs: 2500, gcMs: 4, loopDelayP99Ms: 2 });
    expect(between(front(first, 7, 500), front(second, 47, 2500))).toEqual({
      ...{ utilisation: 0.75, cpuMs: 500, queuedMs: 2, gcMs: 3, loopDelayP99Ms: 2 },
      ...{ requests: 40, waiting: 2 },
    });
  });

  test('has no CPU time of its own where threads cannot be told apart', () => {
    const [first, second] = [front(loop(0, 0)), front(loop(1, 0))];
    expect(between(first, second)).toMatchObject({ utilisation: 1, cpuMs: null, queuedMs: null });
  });

  test('has its requests counted in the CPU time of each, beside those of the workers', () => {
    const before = snapshot({ front: front(loop(0, 0), 100) });
    const after = snapshot({
      processes: [used(1, 900_000, 0)],
      front: front(loop(1, 0), 180),
      workers: [worker(1, 10)],
    });
    expect(serverBetween(before, after, INSIDE)?.cpuMsPerRequest).toBe(10);
  });

  test('may have answered everything', () => {
    const before = snapshot({ front: front(loop(0, 0), 100) });
    const after = snapshot({ processes: [used(1, 900_000, 0)], front: front(loop(1, 0), 190) });
    const found = serverBetween(before, after, INSIDE);
    expect(found).toMatchObject({ cpuMsPerRequest: 10, front: { requests: 90 }, workers: [{ requests: 0 }] });
  });

  test('that answered nothing, like its workers, leaves nothing to divide by', () => {
    const both = (usedUs: number) => snapshot({ processes: [used(1, usedUs, 0)], front: front(loop(0, 0), 100) });
    expect(serverBetween(both(0), both(1000), INSIDE)).toBeNull();
  });
});

describe('a loop that was read late', () => {
  /** Read over two seconds, of which the window is one. */
  const late = (after: LoopUsage, waitingMs = 0) =>
    serverBetween(
      snapshot({ workers: [worker(1, 0, loop(0, 0, { threadCpuUs: 0, queuedUs: 0 }))] }),
      snapshot({ processes: [used(1, 0, 0)], workers: [worker(1, 10, after, waitingMs)] }),
      INSIDE,
    )?.workers?.[0];

  test('has its times scaled to the window, and its shares as they were', () => {
    const after = loop(1500, 500, { threadCpuUs: 1_200_000, queuedUs: 300_000, gcMs: 80, loopDelayP99Ms: 7 });
    expect(late(after, 24_000)).toMatchObject({
      ...{ utilisation: 0.75, cpuMs: 600, queuedMs: 150, gcMs: 40 },
      ...{ loopDelayP99Ms: 7, waiting: 12, requests: 10 },
    });
  });

  test('a time that was taken back is no time, not less', () => {
    expect(late(loop(1000, 1000), -5)).toMatchObject({ waiting: 0 });
  });
});

describe('context switches', () => {
  const counted = (voluntary: number, involuntary: number) => ({ voluntary, involuntary });
  const between = (before: readonly ProcessUsage[], after: readonly ProcessUsage[]) =>
    serverBetween(snapshot({ processes: before }), snapshot({ processes: after, workers: [worker(1, 10)] }), INSIDE)
      ?.contextSwitches;

  test('are those of all processes, scaled to the window and whole', () => {
    const before = [used(1, 0, 0, 0, counted(100, 10)), used(2, 0, 0, 0, counted(0, 0))];
    const after = [used(1, 0, 0, 2 * WINDOW_MS, counted(301, 13)), used(2, 0, 0, WINDOW_MS, counted(50, 0))];
    expect(between(before, after)).toEqual({ voluntary: 151, involuntary: 2 });
  });

  test('of a process that came within the window count from its start', () => {
    const after = [used(1, 0, 0, WINDOW_MS, counted(5, 5)), used(9, 0, 0, WINDOW_MS, counted(7, 0))];
    expect(between([used(1, 0, 0, 0, counted(5, 4))], after)).toEqual({ voluntary: 7, involuntary: 1 });
  });

  test.each([0, 1])('are unknown as soon as process %d does not tell', (silent) => {
    const processes = (atMs: number) => [0, 1].map((i) => used(i, 0, 0, atMs, i === silent ? null : counted(1, 1)));
    expect(between(processes(0), processes(WINDOW_MS))).toBeNull();
  });
});

test('a process that came within the window counts from its start', () => {
  const after = snapshot({ processes: [used(1, 1000, 0), used(2, 3000, 1000)], workers: [worker(1, 1)] });
  expect(serverBetween(snapshot({}), after, INSIDE)?.cpuMs).toBe(5);
});

test('a loop that was not seen to run was not busy', () => {
  const after = snapshot({ processes: [used(1, 0, 0)], workers: [worker(1, 1)] });
  const found = serverBetween(snapshot({}), after, INSIDE)?.workers?.[0];
  expect(found).toMatchObject({ utilisation: 0, gcMs: 0, waiting: 0 });
});

test('nothing answered: there is nothing to divide by', () => {
  expect(serverBetween(snapshot({}), snapshot({ processes: [used(1, 1000, 0)] }), INSIDE)).toBeNull();
});

test('readings that come late are scaled to the window; CPU time per request needs no scaling', () => {
  const after = snapshot({ processes: [used(1, 1_800_000, 200_000, 2 * WINDOW_MS)], workers: [worker(1, 100)] });
  const found = serverBetween(snapshot({}), after, INSIDE);
  expect(found).toMatchObject({ cpuMs: 1000, userMs: 900, systemMs: 100, cpuMsPerRequest: 20 });
});

describe('what is read from outside, at the edges of the window', () => {
  const thread = (pid: number, tid: number, cpuMs: number, queuedMs = 0) => ({ pid, tid, cpuMs, queuedMs });
  const busy = (tid: number, threadCpuUs = 0) => loop(0, 0, { threadId: tid, threadCpuUs, queuedUs: 0 });
  const before = snapshot({ processes: [used(7, 0, 0, 0)], workers: [worker(1, 0, busy(7))] });
  const after = snapshot({
    processes: [used(7, 900_000, 300_000, 1500)],
    workers: [worker(1, 150, loop(1400, 100, { threadId: 7, threadCpuUs: 1_200_000, queuedUs: 0 }))],
  });
  const outside = (list: ReturnType<typeof thread>[], poolSize = 4, elapsedMs = WINDOW_MS) =>
    serverBetween(before, after, { windowMs: WINDOW_MS, requests: 100, threads: { elapsedMs, list }, poolSize });

  test('is what CPU time is, over the requests of the window, however late the server answered', () => {
    const found = outside([thread(7, 7, 780, 90), thread(7, 8, 20)]);
    expect(found).toMatchObject({ cpuMs: 800, cpuMsPerRequest: 8, userMs: 600, systemMs: 200 });
    expect(found?.workers?.[0]).toMatchObject({ cpuMs: 780, queuedMs: 90 });
  });

  test('is scaled when reading it took time', () => {
    expect(outside([thread(7, 7, 880)], 4, 1100)).toMatchObject({ cpuMs: 800 });
  });

  test('tells how busy the pool of libuv was, whose threads are the busiest beside the loops', () => {
    const list = [thread(7, 7, 100), thread(7, 8, 700, 250), thread(7, 9, 30), thread(99, 100, 1000)];
    expect(outside(list, 1)?.threadPools).toEqual([{ size: 1, share: 0.95 }]);
    expect(outside(list, 4)?.threadPools?.[0]?.share).toBeCloseTo(0.245);
  });
});

describe('a command, of which only the outside is known', () => {
  const seen = (pid: number, userUs: number, atMs: number, waitedUs = 0) => ({
    ...used(pid, userUs, 0, atMs, { voluntary: 1, involuntary: 1 }),
    ...{ role: null, waitedUs },
  });
  const reading = (...processes: ReturnType<typeof seen>[]): ServerReading => ({ processes, inside: null });
  const thread = (pid: number, cpuMs: number) => ({ pid, tid: pid, cpuMs, queuedMs: 0 });
  const facts = (list: ReturnType<typeof thread>[]) => ({
    ...{ windowMs: WINDOW_MS, requests: 100, poolSize: 4 },
    threads: { elapsedMs: WINDOW_MS, list },
  });

  test('has the CPU time of its threads, and no workers, which is not the same as none', () => {
    const found = serverBetween(
      reading(seen(1, 0, 0), seen(2, 0, 0)),
      reading(seen(1, 900_000, WINDOW_MS), seen(2, 110_000, WINDOW_MS)),
      facts([thread(1, 905), thread(2, 103)]),
    );
    expect(found).toMatchObject({ cpuMs: 1008, cpuMsPerRequest: 10.08, busiestThread: 0.905 });
    expect(found).toMatchObject({ workers: null, front: null, threadPools: null });
  });

  test('has what it started and ended within the window as well', () => {
    const [before, after] = [reading(seen(1, 100_000, 0)), reading(seen(1, 900_000, WINDOW_MS))];
    expect(serverBetween(before, after, facts([thread(1, 50)]))?.cpuMs).toBe(800);
  });

  test('has what passing processes used, however little that is beside its own', () => {
    const [before, after] = [reading(seen(1, 0, 0)), reading(seen(1, 930_000, WINDOW_MS, 30_000))];
    expect(serverBetween(before, after, facts([thread(1, 902)]))).toMatchObject({ cpuMs: 932, cpuMsPerRequest: 9.32 });
  });

  test('that was read late has all of it scaled to the window, of which the requests are', () => {
    // A process per request: some end before the first reading, one is seen at each, all in two windows.
    const before = reading(seen(1, 5_000_000, 0, 4_900_000), seen(2, 10_000, 0));
    const after = reading(seen(1, 7_000_000, 2 * WINDOW_MS, 6_700_000), seen(3, 20_000, 2 * WINDOW_MS));
    const found = serverBetween(before, after, facts([thread(1, 100)]));
    expect(found).toMatchObject({ cpuMs: 1005, cpuMsPerRequest: 10.05, userMs: 1005 });
    const untold = serverBetween(before, after, { ...facts([]), threads: null });
    expect(untold).toMatchObject({ cpuMs: 1005, cpuMsPerRequest: 10.05 });
  });

  test.each([
    [
      'of which all processes last, has their context switches',
      reading(seen(1, 100_000, WINDOW_MS)),
      { voluntary: 0, involuntary: 0 },
    ],
    [
      'some of whose processes ended, does not tell their context switches',
      reading(seen(1, 300_000, WINDOW_MS, 200_000)),
      null,
    ],
  ])('%s', (_, after, contextSwitches) => {
    expect(serverBetween(reading(seen(1, 0, 0)), after, facts([thread(1, 100)]))).toMatchObject({ contextSwitches });
  });

  test('does not have what a child had used before, which its parent is told at its end', () => {
    const [before, after] = [reading(seen(1, 0, 0), seen(2, 500_000, 0)), reading(seen(1, 600_000, WINDOW_MS))];
    expect(serverBetween(before, after, facts([]))?.cpuMs).toBe(100);
  });
});
