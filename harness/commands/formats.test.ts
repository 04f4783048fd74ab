import { expect, test } from 'vitest';
import { columnsOf, isColourful } from './formats.ts';

test.each([
  ['a terminal', true, {}, true],
  ['a pipe', undefined, {}, false],
  ['NO_COLOR on a terminal', true, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR, which counts as not set', true, { NO_COLOR: '' }, true],
  ['FORCE_COLOR into a pipe', undefined, { FORCE_COLOR: '1' }, true],
  ['an empty FORCE_COLOR into a pipe', undefined, { FORCE_COLOR: '' }, true],
  ['FORCE_COLOR=0 on a terminal', true, { FORCE_COLOR: '0' }, false],
  ['FORCE_COLOR=false on a terminal', true, { FORCE_COLOR: 'false' }, false],
  ['both', true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ['a dumb terminal', true, { TERM: 'dumb' }, false],
])('colour: %s', (_, isTTY, env, isOn) => {
  expect(isColourful({ isTTY }, env)).toBe(isOn);
});

test.each([
  [undefined, 80],
  [0, 80],
  [20, 40],
  [40, 40],
  [123, 123],
  [1000, 200],
])('a terminal of %s columns is written %d wide', (columns, width) => {
  expect(columnsOf({ columns })).toBe(width);
});
