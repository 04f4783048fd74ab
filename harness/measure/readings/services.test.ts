import { describe, expect, test } from 'vitest';
import { type Files, machineWith } from '../fixtures/machines.ts';
import { readServices, type ServiceReading, servicesBetween } from './threads.ts';

interface Thread {
  readonly ms: number;
  readonly children?: readonly number[];
}

/** A machine with these processes, by pid and thread. */
function reading(
  pids: readonly number[],
  processes: Readonly<Record<number, Readonly<Record<number, Thread>>>>,
  hidden: Files = {},
): ServiceReading {
  const files: Record<string, string> = { ...hidden };
  for (const [pid, threads] of Object.entries(processes)) {
    for (const [thread, { ms, children = [] }] of Object.entries(threads)) {
      files[`/proc/${pid}/task/${thread}/schedstat`] ??= `${ms * 1e6} 123456 789\n`;
      files[`/proc/${pid}/task/${thread}/children`] = children.map((child) => `${child} `).join('');
    }
  }
  const list = (path: string): readonly string[] | null => {
    const pid = Number(/^\/proc\/(\d+)\/task$/.exec(path)?.[1]);
    return Object.keys(processes[pid] ?? {}).length === 0 ? null : Object.keys(processes[pid] ?? {});
  };
  return readServices(pids, machineWith(files), list);
}
const between = (before: ServiceReading, after: ServiceReading, elapsedMs = 1000) =>
  servicesBetween(before, after, elapsedMs);

describe('reading', () => {
  test('times are told by thread, in milliseconds', () => {
    expect(reading([7], { 7: { 7: { ms: 1.5 }, 8: { ms: 20 } } })).toEqual([
      new Map([
        [7, 1.5],
        [8, 20],
      ]),
    ]);
  });

  test('what a service started belongs to it, whichever thread started it, and however deep', () => {
    const processes = {
      7: { 7: { ms: 1 }, 8: { ms: 2, children: [20, 30] } },
      20: { 20: { ms: 4, children: [40] } },
      30: { 30: { ms: 8 } },
      40: { 40: { ms: 16 }, 41: { ms: 32 } },
      50: { 50: { ms: 64 } },
    };
    const [times = new Map()] = reading([7], processes) ?? [];
    expect([...times].map(([thread, ms]) => `${thread} ${ms}`).toSorted()).toEqual(
      ['7 1', '8 2', '20 4', '30 8', '40 16', '41 32'].toSorted(),
    );
  });

  test('services are kept apart, in the order in which they were named', () => {
    const processes = { 7: { 7: { ms: 1 } }, 9: { 9: { ms: 2 } } };
    expect(reading([9, 7], processes)).toEqual([new Map([[9, 2]]), new Map([[7, 1]])]);
  });

  test('without a service there is nothing to tell, and nothing unknown', () => {
    expect(reading([], {})).toEqual([]);
  });

  test.each<[string, ServiceReading]>([
    ['there is no /proc', reading([7], {})],
    ['a service is gone', reading([7, 9], { 7: { 7: { ms: 1 } } })],
    ['the kernel keeps no times', reading([7], { 7: { 7: { ms: 1 } } }, { '/proc/7/task/7/schedstat': '' })],
  ])('nothing is known when %s', (_, found) => {
    expect(found).toBeNull();
  });

  test('a thread that ends while it is looked at is left out', () => {
    const gone = { '/proc/7/task/8/schedstat': '' };
    expect(reading([7], { 7: { 7: { ms: 5 }, 8: { ms: 9 } } }, gone)).toEqual([new Map([[7, 5]])]);
  });

  test('a child that ended while it was looked at is left out', () => {
    expect(reading([7], { 7: { 7: { ms: 5, children: [20] } } })).toEqual([new Map([[7, 5]])]);
  });
});

describe('between two readings', () => {
  test('the time of a service is that of its threads, and its share that of the busiest', () => {
    const before = [
      new Map([
        [1, 100],
        [2, 1000],
      ]),
      new Map([[3, 5]]),
    ];
    const after = [
      new Map([
        [1, 400],
        [2, 1900],
      ]),
      new Map([[3, 5]]),
    ];
    expect(between(before, after, 2000)).toEqual([
      { cpuMs: 1200, busiestThread: 0.45 },
      { cpuMs: 0, busiestThread: 0 },
    ]);
  });

  test('a thread that came in between has used all that it has within it', () => {
    expect(
      between(
        [new Map([[1, 100]])],
        [
          new Map([
            [1, 100],
            [2, 50],
          ]),
        ],
      ),
    ).toEqual([{ cpuMs: 50, busiestThread: 0.05 }]);
  });

  test('a thread that ended in between is not known to have done anything', () => {
    expect(
      between(
        [
          new Map([
            [1, 100],
            [2, 50],
          ]),
        ],
        [new Map([[1, 160]])],
      ),
    ).toEqual([{ cpuMs: 60, busiestThread: 0.06 }]);
  });

  test('a number that was used again by another thread takes nothing away', () => {
    expect(between([new Map([[1, 100]])], [new Map([[1, 30]])])).toEqual([{ cpuMs: 0, busiestThread: 0 }]);
  });

  test('what is unknown at one end is unknown', () => {
    expect([between(null, []), between([], null)]).toEqual([null, null]);
    expect(between([], [])).toEqual([]);
  });
});

test.runIf(process.platform === 'linux')('this process can be looked at as it is', () => {
  const before = readServices([process.pid]);
  for (const start = process.cpuUsage(); process.cpuUsage(start).user < 60_000; );
  const [own] = between(before, readServices([process.pid]), 60) ?? [];
  expect(own?.cpuMs).toBeGreaterThan(10);
  expect(own?.busiestThread).toBeGreaterThan(0.1);
});
