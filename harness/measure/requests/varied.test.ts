import { expect, test } from 'vitest';
import { namesClient, nthBytes, nthRequest } from './varied.ts';

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const order = {
  name: 'order',
  path: '/orders/{{n}}',
  headers: { accept: '*/*', 'idempotency-key': '{{uuid}}' },
  body: '{"id":{{ n }},"ä":"{{UUID}}","x":"{{name}}"}',
  varies: true,
};
/** As autocannon writes it. */
const bytes = Buffer.from(
  `POST /orders/{{n}} HTTP/1.1\r\nHost: a\r\nidempotency-key: {{uuid}}\r\nContent-Length: 99\r\n\r\n${order.body}`,
);

test('every place of a request has the same value, and what is no place stays', () => {
  const { path, headers, body } = nthRequest(order)(7);
  const uuid = headers['idempotency-key'] ?? '';
  expect(uuid).toMatch(UUID);
  expect({ path, headers, body }).toEqual({
    path: '/orders/7',
    headers: { accept: '*/*', 'idempotency-key': uuid },
    body: `{"id":7,"ä":"${uuid}","x":"{{name}}"}`,
  });
});

test('the bytes of a request are those of the same request', () => {
  for (const n of [1, 10_001, 123_456_789]) {
    const written = nthBytes(order, bytes)(n);
    const [head = '', body = ''] = Buffer.from(String(written), 'latin1').toString('utf8').split('\r\n\r\n');
    const { path, headers, body: right } = nthRequest(order)(n);
    expect(body).toBe(right);
    expect(head.split('\r\n')).toEqual([
      `POST ${path} HTTP/1.1`,
      'Host: a',
      `idempotency-key: ${headers['idempotency-key']}`,
      `Content-Length: ${Buffer.byteLength(right)}`,
    ]);
  }
});

test('the same number always makes the same request, and no other number does', () => {
  const keyOf = (n: number, name = 'order'): string =>
    nthRequest({ ...order, name })(n).headers['idempotency-key'] ?? '';
  expect(keyOf(5)).toBe(keyOf(5));
  expect(keyOf(5)).not.toBe(keyOf(5, 'other'));
  expect(new Set(Array.from({ length: 100_000 }, (_, n) => keyOf(n))).size).toBe(100_000);
});

test('bodies are sent in turn', () => {
  const request = { name: 'a', path: '/', bodies: ['one', 'zwölf'] };
  const plain = Buffer.from('POST / HTTP/1.1\r\nHost: a\r\n\r\n');
  expect([1, 2, 3].map((n) => nthRequest(request)(n).body)).toEqual(['one', 'zwölf', 'one']);
  expect([1, 2, 3].map((n) => nthBytes(request, plain)(n).toString())).toEqual([
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nzwölf',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none',
  ]);
});

test('a request that is always the same is the same bytes', () => {
  expect(nthBytes({ name: 'a', path: '/{{n}}' }, bytes)(3)).toBe(bytes);
});

test('who sends it and how often that client has sent is said as well; beside the load each is new', () => {
  const visit = { name: 'visit', path: '/{{Visit}}', headers: { cookie: 'client={{client}}' }, varies: true };
  expect(nthRequest(visit)(9, { client: 10_003, visit: 4 })).toMatchObject({
    path: '/4',
    headers: { cookie: 'client=10003' },
  });
  expect(nthRequest(visit)(9)).toMatchObject({ path: '/1', headers: { cookie: 'client=9' } });
  expect([namesClient(visit), namesClient(order), namesClient({ ...visit, varies: false })]).toEqual([
    true,
    false,
    false,
  ]);
});
