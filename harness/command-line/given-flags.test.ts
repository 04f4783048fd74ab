import { expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { refuseBesideResume, refuseRepeats } from './given-flags.ts';

const refuse = (...words: readonly string[]): void =>
  refuseRepeats(words, ['scenario'], { s: 'scenario', w: 'workers' });

test.each([
  [['--workers', '2', '--workers', '1'], '--workers is given 2 times; give it once'],
  [['--workers=2', '--workers=2', '--workers', '3'], '--workers is given 3 times; give it once'],
  [['--workers', '1', '-w', '1'], '--workers is given 2 times; give it once'],
  [['-w', '1', '-w2'], '--workers is given 2 times; give it once'],
  [['--salvage', '--salvage'], '--salvage is given 2 times; give it once'],
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

test('a resumed run takes none but the flags that may stand beside it', () => {
  const beside = (parsed: Readonly<Record<string, unknown>>) => () =>
    refuseBesideResume(parsed, ['seed', 'resume', 'format'], ['resume', 'format']);
  expect(beside({ resume: 'a', seed: 0 })).toThrow(
    new UserError('--resume goes on with the plan of that run; leave out --seed, or start a new run without it'),
  );
  expect(beside({ resume: 'a', seed: undefined, format: 'text', other: 1 })).not.toThrow();
  expect(beside({ seed: 0 })).not.toThrow();
});
