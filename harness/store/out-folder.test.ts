import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { createOutFolder, defaultFolder, removeIfEmpty } from './out-folder.ts';

test('the default folder sorts by time and is a plain name on every system', () => {
  const [first, second] = ['2026-01-15T09:30:00.123Z', '2026-11-02T01:00:00Z'].map((at) => defaultFolder(new Date(at)));
  expect(first).toBe('fourways-runs/2026-01-15T09-30-00');
  expect([second, first].toSorted()).toEqual([first, second]);
});

describe('creating', () => {
  test('a folder with its parents', () => {
    const folder = join(temporaryFolder(), 'a', 'b', 'c');
    createOutFolder(folder);
    expect(existsSync(folder)).toBe(true);
  });

  test('never takes a folder that is there, not even an empty one', () => {
    const folder = temporaryFolder();
    expect(() => createOutFolder(folder)).toThrow(
      new UserError(`--out ${folder} exists already; nothing is overwritten, so name a new folder`),
    );
  });

  test('never takes the place of a file', () => {
    const file = join(temporaryFolder(), 'notes');
    writeFileSync(file, 'mine');
    expect(() => createOutFolder(file)).toThrow(UserError);
    expect(() => createOutFolder(join(file, 'below'))).toThrow(
      new UserError(`--out ${join(file, 'below')} cannot be created (ENOTDIR); name a folder that you may write to`),
    );
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test.runIf(process.platform === 'linux')('says so where the system refuses', () => {
    expect(() => createOutFolder('/proc/fourways/run')).toThrow(/^--out \/proc\/fourways\/run cannot be created \(E/);
  });
});

test('only an empty folder is taken away again', () => {
  const folder = join(temporaryFolder(), 'run');
  createOutFolder(folder);
  writeFileSync(join(folder, 'run.ndjson'), '');
  removeIfEmpty(folder);
  expect(existsSync(folder)).toBe(true);

  const empty = join(folder, 'empty');
  createOutFolder(empty);
  removeIfEmpty(empty);
  expect(existsSync(empty)).toBe(false);
});
