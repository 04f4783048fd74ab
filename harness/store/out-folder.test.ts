import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { createOutFolder, defaultFolder, makeFolderIn, openToGoOn, removeIfEmpty, writeAnew } from './out-folder.ts';

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

describe('nothing is written through a link', () => {
  const makeLink = { symbolic: symlinkSync, hard: linkSync } as const;
  const kinds = ['symbolic', 'hard'] as const;

  /** A folder of results in which a link of this name leads to a file elsewhere. */
  function withLink(kind: keyof typeof makeLink): {
    readonly folder: string;
    readonly link: string;
    readonly target: string;
  } {
    const folder = temporaryFolder();
    const target = join(temporaryFolder(), 'mine');
    writeFileSync(target, 'mine');
    makeLink[kind](target, join(folder, 'link'));
    return { folder, link: join(folder, 'link'), target };
  }

  test.each(kinds)('a file takes the place of a %s one, and leaves nothing beside it', (kind) => {
    const { folder, link, target } = withLink(kind);
    writeAnew(link, 'new');
    expect([readFileSync(target, 'utf8'), readFileSync(link, 'utf8'), readdirSync(folder)]).toEqual([
      'mine',
      'new',
      ['link'],
    ]);
  });

  test('a file takes the place of one that leads nowhere, and of no folder', () => {
    const folder = temporaryFolder();
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
    writeAnew(join(folder, 'link'), 'new');
    expect(readdirSync(folder)).toEqual(['link']);
    mkdirSync(join(folder, 'below'));
    expect(() => writeAnew(join(folder, 'below'), 'new')).toThrow(/EISDIR/);
    expect(readdirSync(folder)).toEqual(['below', 'link']);
  });

  test.each(kinds)('what is gone on with is refused when it is a %s one', (kind) => {
    const { link, target } = withLink(kind);
    for (const append of [true, false]) {
      expect(() => openToGoOn(link, { append })).toThrow(
        new UserError(
          `${link} is a link, and nothing is written through one; put a copy of what it leads to in its place`,
        ),
      );
    }
    expect(readFileSync(target, 'utf8')).toBe('mine');
    closeSync(openToGoOn(join(temporaryFolder(), 'new'), { append: true }));
  });

  test('a folder is not made where one stands', () => {
    const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()];
    symlinkSync(elsewhere, join(folder, 'report'));
    expect(() => makeFolderIn(folder, 'report')).toThrow(/report is a link, and nothing is written through one/);
    expect(existsSync(makeFolderIn(folder, 'hdr'))).toBe(true);
    expect(existsSync(makeFolderIn(folder, 'hdr'))).toBe(true);
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
