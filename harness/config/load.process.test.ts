/** A config file runs in a process of its own: whatever it does, the answer is a config or one line. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configIn, loadConfig } from '../../dist/harness/config/load.js';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

/** Loads a file with this text. */
function loaded(name: string, text: string, limitMs?: number) {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  return loadConfig(file, limitMs);
}

test.each<[string, string]>([
  ['a.js', 'export default { models: ["single"] }'],
  ['a.mjs', 'console.log("noise"); setInterval(() => {}, 1000); export default { models: ["single"] }'],
  ['a.cjs', 'module.exports = Promise.resolve({ models: ["single"] })'],
  ['a.mjs', 'export default async () => ({ models: ["single"] })'],
  ['a.json', '{ "$schema": "x", "version": 1, "models": ["single"] }'],
])('%s: %s', async (name, text) => {
  const found = await loaded(name, text);
  expect(found?.config).toMatchObject({ models: ['single'] });
  expect(found?.printed).toBe(text.includes('noise') ? 'noise' : '');
});

test.each<[string, string, string]>([
  ['a.mjs', 'throw new Error("no database\\nhere")', 'a.mjs: it fails while loading: no database here'],
  ['a.mjs', 'export default', 'a.mjs: it fails while loading: Unexpected '],
  ['a.mjs', 'process.exit(3); export default {}', 'exit code 3); a config file must not end the process'],
  ['a.mjs', 'export const config = {}', 'a.mjs: the file exports nothing'],
  ['a.mjs', 'export default { body: () => 1 }', 'a.mjs: body: give a text, not function'],
  ['a.mjs', 'export default { modles: [] }', "a.mjs: unknown key 'modles'. Did you mean 'models'?"],
  ['a.mjs', 'export default { version: 2 }', 'a.mjs: version 2: this fourways reads version 1'],
  ['a.mjs', "import 'fourways'; export default {}", 'without defineConfig'],
  ['a.mjs', 'export default () => { throw "no" }', 'a.mjs: it fails while loading: no'],
  ['a.json', '{ "models": [', 'a.json: this is not JSON: '],
  ['a.yaml', 'models: []', 'a.yaml: give a file that ends in .ts, .js, .mjs, .cjs, .mts, .cts, .json'],
])('%s: %s', async (name, text, message) => {
  await expect(loaded(name, text)).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringContaining(message),
  });
});

test('one that never ends is given up', async () => {
  await expect(loaded('a.mjs', 'for (;;);', 1500)).rejects.toThrow('no answer within 1.5 s; it must not await');
});

test('one is found in a folder, and two are too many', () => {
  const folder = temporaryFolder();
  expect(configIn(folder)).toBeNull();
  writeFileSync(join(folder, 'fourways.config.json'), '{}');
  expect(configIn(folder)).toBe(join(folder, 'fourways.config.json'));
  writeFileSync(join(folder, 'fourways.config.ts'), '');
  expect(() => configIn(folder)).toThrow('fourways.config.json and fourways.config.ts are both here; keep one');
});
