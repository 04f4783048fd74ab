/** Where two bodies differ, for people. */

/** Bytes that are shown before the first that differs, and from it on. */
const BEFORE = 12;
const FROM = 24;

/** `differs at byte 14: '…"total":12' instead of '…"total":13'`; null when both are the same. */
export function bytesDifference(expected: Uint8Array, actual: Uint8Array): string | null {
  const shorter = Math.min(expected.length, actual.length);
  let at = 0;
  while (at < shorter && expected[at] === actual[at]) at++;
  if (at === shorter && expected.length === actual.length) return null;
  const lengths =
    expected.length === actual.length ? '' : ` (${actual.length} bytes long instead of ${expected.length})`;
  const [here, there] = [textAround(actual, at), textAround(expected, at)];
  const [shown, other] =
    here === null || there === null ? [hexAround(actual, at), hexAround(expected, at)] : [here, there];
  return `differs at byte ${at}${lengths}: ${shown} instead of ${other}`;
}

/** null when it is not text. */
function textAround(bytes: Uint8Array, at: number): string | null {
  const from = boundary(bytes, Math.max(0, at - BEFORE));
  const to = boundary(bytes, Math.min(bytes.length, at + FROM));
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(from, to));
    // What is written as in JSON can be told apart: a line break from a space, and a quote from the end.
    const escaped = JSON.stringify(text)
      .slice(1, -1)
      .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, asEscape);
    return `'${from > 0 ? '…' : ''}${escaped}${to < bytes.length ? '…' : ''}'`;
  } catch {
    return null;
  }
}

function asEscape(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** The place itself, or where the character of UTF-8 begins that it lies in. */
function boundary(bytes: Uint8Array, place: number): number {
  let start = place;
  while (start > 0 && start < bytes.length && place - start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  return start;
}

function hexAround(bytes: Uint8Array, at: number): string {
  const from = Math.max(0, at - BEFORE);
  const to = Math.min(bytes.length, at + FROM);
  const hex = Buffer.from(bytes.subarray(from, to)).toString('hex');
  return `0x${from > 0 ? '…' : ''}${hex}${to < bytes.length ? '…' : ''}`;
}
