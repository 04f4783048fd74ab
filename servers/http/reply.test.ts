/** What a handler may return, and what is said of the rest. */
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Headers as ReplyHeaders, Pieces, Reply } from '../../scenarios/scenario.ts';
import { checkReply, collected, flatten } from './reply.ts';

/** What is wrong with a reply, which a module in JavaScript may return whatever its type is. */
function wrongWith(reply: unknown, method = 'GET'): string | null {
  try {
    const given = z.custom<Reply>().parse(reply);
    checkReply(given);
    flatten(given, method);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
const right = { status: 200, headers: {}, body: '' };

describe('a body', () => {
  test.each([
    ['text', 'x'],
    ['empty', ''],
    ['bytes', Uint8Array.of(1)],
    ['a Buffer', Buffer.from('x')],
    ['a stream', Readable.from(['x'])],
    ['a web stream', new Response('x').body],
  ])('may be %s', (_what, body) => {
    expect(wrongWith({ ...right, body })).toBeNull();
  });

  test.each([
    [{ a: 1 }, 'object', 'JSON.stringify() makes one'],
    [[1], 'array', 'JSON.stringify() makes one'],
    [7, 'number', 'String() makes one'],
    [true, 'boolean', 'String() makes one'],
    [null, 'null', "return '' for none"],
    [undefined, 'undefined', "return '' for none"],
    [Promise.resolve('x'), 'Promise', 'await it'],
    [new Response('x'), 'Response', 'await its text() or bytes'],
    [new ArrayBuffer(2), 'ArrayBuffer', 'new Uint8Array() makes one'],
    [
      new DataView(new ArrayBuffer(2)),
      'DataView',
      'new Uint8Array(its.buffer, its.byteOffset, its.byteLength) makes one',
    ],
    [new Date(0), 'Date', 'String() makes one'],
    [() => 'x', 'function', 'String() makes one'],
  ])('%o is none, and how to make one is told', (body, type, wayOut) => {
    const must = 'a body must be a string, a Uint8Array, or an async iterable of these';
    expect(wrongWith({ ...right, body })).toBe(`the handler returned a body of type ${type}; ${must}: ${wayOut}`);
  });

  test.each([204, 304])('is not there with status %i', (status) => {
    expect(wrongWith({ ...right, status })).toBeNull();
    expect(wrongWith({ ...right, status, body: new Uint8Array(0) })).toBeNull();
    for (const body of ['x', Uint8Array.of(1), Readable.from(['x'])]) {
      expect(wrongWith({ ...right, status, body })).toBe(
        `the handler returned a body with status ${status}, which has none; return '' as the body, or another status`,
      );
    }
  });

  test('in pieces has none that is no text and no bytes', async () => {
    const pieces: unknown = Readable.from([1, 2]);
    await expect(collected(z.custom<Pieces>().parse(pieces))).rejects.toThrow(
      'the handler returned a piece of a body of type number; it must be a string or a Uint8Array: String() makes one',
    );
  });
});

test.each([
  [undefined, /^the handler returned undefined; it must return \{ status, headers, body \}$/],
  ['text', /^the handler returned string; it must return \{ status, headers, body \}$/],
  [new Response('x'), /^the handler returned a Response; return \{ status, .*await response\.text\(\) \}$/],
  [{ headers: {}, body: '' }, /^the handler returned a status of type undefined; a status must be a whole number/],
  [{ ...right, status: '200' }, /^the handler returned a status of type string; a status must be/],
  [{ ...right, status: 99 }, /^the handler returned a status 99; a status must be a whole number from 200 to 999$/],
  [{ ...right, status: 1000 }, /status 1000;/],
  [{ ...right, status: 200.5 }, /status 200\.5;/],
  [{ ...right, headers: [['a', 'b']] }, /^the handler returned headers of type array; .*Object\.fromEntries\(\)$/],
  [{ ...right, headers: new Headers({ a: 'b' }) }, /^the handler returned headers of type Headers; /],
  [{ ...right, headers: new Map([['a', 'b']]) }, /^the handler returned headers of type Map; /],
])('%o is no reply', (reply, message) => {
  expect(wrongWith(reply)).toMatch(message);
});

describe('headers', () => {
  test('of one name are each on a line of their own', () => {
    const headers = { 'set-cookie': ['a=1', 'b=2'], Link: ['</a>', '</b>'], vary: ['accept'], 'x-none': [], 'x-n': 1 };
    expect(flatten({ ...right, headers: z.custom<ReplyHeaders>().parse(headers) }, 'GET')).toEqual([
      'set-cookie',
      'a=1',
      'set-cookie',
      'b=2',
      'Link',
      '</a>',
      'Link',
      '</b>',
      'vary',
      'accept',
      'x-n',
      '1',
    ]);
  });

  test.each([
    [{ x: null }, "a header 'x' of type null; a header must be a string, or an array of strings"],
    [{ x: { y: 1 } }, "a header 'x' of type object; a header must be a string, or an array of strings"],
    [{ x: ['a', undefined] }, "a header 'x' of type undefined; a header must be a string, or an array of strings"],
    [{ x: 'a\nb' }, "a line feed in the header 'x'; return an array where there are several of that name"],
    [
      { connection: 'close' },
      "a header 'connection'; whether connections are kept is for the server to say; leave it out",
    ],
    [
      { 'Keep-Alive': 'timeout=5' },
      "a header 'Keep-Alive'; whether connections are kept is for the server to say; leave it out",
    ],
    [
      { 'Transfer-Encoding': 'chunked' },
      "a header 'Transfer-Encoding'; how a body is sent is for the server to say; leave it out",
    ],
    [{ trailer: 'x' }, "a header 'trailer'; nothing is sent after a body; leave it out"],
    [
      { 'Content-Length': '3' },
      "a header 'Content-Length: 3' with a body of 0 bytes; leave it out, it is added where it is due",
    ],
  ])('%j cannot be sent, and the way out is told', (headers, message) => {
    expect(wrongWith({ ...right, headers })).toBe(`the handler returned ${message}`);
  });

  test('may have the length of the body, which is added anyway', () => {
    for (const length of ['7', 7, ' 7 ']) {
      const reply = { status: 200, headers: { 'CONTENT-length': String(length) }, body: 'größe' };
      expect(flatten(reply, 'GET')).toEqual([]);
      expect(flatten({ ...reply, body: Buffer.from('größe') }, 'POST')).toEqual([]);
    }
  });

  test('may have the length of a body that is not sent', () => {
    const headers = { 'content-length': '500' };
    expect(flatten({ ...right, headers }, 'HEAD')).toEqual(['content-length', '500']);
    expect(flatten({ ...right, status: 304, headers }, 'GET')).toEqual(['content-length', '500']);
    expect(wrongWith({ ...right, status: 204, headers: { 'content-length': '0' } })).toMatch(/leave it out/);
    expect(wrongWith({ ...right, headers, body: Readable.from(['x']) })).toBe(
      "the handler returned a header 'content-length: 500' with a body that is sent while it is made; leave it out",
    );
  });
});
