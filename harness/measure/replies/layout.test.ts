import { describe, expect, test } from 'vitest';
import { fits, layoutOf } from './layout.ts';

const HEAD = [
  'HTTP/1.1 200 OK',
  'content-type: text/plain',
  'Content-Length: 5',
  'Date: Mon, 30 Nov 2026 04:09:00 GMT',
  'Connection: keep-alive',
];
const headOf = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const pieceOf = (lines: readonly string[], body = 'right'): Buffer => Buffer.from(headOf(lines) + body, 'latin1');
const learnt = (lines: readonly string[], body = 'right') =>
  layoutOf('GET', pieceOf(lines, body), headOf(lines).length, body.length);
const changed = (from: string, to: string): string[] => HEAD.map((line) => line.replace(from, to));

describe('the layout of a reply', () => {
  const layout = learnt(HEAD);

  test.each([
    ['is that of the same reply', HEAD],
    ['at another time', changed('04:09:00', '17:58:31')],
    ['with another header as long', changed('text/plain', 'text/xhtml')],
  ])('%s', (_what, lines) => {
    expect(layout !== null && fits(layout, pieceOf(lines))).toBe(true);
    expect(layout !== null && fits(layout, pieceOf(lines, ''))).toBe(true);
  });

  test.each([
    ['another status', changed('200 OK', '500 OK')],
    ['another length', changed('Length: 5', 'Length: 6')],
    ['a longer length', changed('Length: 5', 'Length: 55')],
    ['a longer head', [...HEAD, 'x: y']],
    ['headers in another order', [HEAD[0] ?? '', HEAD[2] ?? '', HEAD[1] ?? '', ...HEAD.slice(3)]],
    ['chunks, in a head as long', changed('Content-Length: 5', 'Transfer-Encodin:')],
  ])('is not that of %s', (_what, lines) => {
    expect(layout !== null && fits(layout, pieceOf(lines))).toBe(false);
  });

  test('is not known before the whole head has come', () => {
    const piece = pieceOf(HEAD);
    for (let length = 0; length < headOf(HEAD).length; length++) {
      expect(layout !== null && fits(layout, piece.subarray(0, length))).toBe(false);
    }
  });
});

test.each([
  ['in chunks', [...changed('Content-Length: 5', 'Transfer-Encoding: chunked')]],
  ['in chunks although a length is there', [...HEAD, 'transfer-encoding: chunked']],
  ['that ends with the connection', HEAD.filter((line) => !line.startsWith('Content'))],
  ['with two lengths', [...HEAD, 'content-length: 5']],
  ['of an older protocol', changed('HTTP/1.1', 'HTTP/1.0')],
  ['after one that is only for information', ['HTTP/1.1 103 Early Hints', '', ...HEAD]],
])('nothing is learnt of a reply %s', (_what, lines) => {
  expect(learnt(lines)).toBeNull();
});

test('a reply without a body has a layout too', () => {
  const lines = ['HTTP/1.1 204 No Content', 'Date: Mon, 30 Nov 2026 04:09:00 GMT'];
  const layout = learnt(lines, '');
  expect(layout !== null && fits(layout, pieceOf(lines, ''))).toBe(true);
  expect(learnt(lines, 'body')).toBeNull();
});

test('a reply to HEAD has no body, whatever length it tells', () => {
  const layout = layoutOf('HEAD', pieceOf(HEAD, ''), headOf(HEAD).length, 0);
  expect(layout !== null && fits(layout, pieceOf(HEAD, ''))).toBe(true);
  expect(layout !== null && fits(layout, pieceOf(changed('Length: 5', 'Length: 6'), ''))).toBe(false);
  const chunked = changed('Content-Length: 5', 'Transfer-Encoding: chunked');
  expect(layoutOf('HEAD', pieceOf(chunked, ''), headOf(chunked).length, 0)).toMatchObject({ bodyBytes: 0 });
});
