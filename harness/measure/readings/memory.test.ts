import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ProcessRole, ServerSnapshot } from '../../../servers/model.ts';
import { parsePss, watchMemory } from './memory.ts';

const rollup = (kib: number): string =>
  [
    '55d0c0a00000-7ffd1b5fe000 ---p 00000000 00:00 0                          [rollup]',
    'Rss:               45788 kB',
    `Pss:               ${kib} kB`,
    'Pss_Dirty:          9876 kB',
    'Pss_Anon:           5555 kB',
    'SwapPss:               7 kB',
    '',
  ].join('\n');

test('the proportional set size, and none of its relatives', () => {
  expect(parsePss(rollup(12_345))).toBe(12_345 * 1024);
});

test.each([
  ['an empty file', ''],
  ['a file without the line', rollup(1).replace(/^Pss:.*\n/m, '')],
])('%s has none', (_, text) => {
  expect(parsePss(text)).toBeNull();
});

const usageOf = (pid: number): ServerSnapshot['processes'][number] => ({
  pid,
  role: 'worker',
  atMs: 0,
  userUs: 0,
  systemUs: 0,
  switches: null,
  rssBytes: 0,
});

describe('watching a process tree', () => {
  /** Proportional sizes by pid, which change as the test says. */
  const sizes = new Map<number, number>();
  const read = async (path: string): Promise<string | null> => {
    const kib = sizes.get(Number(/^\/proc\/(\d+)\/smaps_rollup$/.exec(path)?.[1]));
    return kib === undefined ? null : rollup(kib);
  };
  const tree = (
    rssBytes: number,
    pids: readonly number[] = [1, 2],
    roleOf = (_pid: number): ProcessRole => 'worker',
  ): ServerSnapshot => ({
    processes: pids.map((pid) => ({ ...usageOf(pid), role: roleOf(pid), rssBytes })),
    front: null,
    workers: [],
    lostWorkers: 0,
  });
  /** Process 1 is the front of the others. */
  const led = (rssBytes = 0, pids: readonly number[] = [1, 2]): ServerSnapshot =>
    tree(rssBytes, pids, (pid) => (pid === 1 ? 'front' : 'worker'));

  beforeEach(() => {
    vi.useFakeTimers();
    sizes.clear();
    sizes.set(1, 100).set(2, 20);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('the first look is the idle size, and the highest of all the peak', async () => {
    const watch = await watchMemory(tree(0), read);
    sizes.set(1, 300);
    await watch.follow(tree(0));
    sizes.set(1, 200);
    expect(await watch.stop(tree(0))).toMatchObject({ kind: 'pss', idleBytes: 120 * 1024, peakBytes: 320 * 1024 });
  });

  test('the last look counts', async () => {
    const watch = await watchMemory(tree(0), read);
    await watch.follow(tree(0));
    sizes.set(2, 900);
    expect((await watch.stop(tree(0))).peakBytes).toBe(1000 * 1024);
  });

  test('under load it looks every second', async () => {
    const watch = await watchMemory(tree(0), read);
    await watch.follow(tree(0));
    sizes.set(1, 5000);
    await vi.advanceTimersByTimeAsync(1000);
    sizes.set(1, 100);
    expect((await watch.stop(tree(0))).peakBytes).toBe(5020 * 1024);
  });

  test('before the load it does not, and after it no more', async () => {
    const watch = await watchMemory(tree(0), read);
    expect(vi.getTimerCount()).toBe(0);
    await watch.follow(tree(0));
    await watch.stop(tree(0));
    expect(vi.getTimerCount()).toBe(0);
    await watch.follow(tree(0));
    watch.drop();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a process that was started under load counts from then on', async () => {
    const watch = await watchMemory(tree(0, [1]), read);
    await watch.follow(tree(0, [1, 2]));
    expect(await watch.stop(tree(0, [1]))).toMatchObject({ idleBytes: 100 * 1024, peakBytes: 120 * 1024 });
  });

  test('a process of a command that has ended is left out, and the others still have their proportional sizes', async () => {
    const command = { processes: [1, 2, 3].map((pid) => ({ ...usageOf(pid), role: null, rssBytes: 1 })) };
    const zombie = async (path: string) => (path === '/proc/3/stat' ? '3 (sh) Z 1 3 3 0' : read(path));
    const watch = await watchMemory(command, zombie);
    sizes.delete(2);
    await watch.follow(command);
    expect(await watch.stop(command)).toMatchObject({ kind: 'pss', idleBytes: 120 * 1024, peakBytes: 120 * 1024 });
  });

  test('a process of a command that cannot be looked into has no proportional size', async () => {
    const command = { processes: [1, 9].map((pid) => ({ ...usageOf(pid), role: null, rssBytes: 7 })) };
    const other = async (path: string) => (path === '/proc/9/stat' ? '9 (sh) S 1 9 9 0' : read(path));
    const watch = await watchMemory(command, other);
    expect(await watch.stop(command)).toMatchObject({ kind: 'rss', peakBytes: 14 });
  });

  test('the front is told as it was when the whole tree was idle and at its highest, not at its own highest', async () => {
    const watch = await watchMemory(led(), read);
    sizes.set(1, 400);
    await watch.follow(led());
    sizes.set(1, 300).set(2, 200);
    await vi.advanceTimersByTimeAsync(1000);
    sizes.set(1, 100).set(2, 20);
    const { peakBytes, front } = await watch.stop(led());
    expect(peakBytes).toBe(500 * 1024);
    expect(front).toEqual({ idleBytes: 100 * 1024, peakBytes: 300 * 1024 });
  });

  test('resident sizes tell the front apart too', async () => {
    sizes.clear();
    const watch = await watchMemory(led(1000), read);
    await watch.follow(led(5000, [1, 2, 3]));
    const found = await watch.stop(led(2000));
    expect(found).toEqual({
      kind: 'rss',
      idleBytes: 2000,
      peakBytes: 15_000,
      front: { idleBytes: 1000, peakBytes: 5000 },
    });
  });

  test.each<[string, ProcessRole]>([
    ['without a front', 'worker'],
    ['with the front in the process of its workers', 'both'],
  ])('%s nothing is told apart', async (_, role) => {
    const snapshot = tree(0, [1], () => role);
    const watch = await watchMemory(snapshot, read);
    await watch.follow(snapshot);
    expect((await watch.stop(snapshot)).front).toBeNull();
  });

  test('without a proportional size of every process, resident sizes are added and labelled so', async () => {
    sizes.delete(2);
    const watch = await watchMemory(tree(1000), read);
    await watch.follow(tree(5000));
    expect(await watch.stop(tree(3000))).toMatchObject({ kind: 'rss', idleBytes: 2000, peakBytes: 10_000 });
  });

  test('one look that found none is enough: sizes of two kinds are never mixed', async () => {
    const watch = await watchMemory(tree(1000), read);
    await watch.follow(tree(1000));
    sizes.delete(1);
    expect(await watch.stop(tree(1500))).toMatchObject({ kind: 'rss', idleBytes: 2000, peakBytes: 3000 });
  });
});

test.runIf(process.platform === 'linux')('this process has a proportional size', async () => {
  const snapshot = { processes: [usageOf(process.pid)], front: null, workers: [], lostWorkers: 0 };
  const found = await (await watchMemory(snapshot)).stop(snapshot);
  expect(found.kind).toBe('pss');
  expect(found.idleBytes).toBeGreaterThan(2 ** 20);
});
