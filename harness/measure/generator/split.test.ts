import { expect, test } from 'vitest';
import { randomStream } from '../../stats/random.ts';
import { splitConnections } from './generators.ts';

test.each([
  [64, 1, [64]],
  [64, 2, [32, 32]],
  [65, 2, [33, 32]],
  [10, 4, [3, 3, 2, 2]],
  [3, 3, [1, 1, 1]],
])('%d connections among %d generators', (connections, generators, shares) => {
  expect(splitConnections(connections, generators)).toEqual(shares);
});

test('whatever the numbers: none is lost, none is added, and no two differ by more than one', () => {
  const random = randomStream(3);
  for (let i = 0; i < 2000; i++) {
    const generators = 1 + Math.floor(random() * 64);
    const connections = generators + Math.floor(random() * 20_000);
    const shares = splitConnections(connections, generators);
    expect(shares).toHaveLength(generators);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(connections);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    expect(shares.every((share) => Number.isInteger(share) && share > 0)).toBe(true);
  }
});
