import { expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { list, number, workers } from './flags.ts';
import { refuseRepeats } from './mistakes.ts';

const refuse = (...words: readonly string[]): void =>
  refuseRepeats(words, { scenario: { ...list, alias: 's' }, workers, rounds: number, seed: number });

test.each([
  [['--workers', '2', '--workers', '1'], '--workers was given 2 times; give it once'],
  [['--workers=2', '--workers=2', '--workers', '3'], '--workers was given 3 times; give it once'],
  [['--workers', '1', '-w', '1'], '--workers was given 2 times; give it once'],
  [['-w', '1', '-w2'], '--workers was given 2 times; give it once'],
  [['--salvage', '--salvage'], '--salvage was given 2 times; give it once'],
])('%j is refused', (words, message) => {
  expect(() => refuse(...words)).toThrow(new UserError(message));
});

test.each([
  [['run', '--workers', '2', '--seed', '1']],
  [['-s', 'cpu', '-s', 'io', '--scenario', 'json']],
  [['--seed', '-1', '--rounds', '-1']],
  [['--workers', '2', '--', '--workers', '3']],
  [[]],
])('%j is fine', (words) => {
  expect(() => refuse(...words)).not.toThrow();
});
