import { expect, test } from 'vitest';
import { namesClient, nthBytes, nthRequest } from './varied.ts';

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const order = {
  name: 'order',
  method: 'POST' as const,
  path: '/orders/{{n}}',
  headers: { accept: '*/*', 'idempotency-key': '{{uuid}}', 'x-n': ['{{n}}', 'one'] },
  body: '{"id":{{ n }},"ä":"{{UUID}}","x":"{{name}}"}',
  varies: true,
};
const hop = { host: 'a:80', connection: 'keep-alive' } as const;
const written = (bytes: Buffer | string): string =>
  (typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes).toString();

test('every place of a request has the same value, and what is no place stays', () => {
  const { path, fields, body } = nthRequest(order)(7);
  const uuid = fields[3] ?? '';
  expect(uuid).toMatch(UUID);
  expect({ path, fields, body: body.toString() }).toEqual({
    path: '/orders/7',
    fields: ['accept', '*/*', 'idempotency-key', uuid, 'x-n', '7', 'x-n', 'one'],
    body: `{"id":7,"ä":"${uuid}","x":"{{name}}"}`,
  });
});

test('the bytes of a request are those of the same request', () => {
  for (const n of [1, 10_001, 123_456_789]) {
    const [head = '', body = ''] = written(nthBytes(order, hop)(n)).split('\r\n\r\n');
    const { path, fields, body: right } = nthRequest(order)(n);
    expect(body).toBe(right.toString());
    expect(head.split('\r\n')).toEqual([
      `POST ${path} HTTP/1.1`,
      ...['host: a:80', 'connection: keep-alive', 'accept: */*'],
      ...[`idempotency-key: ${fields[3]}`, `x-n: ${n}`, 'x-n: one'],
      `content-length: ${right.byteLength}`,
    ]);
  }
});

test('the same number always makes the same request, and no other number does', () => {
  const keyOf = (n: number, name = 'order'): string => nthRequest({ ...order, name })(n).fields[3] ?? '';
  expect(keyOf(5)).toBe(keyOf(5));
  expect(keyOf(5)).not.toBe(keyOf(5, 'other'));
  expect(new Set(Array.from({ length: 100_000 }, (_, n) => keyOf(n))).size).toBe(100_000);
});

test('bodies are sent in turn, text and bytes', () => {
  const bytes = Uint8Array.of(0x7a, 0x77, 0xf6, 0x6c, 0x66);
  const request = { name: 'a', method: 'GET' as const, path: '/', bodies: ['ü', bytes, ''] };
  expect([1, 2, 3, 4].map((n) => nthRequest(request)(n).body.toString('latin1'))).toEqual(['Ã¼', 'zwölf', '', 'Ã¼']);
  const head = 'GET / HTTP/1.1\r\nhost: a:80\r\nconnection: keep-alive\r\n';
  const sent = [1, 2, 3].map((n) => Buffer.from(nthBytes(request, hop)(n)).toString('latin1'));
  expect(sent).toEqual([`${head}content-length: 2\r\n\r\nÃ¼`, `${head}content-length: 5\r\n\r\nzwölf`, `${head}\r\n`]);
});

test('a request that is always the same is the same bytes, with its places as they stand', () => {
  const nth = nthBytes({ name: 'a', method: 'POST', path: '/{{n}}' }, hop);
  expect(nth(3)).toBe(nth(4));
  expect(written(nth(3))).toBe(
    'POST /{{n}} HTTP/1.1\r\nhost: a:80\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n',
  );
});

test('who sends it and how often that client has sent is said as well; beside the load each is new', () => {
  const visit = {
    ...{ name: 'visit', method: 'GET' as const, path: '/{{Visit}}', varies: true },
    headers: { cookie: 'client={{client}}' },
  };
  expect(nthRequest(visit)(9, { client: 10_003, visit: 4 })).toMatchObject({
    path: '/4',
    fields: ['cookie', 'client=10003'],
  });
  expect(nthRequest(visit)(9)).toMatchObject({ path: '/1', fields: ['cookie', 'client=9'] });
  expect([namesClient(visit), namesClient(order), namesClient({ ...visit, varies: false })]).toEqual([
    true,
    false,
    false,
  ]);
});
