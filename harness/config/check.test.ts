import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { checkConfig } from './check.ts';
import { configJsonSchema, defineConfig } from './schema.ts';

test.each<[string, unknown]>([
  ["c.js: unknown key 'model'. Did you mean 'models'?", { model: ['single'] }],
  ["c.js: unknown key 'thresholds'. Known: $schema, version, app, ", { thresholds: [] }],
  ["c.js: requests[0]: unknown key 'methode'. Did you mean 'method'?", { requests: [{ path: '/', methode: 'GET' }] }],
  [
    "c.js: workloads.a: unknown key 'verfy'. Did you mean 'verify'?",
    { workloads: { a: { requests: ['x'], verfy: 1 } } },
  ],
  ['c.js: requests[0].path: it is missing', { requests: [{ method: 'GET' }] }],
  ['c.js: workloads.a b: must be a word', { workloads: { 'a b': { requests: ['GET /'] } } }],
  ['c.js: models: give a list, not string', { models: 'single' }],
  ['c.js: rates[1]: give a text or a number', { rates: ['50%', null] }],
  ['c.js: requests[0]: give a text or an object', { requests: [3] }],
  ['c.js: requests[0].path: give a text, not number', { requests: [{ path: 3 }] }],
  ['c.js: workers: give a number or a text or a list', { workers: true }],
  ['c.js: body: give a text, not function', { body: () => 'x' }],
  ['c.js: requests[0].body: give ', { requests: [{ path: '/', body: () => 'x' }] }],
  ['c.js: requests: ', { requests: [] }],
  [
    'c.js: requests and workloads exclude each other',
    { requests: ['GET /'], workloads: { a: { requests: ['GET /'] } } },
  ],
  ['c.js: version 2: this fourways reads version 1', { version: 2, other: 1 }],
  ['c.js: version one: this fourways reads version 1', { version: 'one' }],
  ['c.js: the file exports nothing', undefined],
  ['c.js: give an object, not null', null],
  ['c.js: give an object, not array', [{ app: 'x' }]],
  ['c.js: give an object, not function', () => ({})],
])('%s', (message, exported) => {
  expect(() => checkConfig('c.js', exported)).toThrow(UserError);
  expect(() => checkConfig('c.js', exported)).toThrow(message);
});

test('what is right is as it was, and numbers are the text of their flags', () => {
  const config = { $schema: 'x', version: 1, app: 'a.js', requests: ['GET /'], margin: 0.05, rates: [200, '50%'] };
  expect(checkConfig('c.js', config)).toEqual({ ...config, margin: '0.05', rates: ['200', '50%'] });
});

test('docs/schema/config.schema.json is what the code says; npm run schema writes it', () => {
  const stored: unknown = JSON.parse(
    readFileSync(new URL('../../docs/schema/config.schema.json', import.meta.url), 'utf8'),
  );
  expect(stored).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});

test('a wrong key does not compile', () => {
  const right = { app: './server.js', workloads: { orders: { requests: [{ path: '/', body: { a: 1 } }] } } } as const;
  expect(defineConfig(right)).toBe(right);
  // @ts-expect-error: the key is models
  defineConfig({ model: ['single'] });
  // @ts-expect-error: the key is method
  defineConfig({ requests: [{ path: '/', methode: 'GET' }] });
  // @ts-expect-error: a workload has no models
  defineConfig({ workloads: { orders: { requests: ['GET /'], models: ['single'] } } });
});
