import { describe, expect, test } from 'vitest';
import { randomStream } from '../../stats/random.ts';
import { differenceText, escaped, excerpt, isSame, looksSame } from './body.ts';

const random = randomStream(5);
const bytesOf = (length: number): Buffer => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));

describe.each([0, 1, 5, 47, 48, 49, 1000, 70_000])('a piece of %i bytes', (length) => {
  const body = bytesOf(length + 300);
  const piece = Buffer.concat([Buffer.from('head'), body.subarray(100, 100 + length), Buffer.from('tail')]);

  test('is the same where it is', () => {
    expect(isSame(body, 100, piece, 4, 4 + length)).toBe(true);
    expect(looksSame(body, 100, piece, 4, 4 + length, random)).toBe(true);
  });

  test('a single bit anywhere makes a difference, and it is found', () => {
    if (length === 0) return;
    for (let i = 0; i < 50; i++) {
      const at = 4 + Math.floor(random() * length);
      const other = Buffer.from(piece);
      other[at] = (other[at] ?? 0) ^ 1;
      expect(isSame(body, 100, other, 4, 4 + length)).toBe(false);
      expect(differenceText(body, 100, other, 4, 4 + length)).toMatch(new RegExp(`^at byte ${at + 96} `));
    }
  });

  test('beyond the end of the body nothing is the same', () => {
    expect(isSame(body, body.length - length + 1, piece, 4, 4 + length)).toBe(false);
    expect(looksSame(body, body.length - length + 1, piece, 4, 4 + length, random)).toBe(false);
  });
});

test('another beginning or end is seen without a full comparison', () => {
  const body = bytesOf(10_000);
  for (const at of [0, 3, 7, 9992, 9999]) {
    const other = Buffer.from(body);
    other[at] = (other[at] ?? 0) ^ 1;
    expect(looksSame(body, 0, other, 0, other.length, random)).toBe(false);
  }
});

test('what differs is shown, on one line', () => {
  const text = (right: string, came: string): string =>
    differenceText(Buffer.from(right), 0, Buffer.from(came), 0, Buffer.byteLength(came));
  expect(text('hello', 'help!')).toBe("at byte 3 'help!' instead of 'hello'");
  expect(text('A-reply, twenty bytes', 'B')).toBe("at byte 0 'B' instead of 'A-reply, twenty bytes'");
  expect(text('line\none', 'line\x1b[2J')).toBe("at byte 4 'line\\u{1b}[2J' instead of 'line\\none'");
  // Cut within characters of several bytes at both ends.
  expect(text('ä'.repeat(40), `${'ä'.repeat(20)}ö${'ä'.repeat(19)}`)).toMatch(
    /^at byte 41 '…ä+öä+…' instead of '…ä+…'$/,
  );
});

test('what is no text is shown in hexadecimal digits', () => {
  expect(excerpt(Buffer.from([0xff, 0xfe, 0x00]))).toBe('0xfffe00');
  expect(excerpt(Buffer.alloc(0))).toBe("''");
});

test('nothing in a text moves the cursor or turns the direction of writing', () => {
  expect(escaped('a\r\n\t\x07\u202e\u2028b')).toBe('a\\r\\n\\t\\u{7}\\u{202e}\\u{2028}b');
});
