import { expect, test } from 'vitest';
import { studentQuantile } from './student.ts';

// NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
test.each([
  [0.975, 1, 12.706],
  [0.975, 2, 4.303],
  [0.975, 4, 2.776],
  [0.975, 9, 2.262],
  [0.975, 100, 1.984],
  [0.95, 4, 2.132],
  [0.995, 10, 3.169],
])('t(%d, %d) is %d, as in the tables', (p, degreesOfFreedom, expected) => {
  expect(studentQuantile(p, degreesOfFreedom)).toBeCloseTo(expected, 3);
});

test('the distribution is symmetric', () => {
  expect(studentQuantile(0.025, 4)).toBeCloseTo(-studentQuantile(0.975, 4), 9);
});

test('it is exact far out, where the verdicts of many pairs are', () => {
  // In closed form: tan(π(p - ½)) with one degree of freedom, (2p - 1)·√(2 ÷ (1 - (2p - 1)²)) with two.
  const p = 1 - 0.05 / 36 / 3 / 2;
  expect(studentQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5))).toBeCloseTo(1, 6);
  expect(studentQuantile(p, 2) / ((2 * p - 1) * Math.sqrt(2 / (1 - (2 * p - 1) ** 2)))).toBeCloseTo(1, 6);
});

test('it is the same when it is asked for again, and grows with the share and with fewer degrees of freedom', () => {
  const first = studentQuantile(0.99, 6);
  expect(studentQuantile(0.999, 6)).toBeGreaterThan(first);
  expect(studentQuantile(0.99, 5)).toBeGreaterThan(first);
  expect(studentQuantile(0.99, 5.5)).toBeGreaterThan(first);
  expect(studentQuantile(0.99, 6)).toBe(first);
});
