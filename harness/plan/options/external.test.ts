import { expect, test } from 'vitest';
import { parseExternals, type ServerRequest } from './external.ts';
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
