import { expect, test } from 'vitest';
import { lookAfter, looksAt, shareOf } from './looks.ts';

test('looks grow by a half', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7].map(lookAfter)).toEqual([3, 5, 8, 12, 18, 27, 41, 62]);
});

test('shares of all looks come to 1 at most, and to nearly that', () => {
  const spent = Array.from({ length: 1000 }, (_, look) => shareOf(look)).reduce((sum, share) => sum + share, 0);
  expect(spent).toBeLessThanOrEqual(1);
  expect(spent).toBeGreaterThan(0.99);
});

test('every look is where it would have been with fewer rounds', () => {
  const whole = looksAt(62);
  expect(whole.map(({ rounds }) => rounds)).toEqual([3, 5, 8, 12, 18, 27, 41, 62]);
  for (let look = 0; look < whole.length; look++) expect(looksAt(lookAfter(look))).toEqual(whole.slice(0, look + 1));
});

test('one that is taken early is the last, and spends what it would have spent', () => {
  expect(looksAt(10)).toEqual([...looksAt(8), { rounds: 10, share: shareOf(3) }]);
  expect(looksAt(4)).toEqual([
    { rounds: 3, share: 1 / 3 },
    { rounds: 4, share: 1 / 6 },
  ]);
});

test.each([0, 1, 2])('with %d rounds there is nothing to look at', (rounds) => {
  expect(looksAt(rounds)).toEqual([]);
});
