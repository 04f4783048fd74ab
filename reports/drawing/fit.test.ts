import { expect, test } from 'vitest';
import { cut, type Look, linesOf, textWidth } from './text-width.ts';

const look: Look = { size: 20, face: 'bold' };
const widthOf = (text: string) => textWidth(text, look.size, look.face);

test('what fits stays as it is', () => {
  expect(cut('cpu ms=10', widthOf('cpu ms=10'), look)).toBe('cpu ms=10');
});

test.each([
  ['cpu ms=10 kb=64', 'cpu ms=10 k…', 'cpu ms=10…'],
  ['cpu ms=10 kb=64', 'cpu ms=10…', 'cpu ms=10…'],
  ['cpu ms=100000', 'cpu ms=1…', 'cpu…'],
  ['worker-threads', 'worker-t…', 'worker-t…'],
])('%s in the width of %s is cut off as %s', (text, room, expected) => {
  expect(cut(text, widthOf(room), look)).toBe(expected);
});

test('a word that is too wide is broken at its hyphens', () => {
  const width = widthOf('another-name');
  expect(linesOf('a-very-long-name for another-name', width, 9, look)).toEqual([
    'a-very-long-',
    'name for',
    'another-name',
  ]);
});

test('there are no more lines than asked for', () => {
  expect(linesOf('one two three four', widthOf('three'), 2, look)).toEqual(['one', 'two…']);
});
