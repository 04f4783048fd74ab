import { expect, test } from 'vitest';
import { configSchema } from '../schema.ts';
import { findService, type Project, styleOf } from './project.ts';
import { starterName, starterText } from './text.ts';

/** A project with these files. */
function project(manifest: unknown, files: readonly string[], runsTypeScript = false): Project {
  return { manifest, exists: (path) => files.includes(path.replace(/^\.\//, '')), runsTypeScript };
}

test.each<[string, unknown, readonly string[]]>([
  ['./bin/www.js by scripts.start', { scripts: { start: 'node ./bin/www' } }, ['bin/www.js', 'app.js']],
  [
    './dist/main.js by scripts.start:prod',
    { scripts: { start: 'nest start', 'start:prod': 'node dist/main' } },
    ['dist/main.js'],
  ],
  [
    './lib/a.mjs by scripts.start',
    { scripts: { start: 'NODE_ENV=production node --enable-source-maps lib/a.mjs --port 1' } },
    ['lib/a.mjs'],
  ],
  ['./lib/index.js by main', { main: './lib' }, ['lib/index.js', 'server.js']],
  ['./server.js by its name', { main: 'gone.js', scripts: { start: 'next start' } }, ['server.js', 'index.js']],
  ['./dist/index.js by its name', null, ['src/server.ts', 'dist/index.js']],
  ['./app.js by its name', 'not an object', ['app.js']],
  ['./app.js by its name', { scripts: { start: 3 }, main: [] }, ['app.js']],
])('%s', (expected, manifest, files) => {
  const found = findService(project(manifest, files));
  expect(`${found?.app} by ${found?.by}`).toBe(expected);
});

test('TypeScript is a service only where Node runs it', () => {
  expect(findService(project(null, ['src/server.ts']))).toBeNull();
  expect(findService(project(null, ['src/server.ts'], true))).toMatchObject({ app: './src/server.ts' });
});

test.each<[string, string | null, unknown, readonly string[], boolean]>([
  ['fourways.config.mjs', 'Express', { dependencies: { express: '5' } }, [], true],
  ['fourways.config.js', 'Nest', { type: 'module', dependencies: { express: '5', '@nestjs/core': '11' } }, [], true],
  ['fourways.config.ts', null, { type: 'module', devDependencies: { typescript: '5' } }, [], true],
  ['fourways.config.mts', 'Hono', { dependencies: { hono: '4' } }, ['tsconfig.json'], true],
  ['fourways.config.mjs', null, null, ['tsconfig.json'], false],
])('%s for %s', (name, framework, manifest, files, runsTypeScript) => {
  const style = styleOf(project(manifest, files, runsTypeScript));
  expect(starterName(style)).toBe(name);
  expect(style.framework).toBe(framework);
});

test.each([true, false])('what is written names only keys that there are (TypeScript: %s)', (isTypeScript) => {
  const text = starterText("./it's.js", { framework: null, isTypeScript, isModule: true });
  const keys = [...text.matchAll(/^ {2}(?:\/\/ )?(\w+): /gm)].map(([, key = '']) => key);
  expect(keys.length).toBeGreaterThan(10);
  expect(keys.filter((key) => !Object.hasOwn(configSchema.shape, key))).toEqual([]);
});
