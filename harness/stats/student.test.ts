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
