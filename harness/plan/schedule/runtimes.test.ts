import { expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import { checkRuntimes, modelLabel, onEach, partsOf } from './runtimes.ts';

const [old, current] = [
  { path: '/opt/22/node', version: '22.23.2' },
  { path: '/opt/24/node', version: '24.21.0-nightly2026' },
];

test('each model is a row under each Node.js, with both in its name', () => {
  const rows = onEach(['single', 'my-model'], [old, current]);
  expect(rows.map(({ name }) => name)).toEqual([
    'single@22.23.2',
    'single@24.21.0-nightly2026',
    'my-model@22.23.2',
    'my-model@24.21.0-nightly2026',
  ]);
  for (const { name, model, runtime } of rows) expect(partsOf(name)).toEqual({ model, version: runtime.version });
  expect(rows.map(({ name }) => modelLabel(name)).at(-1)).toBe('my-model on Node 24.21.0-nightly2026');
});

test('with a single Node.js models keep their names, and without one there are no rows', () => {
  expect(onEach(['single'], [old])).toEqual([{ name: 'single', model: 'single', runtime: old }]);
  expect(onEach(['single'], [])).toEqual([]);
  expect(modelLabel('single')).toBe('single');
  expect(partsOf('x@2')).toEqual({ model: 'x@2', version: null });
});

test('rows that could not be told apart are refused, and binaries that nothing runs on', () => {
  const again = { path: './node', version: old.version };
  expect(() => checkRuntimes([old, current, again], true)).toThrow(
    new UserError(
      '--runtime ./node: this is Node 22.23.2, as /opt/22/node is; give each version once, or compare two builds of it with fourways ab',
    ),
  );
  expect(() => checkRuntimes([old], false)).toThrow(/^--runtime \/opt\/22\/node is for models/);
  expect(() => checkRuntimes([], false)).not.toThrow();
});
