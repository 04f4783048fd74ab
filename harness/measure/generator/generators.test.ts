import { describe, expect, test } from 'vitest';
import { randomStream } from '../../stats/random.ts';
import { inStep, splitConnections } from './generators.ts';

/** Adds up the counts of so many sources, and keeps the sums. */
function adding(sources: number) {
  const sums: number[] = [];
  return { add: inStep(sources, (sum) => sums.push(sum)), sums };
}

describe('counts of several generators are added up in step', () => {
  test('that of a single one is passed on at once', () => {
    const { add, sums } = adding(1);
    add(0, 5);
    add(0, 7);
    expect(sums).toEqual([5, 7]);
  });

  test('a sum waits until each has reported its count', () => {
    const { add, sums } = adding(3);
    add(0, 1);
    add(2, 4);
    expect(sums).toEqual([]);
    add(1, 2);
    expect(sums).toEqual([7]);
  });

  test('the nth of one goes with the nth of the others, however late', () => {
    const { add, sums } = adding(2);
    for (const count of [10, 20, 30]) add(0, count);
    add(1, 1);
    expect(sums).toEqual([11]);
    add(1, 2);
    add(1, 3);
    expect(sums).toEqual([11, 22, 33]);
  });

  test('a count of nothing is a count', () => {
    const { add, sums } = adding(2);
    add(1, 0);
    add(0, 0);
    expect(sums).toEqual([0]);
  });
});

describe('connections are distributed over generators', () => {
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
});
