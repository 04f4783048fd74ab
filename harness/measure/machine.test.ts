import { describe, expect, test } from 'vitest';
import { machineBetween, parseMachineTicks } from './machine.ts';

/** Of a virtual machine with two CPUs: user nice system idle iowait irq softirq steal guest guest_nice. */
const stat = [
  'cpu  100 10 50 800 40 5 15 30 60 6',
  'cpu0 50 5 25 400 20 3 7 15 30 3',
  'cpu1 50 5 25 400 20 2 8 15 30 3',
  'intr 123456 0 9',
  'ctxt 987654',
  'cpufreq 1',
  '',
].join('\n');

test('time of guests is within that of users, and is not counted twice', () => {
  expect(parseMachineTicks(stat)).toMatchObject({ cpus: 2, total: 1050, idle: 840, steal: 30 });
});

test.each([
  ['an empty file', ''],
  ['no sum of all CPUs', 'cpu0 1 2 3 4 5 6 7 8\n'],
  ['too few columns, as of an old kernel', 'cpu  1 2 3 4\ncpu0 1 2 3 4\n'],
  ['what is not a number', 'cpu  1 2 3 x 5 6 7 8\n'],
])('%s cannot be read', (_, text) => {
  expect(parseMachineTicks(text)).toBeNull();
});

describe('between two readings', () => {
  const before = { cpus: 2, total: 1000, idle: 600, steal: 10 };

  test('shares are of the time that passed', () => {
    const after = { cpus: 2, total: 1200, idle: 650, steal: 20 };
    expect(machineBetween(before, after)).toEqual({ cpus: 2, idle: 0.25, steal: 0.05 });
  });

  test('a counter that goes backwards, as the idle one may, does not make a negative share', () => {
    const after = { cpus: 2, total: 1100, idle: 590, steal: 9 };
    expect(machineBetween(before, after)).toEqual({ cpus: 2, idle: 0, steal: 0 });
  });

  test.each([
    ['nothing before', null, before],
    ['nothing after', before, null],
    ['no tick has passed', before, before],
  ])('%s: nothing to tell', (_, first, second) => {
    expect(machineBetween(first, second)).toBeNull();
  });
});
