import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { serviceName } from './user-file.ts';

test.each([
  ['server', '{\n  "name": "@acme/shop",\n  "version": "1.0.0"\n}', 'shop'],
  ['main', '{ "private": true }', 'main'],
  ['orders', '{\n  "name": "shop"\n}', 'orders'],
])('a service in a file called %s, in a package of %s, is called %s', (name, manifest, expected) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'package.json'), manifest);
  mkdirSync(join(folder, 'dist'));
  expect(serviceName({ name, url: pathToFileURL(join(folder, 'dist', `${name}.js`)).href })).toBe(expected);
});
