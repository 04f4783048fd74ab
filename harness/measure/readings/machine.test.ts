import { describe, expect, test } from 'vitest';
import { type MachineTicks, machineBetween, parseMachineTicks } from './machine.ts';

/** Of a virtual machine with two CPUs: user nice system idle iowait irq softirq steal guest guest_nice. */
const stat = [
  'cpu  100 10 50 800 40 5 15 30 60 6',
  'cpu0 50 5 25 400 20 3 7 15 30 3',
  'cpu11 50 5 25 300 20 2 8 5 30 3',
  'intr 123456 0 9',
  'ctxt 987654',
  'cpufreq 1',
  '',
].join('\n');

test('each CPU by its number; time of guests is within that of users, and is not counted twice', () => {
  expect(parseMachineTicks(stat)).toEqual(
    new Map([
      [0, { total: 525, idle: 420, steal: 15 }],
      [11, { total: 415, idle: 320, steal: 5 }],
    ]),
  );
});

test.each([
  ['an empty file', ''],
  ['only the sum of all CPUs', 'cpu  1 2 3 4 5 6 7 8\n'],
  ['too few columns, as of an old kernel', 'cpu0 1 2 3 4\n'],
  ['what is not a number', 'cpu0 1 2 3 x 5 6 7 8\n'],
  ['one CPU of two', 'cpu0 1 2 3 4 5 6 7 8\ncpu1 1 2\n'],
])('%s cannot be read', (_, text) => {
  expect(parseMachineTicks(text)).toBeNull();
});

describe('between two readings', () => {
  const ticks = (...cpus: readonly (readonly [total: number, idle: number, steal: number])[]): MachineTicks =>
    new Map(cpus.map(([total, idle, steal], id) => [id, { total, idle, steal }]));
  const before = ticks([1000, 600, 10], [2000, 100, 0], [500, 500, 0]);
  const after = ticks([1100, 640, 20], [2100, 110, 2], [600, 595, 0]);

  test('shares are of the time that passed on all CPUs', () => {
    expect(machineBetween(before, after, null)).toEqual({ cpus: 3, idle: 145 / 300, steal: 12 / 300 });
  });

  test.each<[readonly number[], number, number]>([
    [[0], 0.4, 0.1],
    [[1], 0.1, 0.02],
    [[0, 1], 0.25, 0.06],
    [[2], 0.95, 0],
  ])('or on those of %j', (cpus, idle, steal) => {
    expect(machineBetween(before, after, cpus)).toEqual({ cpus: cpus.length, idle, steal });
  });

  test('a CPU that is not there does not count', () => {
    expect(machineBetween(before, after, [0, 77])).toMatchObject({ cpus: 1, idle: 0.4 });
  });

  test('a CPU that came in between does not count', () => {
    const more = new Map([...after, [3, { total: 9, idle: 9, steal: 0 }]]);
    expect(machineBetween(before, more, null)).toEqual(machineBetween(before, after, null));
  });

  test('a counter that goes backwards, as the idle one may, does not make a negative share', () => {
    expect(machineBetween(ticks([1000, 600, 10]), ticks([1100, 590, 9]), null)).toEqual({ cpus: 1, idle: 0, steal: 0 });
  });

  test('more idle time than time, as counters of ticks may say, is all of it', () => {
    expect(machineBetween(ticks([1000, 600, 0]), ticks([1100, 702, 0]), null)?.idle).toBe(1);
  });

  test.each<[string, MachineTicks | null, MachineTicks | null, readonly number[] | null]>([
    ['nothing before', null, after, null],
    ['nothing after', before, null, null],
    ['no tick has passed', before, before, null],
    ['none of these CPUs is there', before, after, [77]],
    ['no CPU is asked for', before, after, []],
  ])('%s: nothing to tell', (_, first, second, cpus) => {
    expect(machineBetween(first, second, cpus)).toBeNull();
  });
});
