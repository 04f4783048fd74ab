import { describe, expect, test } from 'vitest';
import { fellBehind, isClearly } from './rate-limited-by.ts';

const grewBy = (growth: number, due: number, windowMs = 1000): string | null =>
  fellBehind({ due, backlog: { start: 10, end: 10 + growth }, unfinished: 0 }, windowMs);

describe('a server has fallen behind', () => {
  test.each([
    // More than a twentieth of 1000, but not more than twice √1000.
    [1000, 63, false],
    [1000, 64, true],
    // More than twice √10000, but not more than a twentieth.
    [10_000, 500, false],
    [10_000, 501, true],
    [10_000, 0, false],
    [10_000, -600, false],
    [4, 4, false],
    [0, 0, false],
  ])('of %i due and a backlog that grew by %i: %s', (due, growth, expected) => {
    expect(grewBy(growth, due) !== null).toBe(expected);
    expect(isClearly(growth, due)).toBe(expected);
  });

  test('by what the backlog grew within the window, not by what there was before', () => {
    expect(fellBehind({ due: 1000, backlog: { start: 5000, end: 5010 }, unfinished: 0 }, 1000)).toBeNull();
  });
});

test('what was given up for want of a reply was not answered either', () => {
  const full = { due: 2000, backlog: { start: 2000, end: 2000 } };
  expect(fellBehind({ ...full, unfinished: 0 }, 1000)).toBeNull();
  expect(fellBehind({ ...full, unfinished: 1000 }, 1000)).toBe(
    'fell behind: answered 1,000 of 2,000 requests/s that were due',
  );
  expect(fellBehind({ ...full, unfinished: 3000 }, 1000)).toContain('answered 0 of');
});

test('both rates are told in plain figures, also those that are high', () => {
  expect(grewBy(70, 1000, 5000)).toBe('fell behind: answered 186 of 200 requests/s that were due');
  expect(grewBy(2500, 12_500)).toBe('fell behind: answered 10,000 of 12,500 requests/s that were due');
});
