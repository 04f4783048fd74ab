import { expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import { DEFAULT_MARGIN, parseMargin } from './values.ts';

test.each([
  ['3%', 0.03],
  ['2.5%', 0.025],
  ['0.03', 0.03],
  [' 5% ', 0.05],
  ['100%', 1],
  ['1', 1],
])('%s is %d', (text, share) => {
  expect(parseMargin(text)).toBeCloseTo(share, 12);
});

test.each(['0', '0%', '-3%', 'abc', '', '200%', '3', '3 %', '3%%', '1e-2', 'Infinity', 'NaN', '.5'])(
  "'%s' is refused with the way out",
  (text) => {
    expect(() => parseMargin(text)).toThrow(
      new UserError(`--margin ${text}: give a share above 0 and up to 100%, for example 3%`),
    );
  },
);

test('the default is a margin', () => {
  expect(parseMargin(DEFAULT_MARGIN)).toBe(0.03);
});
