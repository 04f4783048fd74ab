import { describe, expect, test } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { DEFAULT_IMAGES, parseImageOptions } from './options.ts';

const CHARTS = ['throughput', 'latency', 'memory'];

test('nothing asked for is every chart as it comes', () => {
  expect(parseImageOptions({}, CHARTS)).toEqual(DEFAULT_IMAGES);
});

test('words above the charts, without the blanks around them', () => {
  const { canvas } = parseImageOptions({ title: ' Ours ', subtitle: 'before and after' }, CHARTS);
  expect(canvas).toMatchObject({ title: 'Ours', subtitle: 'before and after' });
});

test('a chart that is named twice is drawn once', () => {
  expect(parseImageOptions({ chart: ['latency', 'latency'] }, CHARTS).charts).toEqual(['latency']);
});

test.each([
  ['320', { kind: 'width', px: 320 }],
  ['4000', { kind: 'width', px: 4000 }],
  ['16:9', { kind: 'slide' }],
])('a width of %s', (width, size) => {
  expect(parseImageOptions({ width }, CHARTS).canvas.size).toEqual(size);
});

test('a dark theme', () => {
  expect(parseImageOptions({ theme: 'dark' }, CHARTS).theme).toBe('dark');
});

describe('mistakes', () => {
  const width = 'give a whole number of pixels from 320 to 4000, or 16:9 for a slide of 1920 by 1080';
  test.each([
    [
      { chart: ['latncy'] },
      "--chart latncy: there is no such chart. Did you mean 'latency'? Known: throughput, latency, memory.",
    ],
    [{ chart: ['pie'] }, '--chart pie: there is no such chart. Known: throughput, latency, memory.'],
    [{ chart: [] }, '--chart: name a chart. Known: throughput, latency, memory.'],
    [{ theme: 'sepia' }, '--theme sepia: give light or dark'],
    [{ width: '319' }, `--width 319: ${width}`],
    [{ width: '4001' }, `--width 4001: ${width}`],
    [{ width: '800.5' }, `--width 800.5: ${width}`],
    [{ width: '4:3' }, `--width 4:3: ${width}`],
    [{ title: ' ' }, '--title: give a text, or omit the flag for the default'],
    [{ subtitle: '' }, '--subtitle: give a text, or omit the flag for the default'],
  ])('%j', (flags, line) => {
    expect(() => parseImageOptions(flags, CHARTS)).toThrow(new UserError(line));
  });
});
