import { expect, test } from 'vitest';
import { type ServiceRequest, parseService } from './service.ts';

const app = './server.js';

test('requests with a name, a weight, headers and a body', () => {
  const request = ['GET /products?page=1', 'order=post /orders *3'];
  expect(parseService({ app, request, header: ['accept: text/html', 'X-Empty:'], body: '{"id":1}' }, false)).toEqual({
    name: null,
    file: app,
    verify: 'learned',
    expect: [],
    notes: [],
    requests: [
      {
        ...{ name: 'GET /products?page=1', weight: 1, method: 'GET', path: '/products?page=1' },
        ...{ body: '', bodies: null, varies: false },
        headers: { accept: 'text/html', 'X-Empty': '' },
      },
      {
        ...{ name: 'order', weight: 3, method: 'POST', path: '/orders' },
        ...{ body: '{"id":1}', bodies: null, varies: false },
        headers: { accept: 'text/html', 'X-Empty': '' },
      },
    ],
  });
});

test.each<[string, Partial<ServiceRequest>, object]>([
  ['one body of a file', { body: '@a.json', contents: { body: '{\n}', har: null } }, { body: '{\n}', bodies: null }],
  ['one body per line', { body: '@a.jsonl', contents: { body: '1\n\n2\r\n', har: null } }, { bodies: ['1', '2'] }],
  ['one line', { body: '@a.ndjson', contents: { body: '1\n', har: null } }, { body: '1', bodies: null }],
  ['a place in the body', { body: '{"id":"{{uuid}}"}' }, { varies: true }],
  ['a place in a header', { body: 'x', header: ['idempotency-key: {{ N }}'] }, { varies: true }],
  ['other braces', { body: '{{name}}' }, { varies: false }],
])('a request with %s', (_, flags, expected) => {
  expect(parseService({ app, request: ['POST /orders'], ...flags }, false)?.requests[0]).toMatchObject(expected);
});

test('a place in a path', () => {
  expect(parseService({ app, request: ['GET /products/{{n}}'] }, false)?.requests[0]).toMatchObject({ varies: true });
});

test('without an app there is none', () => {
  expect(parseService({}, false)).toBeNull();
});

test.each<[string, ServiceRequest]>([
  ['--request GET / goes with --app', { request: ['GET /'] }],
  ['--header a: b goes with --app', { header: ['a: b'] }],
  ['--body x goes with --app', { body: 'x' }],
  ['--har a.har goes with --app', { har: 'a.har' }],
  ['--expect status=201 goes with --app', { expect: ['status=201'] }],
  ['--verify status goes with --app', { verify: 'status' }],
  ["--verify stats: give learned or status. Did you mean 'status'?", { app, request: ['GET /'], verify: 'stats' }],
  ["--app ./server.js: say what to send to it with --request, as in --request 'GET /'", { app }],
  ["--request /products: give a method and a path, as in 'GET /products'", { app, request: ['/products'] }],
  ['--request GTE /: GTE is not among GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS', { app, request: ['GTE /'] }],
  [
    '--request GET products: the path must begin with a slash, and have no host: /products',
    { app, request: ['GET products'] },
  ],
  ['--request GET / *0: give a weight from 0.01 to 1000', { app, request: ['GET / *0'] }],
  ["--request: 'GET /' is given twice; name them", { app, request: ['GET /', 'GET /'] }],
  ['--request GET /ü: write the path in ASCII, percent-encoded: /%C3%BC', { app, request: ['GET /ü'] }],
  ["--header a: ü€: give it as 'name: value'", { app, request: ['GET /'], header: ['a: ü€'] }],
  ["--header accept: give it as 'name: value'", { app, request: ['GET /'], header: ['accept'] }],
  [
    '--header Connection: close: whether connections are kept',
    { app, request: ['GET /'], header: ['Connection: close'] },
  ],
  ['--header content-length: 1: it is added; leave it out', { app, request: ['GET /'], header: ['content-length: 1'] }],
  ['--header host: a b: give one host', { app, request: ['GET /'], header: ['host: a b'] }],
  [
    '--body @b.jsonl: there is no line in it',
    { app, request: ['POST /'], body: '@b.jsonl', contents: { body: '\n \n', har: null } },
  ],
  ['--body: none of the requests has a body', { app, request: ['GET /'], body: 'x' }],
])('%s', (message, asked) => {
  expect(() => parseService(asked, false)).toThrow(message);
});
