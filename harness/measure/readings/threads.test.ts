import { expect, test } from 'vitest';
import { readThreads, threadsBetween } from './threads.ts';

/** A /proc with the schedstat of each thread, by `pid/tid`. */
function machine(threads: Readonly<Record<string, string>>) {
  return [
    (path: string) => threads[/^\/proc\/(\d+)\/task\/(\d+)\/schedstat$/.exec(path)?.slice(1).join('/') ?? ''] ?? null,
    (path: string) => {
      const pid = /^\/proc\/(\d+)\/task$/.exec(path)?.[1];
      const found = Object.keys(threads).flatMap((key) => (key.startsWith(`${pid}/`) ? [key.split('/')[1] ?? ''] : []));
      return found.length === 0 ? null : found;
    },
  ] as const;
}

test('what each thread did is the difference; one that came within counts from nothing, one that went is left out', () => {
  const before = readThreads([7, 8], ...machine({ '7/7': '1000000 500000 3\n', '7/9': '1 1 1\n', '8/8': '0 0 0\n' }));
  const after = readThreads([7, 8], ...machine({ '7/7': '9000000 700000 9\n', '7/12': '2000000 1000000 1\n' }));
  expect(threadsBetween(before, after, 40)).toEqual({
    elapsedMs: 40,
    list: [
      { pid: 7, tid: 7, cpuMs: 8, queuedMs: 0.2 },
      { pid: 7, tid: 12, cpuMs: 2, queuedMs: 1 },
    ],
  });
});

test('nothing is known without /proc, without processes, and of a file that is not understood', () => {
  const some = readThreads([7], ...machine({ '7/7': '1 1 1\n' }));
  for (const none of [readThreads([7], ...machine({})), readThreads([], ...machine({ '7/7': '1 1 1\n' }))]) {
    expect(none).toBeNull();
    expect(threadsBetween(some, none, 1)).toBeNull();
    expect(threadsBetween(none, some, 1)).toBeNull();
  }
  expect(readThreads([7], ...machine({ '7/7': 'words\n' }))).toBeNull();
});

test.runIf(process.platform === 'linux')('a real thread that is busy is seen to be', () => {
  const before = readThreads([process.pid]);
  const startMs = performance.now();
  while (performance.now() < startMs + 100);
  const reading = threadsBetween(before, readThreads([process.pid]), performance.now() - startMs);
  const busiest = Math.max(...(reading?.list ?? []).map(({ cpuMs, queuedMs }) => cpuMs + queuedMs));
  expect(busiest / (reading?.elapsedMs ?? 0)).toBeGreaterThan(0.5);
  expect(busiest / (reading?.elapsedMs ?? 0)).toBeLessThan(1.5);
});
