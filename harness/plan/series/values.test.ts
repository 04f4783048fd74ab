import { expect, test } from 'vitest';
import { valuesOf } from './values.ts';

test.each<[string, 'count' | 'amount', number[]]>([
  ['4', 'count', [4]],
  ['1,2,4', 'count', [1, 2, 4]],
  ['4,1,4', 'count', [1, 4]],
  ['1..8', 'count', [1, 2, 4, 8]],
  ['3..20', 'count', [3, 4, 8, 16, 20]],
  ['1..9x3', 'count', [1, 3, 9]],
  ['0.1..10', 'amount', [0.1, 0.2, 0.5, 1, 2, 5, 10]],
  ['0.3..4', 'amount', [0.3, 0.5, 1, 2, 4]],
  ['0.1..10x3,7', 'amount', [0.1, 1, 7, 10]],
  ['0,5', 'amount', [0, 5]],
])('%s (%s)', (text, kind, values) => {
  expect(valuesOf('--workers', text, kind)).toEqual(values);
});

test.each([
  ['1,two', 'give a whole number, or several as in 1,2,4 or 1..8'],
  ['1,,2', 'give a whole number'],
  ['1..', 'give a whole number'],
  ['..', 'give a whole number'],
  ['8..1', 'the range goes down; write 1..8'],
  ['4..4', 'the range is empty; write 4 for one value, or a higher end'],
  ['0..8', 'a range goes in ratios, so it cannot begin at 0'],
  ['1..8x1', 'give the number of values behind x as a whole number from 2 to 1000'],
  ['1..8x1e9', 'give a whole number'],
  [Array.from({ length: 1001 }, (_, i) => i + 1).join(), 'these are 1,001 values; give at most 1000'],
])('%s is refused', (text, message) => {
  expect(() => valuesOf('--workers', text, 'count')).toThrow(`--workers ${text}: ${message}`);
});
