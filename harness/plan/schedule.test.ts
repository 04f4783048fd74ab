import { expect, test } from 'vitest';
import { cellOf } from '../fixtures/run.ts';
import { schedule } from './schedule.ts';

const cells = ['single', 'cluster', 'fork-pool', 'worker-threads'].map((model) => cellOf(model));
const ROUNDS = 20;
const orders = (seed: number): string[] => {
  const visits = schedule(cells, ROUNDS, seed);
  return Array.from({ length: ROUNDS }, (_, round) =>
    visits
      .filter((visit) => visit.round === round)
      .map(({ cell }) => cell.model)
      .join(' '),
  );
};

test('each round visits every cell once, and ends before the next begins', () => {
  const visits = schedule(cells, ROUNDS, 1);
  expect(visits.map(({ round }) => round)).toEqual(
    Array.from({ length: ROUNDS }, (_, round) => cells.map(() => round)).flat(),
  );
  for (const order of orders(1)) {
    expect(order.split(' ').toSorted()).toEqual(cells.map(({ model }) => model).toSorted());
  }
});

test('the same seed gives the same order', () => {
  expect(orders(42)).toEqual(orders(42));
});

test('another seed gives another order', () => {
  expect(orders(1)).not.toEqual(orders(2));
});

test('the order differs from round to round', () => {
  expect(new Set(orders(1)).size).toBeGreaterThan(ROUNDS / 3);
});

test('no cell is favoured: over many seeds each comes first about as often', () => {
  const SEEDS = 500;
  const firsts = new Map<string, number>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const first = schedule(cells, 1, seed)[0]?.cell.model ?? '';
    firsts.set(first, (firsts.get(first) ?? 0) + 1);
  }
  const expected = SEEDS / cells.length;
  const chiSquare = cells.reduce((sum, { model }) => sum + ((firsts.get(model) ?? 0) - expected) ** 2 / expected, 0);
  expect(chiSquare).toBeLessThan(16.27); // 3 degrees of freedom, p = 0.001
});
