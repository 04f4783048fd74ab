import { expect, test } from 'vitest';
import { ReplyMemory } from './transfer.ts';

test.each([64, 300])('bytes of %i KiB that a handler returns twice have memory of their own in each reply', (kib) => {
  const page = new Uint8Array(kib * 1024).fill(7);
  const message = [1, 200, '', page, 2, 200, '', page];
  const memory = new ReplyMemory().handOver(message);
  const { 3: first, 7: second } = structuredClone(message, { transfer: memory });
  if (!(first instanceof Uint8Array && second instanceof Uint8Array)) throw new Error('no bytes');
  // Compared as bytes: `toEqual` walks each of them.
  for (const reply of [first, second]) expect(Buffer.compare(reply, page)).toBe(0);
  expect(first.buffer).not.toBe(second.buffer);
});
