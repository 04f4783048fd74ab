import { describe, expect, test } from 'vitest';
import { arranged, type Canvas, type CanvasSize, finishedWidth } from './canvas.ts';

const canvas = (size: CanvasSize): Canvas => ({ size, title: null, subtitle: null });

describe('arranged', () => {
  const high = (height: number) => (_: number) => ({ height });

  test('an ordinary image is as high as its content', () => {
    expect(arranged(canvas({ kind: 'natural' }), high(400))).toMatchObject({ width: 960, height: 400, spare: 0 });
  });

  test.each([
    [320, 320],
    [639, 639],
    [640, 960],
    [1200, 1200],
    [4000, 1600],
  ])('an image of %i px is laid out at %i px, so that its letters are neither lost nor tiny', (px, width) => {
    expect(arranged(canvas({ kind: 'width', px }), high(400)).width).toBe(width);
  });

  test.each([100, 540, 541, 900, 2000])('a slide with content %i px high is 16:9 and holds it', (height) => {
    const slide = arranged(canvas({ kind: 'slide' }), high(height));
    expect(slide.width / slide.height).toBeCloseTo(16 / 9);
    expect(slide.height).toBeGreaterThanOrEqual(height);
    expect(slide.spare).toBeCloseTo(slide.height - height);
  });

  test('a slide takes no more width than it must: letters are as large as can be', () => {
    expect(arranged(canvas({ kind: 'slide' }), high(540)).width).toBe(960);
    expect(arranged(canvas({ kind: 'slide' }), high(541)).width).toBe(980);
  });
});

test('the finished image is as wide as asked for', () => {
  expect(finishedWidth(canvas({ kind: 'natural' }), 1200)).toBe(1200);
  expect(finishedWidth(canvas({ kind: 'width', px: 640 }), 960)).toBe(640);
  expect(finishedWidth(canvas({ kind: 'slide' }), 1040)).toBe(1920);
});
