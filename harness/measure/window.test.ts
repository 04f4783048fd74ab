import { describe, expect, test } from 'vitest';
import type { LoopUsage, ProcessUsage, ServerSnapshot, WorkerUsage } from '../../servers/model.ts';
import { serverBetween } from './window.ts';

const loop = (activeMs: number, idleMs: number, threadCpuUs: number | null = null): LoopUsage => ({
  activeMs,
  idleMs,
  threadCpuUs,
  connections: 0,
});
const worker = (id: number, requests: number, usage = loop(0, 0)): WorkerUsage => ({ id, requests, ...usage });
const WINDOW_MS = 1000;
const used = (pid: number, userUs: number, systemUs: number, atMs = WINDOW_MS): ProcessUsage => ({
  pid,
  atMs,
  userUs,
  systemUs,
  rssBytes: 1,
});
const snapshot = (changes: Partial<ServerSnapshot>): ServerSnapshot => ({
  processes: [used(1, 0, 0, 0)],
  front: null,
  workers: [worker(1, 0)],
  lostWorkers: 0,
  ...changes,
});

test('only what happened between the readings counts', () => {
  const before = snapshot({
    processes: [used(1, 500_000, 50_000, 0), used(2, 10_000, 0, 0)],
    workers: [worker(1, 900, loop(1000, 1000, 5000)), worker(2, 100, loop(0, 2000, 0))],
  });
  const after = snapshot({
    processes: [used(1, 900_000, 150_000), used(2, 510_000, 0)],
    workers: [worker(1, 1200, loop(1900, 1100, 905_000)), worker(2, 200, loop(500, 2500, 500_000))],
  });
  expect(serverBetween(before, after, WINDOW_MS)).toEqual({
    cpuMs: 1000,
    userMs: 900,
    systemMs: 100,
    cpuMsPerRequest: 2.5,
    front: null,
    workers: [
      { id: 1, requests: 300, utilisation: 0.9, cpuMs: 900 },
      { id: 2, requests: 100, utilisation: 0.5, cpuMs: 500 },
    ],
  });
});

test('workers are told apart by id, not by their place', () => {
  const before = snapshot({ workers: [worker(1, 10), worker(2, 20)] });
  const after = snapshot({ processes: [used(1, 0, 0)], workers: [worker(2, 25), worker(1, 11)] });
  expect(serverBetween(before, after, WINDOW_MS)?.workers.map(({ id, requests }) => [id, requests])).toEqual([
    [2, 5],
    [1, 1],
  ]);
});

describe('the front', () => {
  const workers = [worker(1, 10)];

  test('is counted like any other loop', () => {
    const before = snapshot({ front: loop(100, 100, 1000) });
    const after = snapshot({ processes: [used(1, 0, 0)], front: loop(850, 350, 501_000), workers });
    expect(serverBetween(before, after, WINDOW_MS)?.front).toEqual({ utilisation: 0.75, cpuMs: 500 });
  });

  test('has no CPU time of its own where threads cannot be told apart', () => {
    const [before, after] = [
      snapshot({ front: loop(0, 0) }),
      snapshot({ processes: [used(1, 0, 0)], front: loop(1, 0), workers }),
    ];
    expect(serverBetween(before, after, WINDOW_MS)?.front).toEqual({ utilisation: 1, cpuMs: null });
  });
});

test('a process that came within the window counts from its start', () => {
  const after = snapshot({ processes: [used(1, 1000, 0), used(2, 3000, 1000)], workers: [worker(1, 1)] });
  expect(serverBetween(snapshot({}), after, WINDOW_MS)?.cpuMs).toBe(5);
});

test('a loop that was not seen to run was not busy', () => {
  const after = snapshot({ processes: [used(1, 0, 0)], workers: [worker(1, 1)] });
  expect(serverBetween(snapshot({}), after, WINDOW_MS)?.workers[0]?.utilisation).toBe(0);
});

test('nothing answered: there is nothing to divide by', () => {
  expect(serverBetween(snapshot({}), snapshot({ processes: [used(1, 1000, 0)] }), WINDOW_MS)).toBeNull();
});

test('readings that come late are scaled to the window; CPU time per request needs no scaling', () => {
  const after = snapshot({ processes: [used(1, 1_800_000, 200_000, 2 * WINDOW_MS)], workers: [worker(1, 100)] });
  const found = serverBetween(snapshot({}), after, WINDOW_MS);
  expect(found).toMatchObject({ cpuMs: 1000, userMs: 900, systemMs: 100, cpuMsPerRequest: 20 });
});
