import { describe, expect, test } from 'vitest';
import { unsendable, withLines, withoutLength } from './sendable.ts';

const with_ = (changes: Partial<Parameters<typeof unsendable>[0]>): string | null =>
  unsendable({ path: '/', ...changes });

describe('a path', () => {
  test.each(['/', '//', '/?', '/a?b=c&b=d', '/%zz', '/a/../b', `/${'x'.repeat(100_000)}`, '/{}|\\^`"<>\''])(
    'like %.20s can be sent',
    (path) => {
      expect(with_({ path })).toBeNull();
    },
  );

  test.each([
    ['/a b', 'write the path in ASCII, percent-encoded: /a%20b'],
    ['/größe', 'write the path in ASCII, percent-encoded: /gr%C3%B6%C3%9Fe'],
    ['/\ud800', 'write the path in ASCII, percent-encoded: /'],
    ['/a\r\nx: y', 'write the path in ASCII, percent-encoded: /a%0D%0Ax:%20y'],
    ['/a#b', 'no client sends what follows a #; leave it out, or write it as %23: /a%23b'],
    ['products', 'the path must begin with a slash, and have no host: /products'],
    ['', 'the path must begin with a slash, and have no host: /'],
    ['*', 'the path must begin with a slash, and have no host: /*'],
    ['http://shop.example/list?a=1', 'the path must begin with a slash, and have no host: /list?a=1'],
  ])('%j cannot, and the way out is told', (path, problem) => {
    expect(with_({ path })).toBe(problem);
  });

  test('may have places with spaces in them where it varies', () => {
    expect(with_({ path: '/{{ n }}/{{ uuid }}', varies: true })).toBeNull();
    expect(with_({ path: '/{{ n }}' })).toMatch(/percent-encoded/);
  });
});

describe('headers', () => {
  test.each([
    { accept: '*/*', Accept: 'text/html', ACCEPT: '' },
    { cookie: ['a=1', 'b=2'], host: 'shop.example:80', te: 'trailers' },
    { 'x-value': '  with spaces\tand Größe ' },
    { 'content-length': '0' },
    { 'x-big': 'x'.repeat(20_000) },
  ])('like %.40j can be sent', (headers) => {
    expect(with_({ headers })).toBeNull();
  });

  test.each<[Record<string, string | string[]>, RegExp]>([
    [{ Connection: 'close' }, /^header 'Connection': .*--connection-mode.*leave it out$/],
    [{ 'keep-alive': 'timeout=5' }, /^header 'keep-alive': .*leave it out$/],
    [{ 'TRANSFER-ENCODING': 'chunked' }, /^header 'TRANSFER-ENCODING': .*leave it out$/],
    [{ Upgrade: 'websocket' }, /^header 'Upgrade': .*leave it out$/],
    [{ expect: '100-continue' }, /^header 'expect': .*leave it out$/],
    [{ trailer: 'x' }, /^header 'trailer': .*leave it out$/],
    [{ 'x y': 'z' }, /^header 'x y': a name has letters.*rename it$/],
    [{ '': 'z' }, /^header '': a name/],
    [{ x: 'a\r\nb: c' }, /^header 'x': a value is one line of Latin characters; encode it/],
    [{ x: ['fine', '✓'] }, /^header 'x': a value is one line of Latin characters; encode it/],
    [{ host: '' }, /^header 'host': give one host/],
    [{ Host: ['a', 'b'] }, /^header 'Host': give one host/],
    [{ host: 'a', Host: 'b' }, /^header 'Host': it is given twice; leave one of them out$/],
  ])('%j cannot, and the way out is told', (headers, problem) => {
    expect(with_({ headers })).toMatch(problem);
  });

  test('may have the length of the body, in any spelling, and no other', () => {
    const body = 'größe';
    expect(with_({ headers: { 'Content-LENGTH': '7' }, body })).toBeNull();
    expect(with_({ headers: { 'content-length': '5' }, body })).toBe(
      "header 'content-length: 5': the body has 7 bytes; leave it out, it is added",
    );
    expect(with_({ headers: { 'content-length': ['7', '7'] }, body })).toBeNull();
    expect(with_({ headers: { 'content-length': '1' }, bodies: ['a', 'b'] })).toBeNull();
    expect(with_({ headers: { 'content-length': '1' }, bodies: ['a', 'bc'] })).toMatch(/bodies have lengths/);
    expect(with_({ headers: { 'content-length': '5' }, body: '{{n}}', varies: true })).toMatch(/leave it out/);
    expect(withoutLength({ a: '1', 'Content-Length': '7' })).toEqual({ a: '1' });
  });
});

test('lines of one name become a list, in their order', () => {
  const lines = [
    ['a', '1'],
    ['b', '2'],
    ['a', '3'],
    ['A', '4'],
  ] as const;
  expect(withLines(lines)).toEqual({ a: ['1', '3'], b: '2', A: '4' });
});
