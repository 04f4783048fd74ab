import { expect, test } from 'vitest';
import { cut, type Look, linesOf, textWidth } from './text-width.ts';

test('a text is as wide as its letters together, and grows with its size', () => {
  expect(textWidth('ab', 10)).toBeCloseTo(textWidth('a', 10) + textWidth('b', 10));
  expect(textWidth('cluster', 30)).toBeCloseTo(3 * textWidth('cluster', 10));
  expect(textWidth('', 10)).toBe(0);
});

test('all figures are equally wide, so that columns of them stand in line', () => {
  const widths = [...'0123456789'].map((figure) => textWidth(figure, 64));
  expect(new Set(widths).size).toBe(1);
});

test('bold is wider, and what the table does not know has room', () => {
  expect(textWidth('requests', 10, 'bold')).toBeGreaterThan(textWidth('requests', 10));
  expect(textWidth('é', 10)).toBeGreaterThan(textWidth('e', 10));
  expect(textWidth('漢', 10)).toBe(10);
  expect(textWidth('😀', 10)).toBe(10);
});

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
