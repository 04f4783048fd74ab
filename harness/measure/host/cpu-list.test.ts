import { describe, expect, test } from 'vitest';
import { formatCpuList, parseCpuList } from './cpu-list.ts';

describe('parseCpuList', () => {
  test.each<[string, readonly number[]]>([
    ['0\n', [0]],
    ['0-2,5', [0, 1, 2, 5]],
    ['0,4\n', [0, 4]],
    ['0-1', [0, 1]],
    ['3-3', [3]],
    ['8-9,0-1,1-2', [0, 1, 2, 8, 9]],
  ])('%j', (text, cpus) => {
    expect(parseCpuList(text)).toEqual(cpus);
  });

  test.each(['', '\n', ',', '0,', '0-', '-1', '5-2', '0 1', '0-31:2/4', 'a', '0x1', '1.5', '0-4294967295', 'ff'])(
    '%j is no list',
    (text) => {
      expect(parseCpuList(text)).toBeNull();
    },
  );
});

describe('formatCpuList', () => {
  test.each<[readonly number[], string]>([
    [[], ''],
    [[7], '7'],
    [[0, 1], '0-1'],
    [[0, 1, 2, 5], '0-2,5'],
    [[5, 2, 0, 1, 2], '0-2,5'],
    [[0, 2, 4], '0,2,4'],
    [[10, 9, 8, 1], '1,8-10'],
  ])('%j', (cpus, text) => {
    expect(formatCpuList(cpus)).toBe(text);
  });

  test('is the inverse of parseCpuList', () => {
    expect(formatCpuList(parseCpuList('0-3,8,10-11') ?? [])).toBe('0-3,8,10-11');
  });
});
