import { expect, test } from 'vitest';
import { SharedTable, sharedMemoryFor } from './shared-table.ts';

const recordOf = (key: number) => ({ price: (key * 37) % 1000, shelf: key % 64 });

test.each([1, 7, 1000, 13_107])('has each of %i records under its key, and none under another', (records) => {
  const table = new SharedTable(sharedMemoryFor(records));
  for (let key = 0; key < records; key++) table.set(key, recordOf(key));
  const prices = Array.from({ length: records }, (_, key) => table.price(key));
  expect(prices).toEqual(Array.from({ length: records }, (_, key) => recordOf(key).price));
  expect([records, 2 * records, 2 ** 31].map((key) => table.price(key))).toEqual([undefined, undefined, undefined]);
});

test('a record that one replaces is replaced for all who have the memory, in its place', () => {
  const memory = sharedMemoryFor(100);
  const [one, other] = [new SharedTable(memory), new SharedTable(memory)];
  for (let key = 0; key < 100; key++) one.set(key, recordOf(key));
  const before = new Uint32Array(memory).slice();
  for (let key = 0; key < 100; key++) other.set(key, recordOf(key));
  expect(new Uint32Array(memory)).toEqual(before);
  other.set(17, { ...recordOf(17), price: 5 });
  expect(one.price(17)).toBe(5);
});
