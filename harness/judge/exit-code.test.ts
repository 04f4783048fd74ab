import { describe, expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { isStrict } from './exit-code.ts';

describe('whether what is undecided fails', () => {
  test.each([
    [{}, {}, false],
    [{}, { CI: 'true' }, true],
    [{}, { CI: '1' }, true],
    [{}, { CI: 'false' }, false],
    [{ lenient: true }, { CI: 'true' }, false],
    [{ strict: false }, { CI: 'true' }, false],
    [{ strict: true }, {}, true],
    [{ strict: true, lenient: false }, {}, true],
  ])('%o with %o: %s', (asked, env, strict) => {
    expect(isStrict(asked, env)).toBe(strict);
  });

  test('not both', () => {
    expect(() => isStrict({ strict: true, lenient: true })).toThrow(
      new UserError('--strict and --lenient: leave one of them out'),
    );
  });
});
