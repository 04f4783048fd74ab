import { describe, expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import { DEFAULT_MARGIN, didYouMean, integerFlag, parseMargin } from './values.ts';

describe('--margin', () => {
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
});

describe('an integer', () => {
  test('both bounds are included', () => {
    expect([integerFlag('--port', 0, 0, 9), integerFlag('--port', 5, 0, 9), integerFlag('--port', 9, 0, 9)]).toEqual([
      0, 5, 9,
    ]);
  });

  test.each([-1, 10, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is refused, and the flag is named', (value) => {
    expect(() => integerFlag('--port', value, 0, 9)).toThrow(
      new UserError(`--port ${value}: give a whole number from 0 to 9`),
    );
  });
});

describe('did you mean', () => {
  const known = ['single', 'cluster', 'fork-pool', 'worker-threads'];

  test.each([
    ['clutser', " Did you mean 'cluster'?"],
    ['worker-thread', " Did you mean 'worker-threads'?"],
    ['forkpool', " Did you mean 'fork-pool'?"],
    ['threads', ' Known: single, cluster, fork-pool, worker-threads.'],
    ['', ' Known: single, cluster, fork-pool, worker-threads.'],
  ])('%s', (given, expected) => {
    expect(didYouMean(given, known)).toBe(expected);
  });

  test('nothing to offer', () => {
    expect(didYouMean('cluster', [])).toBe('');
  });
});
