import { expect, test } from 'vitest';
import { readableWidth } from './svg.ts';

function imageWith(width: number, sizes: readonly number[]): string {
  const texts = sizes.map((size) => `<text text-anchor="end" font-size="${size}px">a</text>`);
  return `<svg class="marks" width="${width}" height="9">${texts.join('')}</svg>`;
}

test('an image with large letters may be smaller than one with small letters', () => {
  expect(readableWidth(imageWith(1200, [18, 18, 38, 16, 18]))).toBe(500);
  expect(readableWidth(imageWith(960, [23, 13, 11, 13]))).toBe(554);
});

test('nothing is asked of an image without words, nor more than it was drawn with', () => {
  expect(readableWidth(imageWith(960, []))).toBeNull();
  expect(readableWidth(imageWith(200, [5]))).toBe(200);
});
