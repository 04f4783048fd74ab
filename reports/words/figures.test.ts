import { describe, expect, test } from 'vitest';
import {
  approximately,
  counted,
  countRange,
  cpuList,
  durationText,
  figure,
  figureOrDash,
  given,
  mebibytes,
  milliseconds,
  multiple,
  percent,
  range,
} from './figures.ts';

describe('figure', () => {
  test.each([
    [0, '0'],
    [0.000000123, '0.000000123'],
    [0.0417, '0.0417'],
    [0.5, '0.500'],
    [9.999, '10.0'],
    [20.06, '20.1'],
    [99.94, '99.9'],
    [99.96, '100'],
    [196.4, '196'],
    [63_412.4, '63,412'],
    [1e21, '1,000,000,000,000,000,000,000'],
  ])('writes %d as %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });

  test('a missing figure is a dash', () => {
    expect(figureOrDash(null)).toBe('–');
    expect(figureOrDash(12)).toBe('12.0');
  });
});

test('a given number gets no digits that nobody wrote', () => {
  expect([10, 0.5, 10.05, 3200].map(given)).toEqual(['10', '0.5', '10.05', '3,200']);
});

test('units', () => {
  expect(milliseconds(1.5)).toBe('1.50 ms');
  expect(mebibytes(112 * 1024 * 1024)).toBe('112');
  expect(range(187.2, 195.1)).toBe('187–195');
});

test('percent has one decimal, and none from a hundred on', () => {
  expect([0.003, 0.4962, 0.9994, 0.9996, 1.08].map(percent)).toEqual(['0.3', '49.6', '99.9', '100', '108']);
});

test('counts agree with their noun', () => {
  expect([counted(1, 'worker'), counted(2, 'worker')]).toEqual(['1 worker', '2 workers']);
  expect([countRange([5, 5]), countRange([3, 5]), countRange([])]).toEqual(['5', '3–5', null]);
});

test.each([
  [0, '≈0'],
  [98.66, '≈98.7'],
  [133_912, '≈134,000'],
  [1_263_412, '≈1,260,000'],
])('a derived figure never has more than three digits that count: %d', (value, text) => {
  expect(approximately(value)).toBe(text);
});

test('a multiple', () => {
  expect([1.9734, 0.5, 12.34].map(multiple)).toEqual(['1.97×', '0.500×', '12.3×']);
});

test('a time is told in its largest unit', () => {
  expect([500, 1000, 60_000, 300_000, 5_400_000].map(durationText)).toEqual([
    '0.5 seconds',
    '1 second',
    '1 minute',
    '5 minutes',
    '1.5 hours',
  ]);
});

test('neighbouring CPUs are drawn together, in any order and each once', () => {
  expect([[5, 2, 0, 1, 1], [3], [0, 2, 4], [0, 1], []].map(cpuList)).toEqual(['0–2, 5', '3', '0, 2, 4', '0–1', '']);
});
