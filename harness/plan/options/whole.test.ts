import { expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import { whole } from './values.ts';

test('both bounds are included', () => {
  expect([whole('--port', 0, 0, 9), whole('--port', 5, 0, 9), whole('--port', 9, 0, 9)]).toEqual([0, 5, 9]);
});

test.each([-1, 10, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is refused, and the flag is named', (value) => {
  expect(() => whole('--port', value, 0, 9)).toThrow(new UserError(`--port ${value}: give a whole number from 0 to 9`));
});
