import { expect, test } from 'vitest';
import { placeNames } from './line-names.ts';

const anchor = (text: string, x: number, y: number) => ({ text, colour: '#000000', x, y });

test('a line that ends inside the plot has its name beside its end', () => {
  expect(placeNames([anchor('a', 100, 50)], 600, 400)).toMatchObject([{ textX: 112, textY: 50, isLed: false }]);
});

test('names of lines that end together are moved apart and led to, within the plot', () => {
  const placed = placeNames(
    [390, 392, 395].map((y, i) => anchor(`model-${i}`, 590, y)),
    600,
    400,
  );
  const heights = placed.map(({ textY }) => textY).toSorted((a, b) => a - b);
  expect(heights.slice(1).every((y, i) => y - (heights[i] ?? 0) >= 19)).toBe(true);
  expect(Math.max(...heights)).toBeLessThanOrEqual(400);
  expect(new Set(placed.map(({ textX }) => textX))).toEqual(new Set([624]));
  expect(placed.some(({ isLed }) => isLed)).toBe(true);
});

test('of ends at one height the rightmost has the topmost name, so that no leader crosses another', () => {
  const placed = placeNames([anchor('left', 500, 20), anchor('right', 590, 20)], 600, 400);
  expect(placed.toSorted((a, b) => a.textY - b.textY).map(({ text }) => text)).toEqual(['right', 'left']);
});
