import { expect, test } from 'vitest';
import { cellOf } from '../../fixtures/run.ts';
import { pairVisits } from './pairs.ts';

const cells = ['a', 'b', 'c'].map((id) => cellOf('single', { id }));
const visits = Array.from({ length: 400 }, (_, round) => pairVisits(cells, round, 7));

test('every round visits every cell once, on both sides', () => {
  for (const [round, own] of visits.entries()) {
    expect(own.map(({ cell }) => cell.id).toSorted()).toEqual(['a', 'b', 'c']);
    for (const visit of own) {
      expect(visit.round).toBe(round);
      expect(visit.order.toSorted()).toEqual(['base', 'head']);
    }
  }
});

test('neither a side nor a cell is first more often than chance allows', () => {
  const all = visits.flat();
  const baseFirst = all.filter(({ order }) => order[0] === 'base').length;
  expect(baseFirst / all.length).toBeGreaterThan(0.45);
  expect(baseFirst / all.length).toBeLessThan(0.55);
  for (const { id } of cells) {
    const first = visits.filter(([one]) => one?.cell.id === id).length;
    expect(first / visits.length).toBeGreaterThan(0.25);
    expect(first / visits.length).toBeLessThan(0.42);
  }
});

test('each side is first in one of two rounds, in every cell, from a start that chance decides', () => {
  for (const { id } of cells) {
    const firsts = visits.map((own) => own.find(({ cell }) => cell.id === id)?.order[0]);
    for (let round = 0; round < firsts.length; round += 2) {
      expect(firsts.slice(round, round + 2).toSorted()).toEqual(['base', 'head']);
    }
    const starts = firsts.filter((_, round) => round % 2 === 0);
    const baseStarts = starts.filter((side) => side === 'base').length;
    expect(baseStarts / starts.length).toBeGreaterThan(0.4);
    expect(baseStarts / starts.length).toBeLessThan(0.6);
  }
});

test('cells do not all have the same side first', () => {
  const kinds = visits.map((own) => new Set(own.map(({ order }) => order[0])).size);
  expect(kinds.filter((kind) => kind === 2).length).toBeGreaterThan(visits.length / 2);
});

test('the order depends on seed and round alone', () => {
  expect(pairVisits(cells, 5, 7)).toEqual(visits[5]);
  const others = Array.from({ length: 20 }, (_, round) => pairVisits(cells, round, 8));
  expect(others).not.toEqual(visits.slice(0, 20));
});
