import { describe, expect, test } from 'vitest';
import { inStep } from './generators.ts';

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

  test('a sum waits until each has told its count', () => {
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
