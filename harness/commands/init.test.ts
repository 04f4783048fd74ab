import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { init } from './actions/init.ts';

async function initIn(folder: string, app?: string): Promise<string> {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) };
  await init({ app }, { out: stream, err: stream, now: () => new Date() }, folder);
  return written.join('');
}

test('says what it found, what it wrote and what comes next, and never overwrites', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'package.json'), '{ "main": "server.js", "dependencies": { "express": "^5" } }');
  writeFileSync(join(folder, 'server.js'), '');
  expect((await initIn(folder)).replace('npx ', '')).toMatchInlineSnapshot(`
    "Found ./server.js (by main, Express).
    Wrote fourways.config.mjs: it sends GET / to it; put requests there that your service answers, as 404 is refused; what else can be said is in it as comments.
    Next: fourways run --preset quick
    "
  `);
  const text = readFileSync(join(folder, 'fourways.config.mjs'), 'utf8');
  expect(text).toContain("app: './server.js',");
  await expect(initIn(folder)).rejects.toThrow('fourways.config.mjs exists already; nothing is overwritten');
  expect(readFileSync(join(folder, 'fourways.config.mjs'), 'utf8')).toBe(text);
});

test('nothing to find is a mistake, and nothing is written', async () => {
  const folder = temporaryFolder();
  await expect(initIn(folder)).rejects.toThrow('no service was found in this folder; name the JavaScript file');
  await expect(initIn(folder, './gone.js')).rejects.toThrow('--app ./gone.js: there is no such file');
  mkdirSync(join(folder, 'server.js'));
  await expect(initIn(folder)).rejects.toThrow('no service was found');
  expect(readdirSync(folder)).toEqual(['server.js']);
});

test('a package.json that is none is named', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'package.json'), '{');
  await expect(initIn(folder)).rejects.toThrow('package.json: it cannot be read: ');
});
