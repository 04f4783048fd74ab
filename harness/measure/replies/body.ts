/** Comparing bodies of replies with what they must be, and telling in words where they differ. */
import { SHORT_BYTES } from '../../stats/comparison-sample.ts';

/** Bytes that are looked at in each piece of a body that is not compared in full: at both ends, and anywhere. */
const SPOTS = { each: 8, random: 4 } as const;
/** Bytes that are shown of what came, and how many of them before the first that differs. */
const SHOWN_BYTES = 32;
const BEFORE_BYTES = 8;

/** Whether `chunk`, from `from` to `to`, is the part of `body` that begins at `at`. Nothing is the same beyond its end. */
export function isSame(body: Buffer, at: number, chunk: Buffer, from: number, to: number): boolean {
  const length = to - from;
  if (at + length > body.length) return false;
  // A call into native code costs as much as so many bytes here.
  if (length > SHORT_BYTES) return chunk.compare(body, at, at + length, from, to) === 0;
  for (let i = 0; i < length; i++) if (body[at + i] !== chunk[from + i]) return false;
  return true;
}

/** The same at a few places: cheap enough to be done with every reply, however long. */
export function looksSame(
  body: Buffer,
  at: number,
  chunk: Buffer,
  from: number,
  to: number,
  random: () => number,
): boolean {
  const length = to - from;
  if (length <= SHORT_BYTES) return isSame(body, at, chunk, from, to);
  if (at + length > body.length) return false;
  for (let i = 0; i < SPOTS.each; i++) {
    if (body[at + i] !== chunk[from + i] || body[at + length - 1 - i] !== chunk[to - 1 - i]) return false;
  }
  for (let i = 0; i < SPOTS.random; i++) {
    const spot = Math.floor(random() * length);
    if (body[at + spot] !== chunk[from + spot]) return false;
  }
  return true;
}

/** Where the two differ, and what stands there: `at byte 3 'lo wor' instead of 'p wor'`. */
export function differenceText(body: Buffer, at: number, chunk: Buffer, from: number, to: number): string {
  let i = 0;
  while (from + i < to && at + i < body.length && body[at + i] === chunk[from + i]) i++;
  const before = Math.min(i, BEFORE_BYTES);
  const came = chunk.subarray(from + i - before, Math.min(to, from + i - before + SHOWN_BYTES));
  const right = body.subarray(at + i - before, at + i - before + SHOWN_BYTES);
  return `at byte ${at + i} ${excerpt(came)} instead of ${excerpt(right)}`;
}

/** Bytes for people: text in quotes where they are text, else hexadecimal digits. */
export function excerpt(bytes: Uint8Array): string {
  // A character may have been cut in two at either end.
  let start = 0;
  while (start < 3 && start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(start), {
      stream: true,
    });
    if (text !== '' || bytes.length === 0) return `'${escaped(text)}'`;
  } catch {
    // It is not text.
  }
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

/** Text on one line, in which nothing can move the cursor or turn the direction of writing. */
export function escaped(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) =>
      ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
