import { expect, test } from 'vitest';
import { parsePss, readMemory } from './memory.ts';

const rollup = [
  '55d0c0a00000-7ffd1b5fe000 ---p 00000000 00:00 0                          [rollup]',
  'Rss:               45788 kB',
  'Pss:               12345 kB',
  'Pss_Dirty:          9876 kB',
  'Pss_Anon:           5555 kB',
  'SwapPss:               7 kB',
  '',
].join('\n');

test('the proportional set size, and none of its relatives', () => {
  expect(parsePss(rollup)).toBe(12_345 * 1024);
});

test.each([
  ['an empty file', ''],
  ['a file without the line', rollup.replace(/^Pss:.*\n/m, '')],
])('%s has none', (_, text) => {
  expect(parsePss(text)).toBeNull();
});

test('without a proportional size of every process, resident sizes are added and labelled so', async () => {
  const processes = [process.pid, 2 ** 30].map((pid) => ({ pid, atMs: 0, userUs: 0, systemUs: 0, rssBytes: 1000 }));
  expect(await readMemory(processes)).toEqual({ kind: 'rss', bytes: 2000 });
});
