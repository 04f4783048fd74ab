import { describe, expect, test } from 'vitest';
import type { Exchange } from './exchange.ts';
import { difference, fingerprint } from './verify.ts';

function exchangeOf(text: string, changes: Partial<Exchange> = {}, status = 200): Exchange {
  const headerLines = ['content-type: text/plain', `content-length: ${Buffer.byteLength(text)}`];
  const reply = { status, headers: { 'content-type': 'text/plain' }, bytes: Buffer.from(text), text };
  return { reply, wireBytes: 100 + Buffer.byteLength(text), headerLines, ...changes };
}

describe('what differs between two replies', () => {
  const expected = fingerprint(exchangeOf('hello'));

  test('nothing, when they are the same', () => {
    expect(difference(expected, fingerprint(exchangeOf('hello')))).toBeNull();
  });

  test.each<[string, Exchange]>([
    ['status 500 instead of 200', exchangeOf('hello', {}, 500)],
    ['another body', exchangeOf('hallo')],
    ['99 bytes instead of 105', exchangeOf('hello', { wireBytes: 99 })],
    [
      "headers 'connection: close' instead of 'content-type: text/plain, content-length: 5'",
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

describe('the body that a generator may compare while it measures', () => {
  test.each<[string, string, boolean]>([
    ['short and plain', '{"hello":"world"}', true],
    ['empty', '', true],
    ['as long as is still short', 'x'.repeat(4096), true],
    ['longer', 'x'.repeat(4097), false],
    ['beyond ASCII', 'Größe', false],
    ['with a line break', 'a\nb', false],
  ])('%s', (_, text, kept) => {
    expect(fingerprint(exchangeOf(text)).shortBody).toBe(kept ? text : null);
  });

  test('a long body is still told apart from another', () => {
    const [one, other] = ['a', 'b'].map((end) => fingerprint(exchangeOf('x'.repeat(10_000) + end)));
    expect(one?.bodyHash).not.toBe(other?.bodyHash);
  });
});
