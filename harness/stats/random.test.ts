import { describe, expect, test } from 'vitest';
import { randomStream, shuffled } from './random.ts';

const take = (count: number, random: () => number): number[] => Array.from({ length: count }, random);
const chiSquare = (counts: readonly number[]): number => {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
};

describe('a stream', () => {
  test('is the same for the same seed', () => {
    expect(take(100, randomStream(42))).toEqual(take(100, randomStream(42)));
  });

  test('never changes between versions, or old runs could not be repeated', () => {
    expect(take(3, randomStream(1))).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
  });

  test('differs between seeds, also between neighbours and at the ends of the range', () => {
    const firsts = [0, 1, 2, 3, 2 ** 32 - 1].map((seed) => randomStream(seed)());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  test('is uniform on [0, 1)', () => {
    const values = take(100_000, randomStream(7));
    const bins = Array.from({ length: 100 }, () => 0);
    for (const value of values) bins[Math.floor(value * 100)] = (bins[Math.floor(value * 100)] ?? 0) + 1;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(bins).toHaveLength(100);
    expect(chiSquare(bins)).toBeLessThan(148.2); // 99 degrees of freedom, p = 0.001
  });

  test('does not tell from one value what the next will be', () => {
    const values = take(20_001, randomStream(3));
    const cells = Array.from({ length: 16 }, () => 0);
    for (const [i, value] of values.slice(1).entries()) {
      const cell = 4 * Math.floor((values[i] ?? 0) * 4) + Math.floor(value * 4);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    expect(chiSquare(cells)).toBeLessThan(37.7); // 15 degrees of freedom, p = 0.001
  });
});

describe('shuffling', () => {
  test('keeps every item, also repeated and undefined ones, and leaves its input alone', () => {
    const items = Object.freeze([1, 1, undefined, null, 'a', 'b']);
    expect(new Set(shuffled(items, randomStream(1)))).toEqual(new Set(items));
    expect(shuffled(items, randomStream(1))).toHaveLength(items.length);
  });

  test.each([[[]], [['one']]])('%j has one order', (items) => {
    expect(shuffled(items, randomStream(1))).toEqual(items);
  });

  // The seeds are fixed, so that this passes always or never.
  test('over many seeds gives every order as often as any other', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 12_000; seed++) {
      const order = shuffled(['a', 'b', 'c', 'd'], randomStream(seed)).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquare([...counts.values()])).toBeLessThan(49.7); // 23 degrees of freedom, p = 0.001
  });
});
