import { expect, test } from 'vitest';
import { textWidth } from './text-width.ts';

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
