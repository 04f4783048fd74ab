import { expect, test } from 'vitest';
import {
  type GivenRequest,
  givenAgain,
  parseExternals,
  parseGiven,
  type ServerRequest,
  shownGiven,
} from './external.ts';
import type { AskedService } from './service.ts';

const TAKEN = ['single', 'cluster'];
const order = {
  name: 'order',
  weight: 1,
  method: 'POST',
  path: '/orders',
  headers: {},
  body: '{}',
  bodies: null,
  varies: false,
} as const;
const list = { ...order, name: 'list', method: 'GET', path: '/products', body: '' } as const;
const service: AskedService = {
  name: null,
  file: null,
  requests: [order, list],
  verify: 'learned',
  expect: [],
  notes: [],
};
const parsed = (asked: ServerRequest) => parseExternals(asked, TAKEN, [service]);

test('a command has a name, its line as it was written, and answers what is measured once it is ready', () => {
  expect(parsed({ command: ['pm2=pm2-runtime start server.js -i 2', 'env=A=1 node x.js --port={port}'] })).toEqual([
    { kind: 'command', name: 'pm2', line: 'pm2-runtime start server.js -i 2', ready: '/products' },
    { kind: 'command', name: 'env', line: 'A=1 node x.js --port={port}', ready: '/products' },
  ]);
});

test.each(['GET /health', '/health', 'get /health'])('or says when it is ready: %s', (ready) => {
  expect(parsed({ command: ['one=node x.js'], ready })).toMatchObject([{ ready: '/health' }]);
});

test.each([
  ['mine=http://127.0.0.1:3000', 3000],
  ['mine=http://localhost:8080/', 8080],
  ['mine=http://127.0.0.1', 80],
])('an address is a port of this machine: %s', (url, port) => {
  expect(parsed({ url: [url] })).toEqual([{ kind: 'address', name: 'mine', port }]);
});

test.each<[string, ServerRequest]>([
  ["--command node server.js: give it a name, as in --command 'mine=node server.js'", { command: ['node server.js'] }],
  ["--command : give it a name, as in --command 'mine=node server.js'", { command: [''] }],
  ["'one' is given twice", { command: ['one=a', 'one=b'] }],
  ["'one' is given twice", { command: ['one=a'], url: ['one=http://127.0.0.1:1'] }],
  ['--command single: a model has this name', { command: ['single=node x.js'] }],
  ['--url single: a model has this name', { url: ['single=http://127.0.0.1:3000'] }],
  ['--url http://127.0.0.1:3000: give it a name', { url: ['http://127.0.0.1:3000'] }],
  ['give an address of http', { url: ['a=https://127.0.0.1:3000'] }],
  ['give an address of http', { url: ['a=3000'] }],
  ['load is sent to this machine only', { url: ['a=http://example.org/'] }],
  ['leave out /products?x=1; paths are given with --request', { url: ['a=http://127.0.0.1:1/products?x=1'] }],
  ['--ready /health goes with --command', { ready: '/health' }],
  [
    '--env A goes to servers that are started here, and --url a runs already; leave it out',
    { url: ['a=http://127.0.0.1:1'], env: ['A=secret'] },
  ],
  ['--ready POST /health: give a path', { command: ['one=a'], ready: 'POST /health' }],
])('refused: %s', (message, asked) => {
  expect(() => parsed(asked)).toThrow(message);
});

test('a server for a scenario has its port, and is shown without its login', () => {
  const given = parseGiven({ postgres: 'postgresql://me:secret@localhost/shop' }, ['hello', 'postgres:pool=5']);
  expect(given).toEqual({ postgres: 'postgresql://me:secret@127.0.0.1:5432/shop' });
  expect(shownGiven(given['postgres'] ?? null)).toBe('127.0.0.1:5432/shop');
});

test.each<[string, GivenRequest]>([
  ['--postgres: give an address of postgres://, as in', { postgres: 'mysql://me:secret@127.0.0.1/shop' }],
  ['--postgres: give an address of postgres://, as in', { postgres: 'me:secret' }],
  ['--postgres: load is sent to this machine only', { postgres: 'postgres://me:secret@db.example.org/shop' }],
  ['--postgres: load is sent to this machine only', { postgres: 'postgres://me:secret@127.0.0.1/shop?host=10.0.0.1' }],
  ['--redis is for the scenario of that name; add -s redis', { redis: 'redis://:secret@127.0.0.1' }],
])('%s, without a word of the login', (message, request) => {
  const refusal = () => parseGiven(request, ['postgres']);
  expect(refusal).toThrow(message);
  expect(refusal).not.toThrow(/secret/);
});

test('a run is continued with the server that it was started with', () => {
  const redis = 'redis://:secret@127.0.0.1:6379';
  const plan = { name: 'redis', given: '127.0.0.1:6379' };
  expect(givenAgain('runs/1', [plan], { redis })).toEqual({ redis });
  expect(() => givenAgain('runs/1', [plan], {})).toThrow('the server at 127.0.0.1:6379, whose login is not stored');
  expect(() => givenAgain('runs/1', [plan], { redis: 'redis://127.0.0.1:7000' })).toThrow('give it again with --redis');
  expect(() => givenAgain('runs/1', [{ ...plan, given: null }], { redis })).toThrow('the run was started without it');
});
