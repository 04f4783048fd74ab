import { describe, expect, test } from 'vitest';
import type { RequestClass } from '../../../scenarios/scenario.ts';
import { answering } from '../fixtures/sending.ts';
import type { Exchange } from './exchange.ts';
import { difference, fingerprint, RepliesDiffer, verifyReplies } from './verify.ts';

function exchangeOf(body: string | Uint8Array, changes: Partial<Exchange> = {}, status = 200): Exchange {
  const bytes = Buffer.from(body);
  const headerLines = ['content-type: text/plain', `content-length: ${bytes.length}`];
  const reply = { status, headers: { 'content-type': 'text/plain' }, bytes, text: bytes.toString() };
  return { reply, wireBytes: 100 + bytes.length, headerLines, ...changes };
}

const differenceOf = (expected: string | Uint8Array, actual: string | Uint8Array): string | null =>
  difference(fingerprint(exchangeOf(expected)), fingerprint(exchangeOf(actual)));

describe('what differs between two replies', () => {
  const expected = fingerprint(exchangeOf('hello'));

  test('nothing, when they are the same', () => {
    expect(difference(expected, fingerprint(exchangeOf('hello')))).toBeNull();
    expect(differenceOf(new Uint8Array(50_000), new Uint8Array(50_000))).toBeNull();
  });

  test('the framing of a body is no difference where one is sent in pieces, and its bytes are', () => {
    const headerLines = ['content-type: text/plain', 'transfer-encoding: chunked'];
    const inPieces = (body: string) => fingerprint(exchangeOf(body, { headerLines, wireBytes: 300 }));
    expect(difference(expected, inPieces('hello'))).toBeNull();
    expect(difference(inPieces('hello'), expected)).toBeNull();
    expect(difference(expected, inPieces('hallo'))).toContain('the body differs');
  });

  test.each<[string, Exchange]>([
    ['status 500 instead of 200', exchangeOf('hello', {}, 500)],
    ["the body differs at byte 1 'hallo' instead of 'hello'", exchangeOf('hallo')],
    ['99 bytes instead of 105', exchangeOf('hello', { wireBytes: 99 })],
    [
      "header 'connection: close' instead of 'content-type: text/plain'",
      exchangeOf('hello', { headerLines: ['connection: close'] }),
    ],
    [
      "headers 'content-length: 5, content-type: text/plain' instead of 'content-type: text/plain, content-length: 5'",
      exchangeOf('hello', { headerLines: ['content-length: 5', 'content-type: text/plain'] }),
    ],
  ])('%s', (text, actual) => {
    expect(difference(expected, fingerprint(actual))).toBe(text);
  });
});

describe('a body that differs is shown where it differs', () => {
  test('when it is of another length, which its headers say as well', () => {
    expect(differenceOf('{"total":1}', '{"total":12}')).toBe(
      `the body differs at byte 10 '…total":12}' instead of '…total":1}' (12 bytes long instead of 11)`,
    );
  });

  test('when it only ends earlier', () => {
    expect(differenceOf('hello', 'hell')).toBe(
      "the body differs at byte 4 'hell' instead of 'hello' (4 bytes long instead of 5)",
    );
  });

  test('a little of what is around it, however long it is', () => {
    const long = (at: string): string => `${'a'.repeat(5000)}${at}${'b'.repeat(5000)}`;
    expect(differenceOf(long('x'), long('y'))).toBe(
      `the body differs at byte 5000 '…${'a'.repeat(8)}y${'b'.repeat(23)}…' instead of '…${'a'.repeat(8)}x${'b'.repeat(23)}…'`,
    );
  });

  test('control characters are written out, and no character is cut in two', () => {
    expect(differenceOf('a\n\u001b[31mb', 'a\n\u001b[32mb')).toBe(
      "the body differs at byte 5 'a\\n\\u{1b}[32mb' instead of 'a\\n\\u{1b}[31mb'",
    );
    expect(differenceOf(`${'ü'.repeat(40)}é${'ü'.repeat(40)}`, `${'ü'.repeat(40)}è${'ü'.repeat(40)}`)).toMatch(
      /^the body differs at byte 81 '…ü+èü+…' instead of '…ü+éü+…'$/,
    );
  });

  test('bytes that are no text, in hexadecimal', () => {
    expect(differenceOf(Uint8Array.of(0xff, 0xfe, 1), Uint8Array.of(0xff, 0xfe, 2))).toBe(
      'the body differs at byte 2 0xfffe02 instead of 0xfffe01',
    );
  });
});

test.each([
  [404, true],
  [500, false],
])('a service that answers %i where another model was answered differs from it: %s', async (status, differs) => {
  const { url } = await answering((_, response) => response.writeHead(status).end());
  const classes: readonly RequestClass[] = [{ name: 'list', weight: 1, method: 'GET', path: '/' }];
  const expected = new Map([['list', fingerprint(exchangeOf('hello'))]]);
  const { signal } = new AbortController();
  const asked = { url: url.href, classes, times: 1, expected, verifier: null, expect: [], signal };
  const error: unknown = await verifyReplies(asked).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: expect.stringContaining(`request 'list': status ${status}`) });
  expect(error instanceof RepliesDiffer).toBe(differs);
});
