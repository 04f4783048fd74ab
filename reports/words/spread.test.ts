import { expect, test } from 'vitest';
import { estimated } from '../fixtures/build.ts';
import { endsOf, spreadOf } from './spread.ts';

const thrice = { ...estimated([196, 190, 200], 3), low: 180.4, high: 211 };
const twice = estimated([196, 190, 200], 2);

test('intervals where every figure has one', () => {
  const { head, title, textOf, meaning } = spreadOf([thrice, thrice]);
  expect([head.join(' '), title, textOf(thrice), meaning]).toEqual([
    '95% interval low–high',
    '95% interval',
    '180–211',
    '95% interval over trials',
  ]);
});

test('ranges where no figure has an interval', () => {
  const { head, title, textOf, meaning } = spreadOf([twice]);
  expect([head.join(' '), title, textOf(twice), meaning]).toEqual([
    'spread min–max',
    'min–max',
    '190–200',
    'lowest to highest trial',
  ]);
});

test('a range among intervals is told apart from them', () => {
  const { title, textOf, meaning } = spreadOf([thrice, twice]);
  expect([title, textOf(thrice), textOf(twice)]).toEqual(['95% interval', '180–211', '(190–200)']);
  expect(meaning).toBe(
    '95% interval over trials; in brackets: lowest to highest trial, where there are fewer than 3 trials',
  );
});

test('the ends are those of the interval, or of the range', () => {
  expect([endsOf(thrice), endsOf(twice)]).toEqual([
    { low: 180.4, high: 211 },
    { low: 190, high: 200 },
  ]);
});
