/** Compares bodies of replies with what they must be, and describes where they differ. */
import { SHORT_BYTES } from '../../stats/comparison-sample.ts';

/** Bytes that are compared in each piece of a body that is not compared in full: at both ends, and at random places. */
const SPOTS = { each: 8, random: 4 } as const;
/** Bytes that an excerpt shows, and how many of them before the first that differs. */
const SHOWN_BYTES = 32;
const BEFORE_BYTES = 8;

/** Whether `chunk`, from `from` to `to`, equals the part of `body` that begins at `at`. Beyond the end of `body` nothing is equal. */
export function isSame(body: Buffer, at: number, chunk: Buffer, from: number, to: number): boolean {
  const length = to - from;
  if (at + length > body.length) return false;
  // A call into native code costs as much as so many bytes here.
  if (length > SHORT_BYTES) return chunk.compare(body, at, at + length, from, to) === 0;
  for (let i = 0; i < length; i++) if (body[at + i] !== chunk[from + i]) return false;
  return true;
}

/** The same at a few places: cheap enough for every reply, however long. */
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

/** The first difference, as `at byte 13 '…is hell' instead of '…is well'`. The same arguments as `isSame`. */
export function differenceText(body: Buffer, at: number, chunk: Buffer, from: number, to: number): string {
  let i = 0;
  while (from + i < to && at + i < body.length && body[at + i] === chunk[from + i]) i++;
  const before = Math.min(i, BEFORE_BYTES);
  const isCut = at + i > before;
  const came = excerpt(chunk.subarray(from + i - before, to), isCut);
  const right = excerpt(body.subarray(at + i - before), isCut);
  return `at byte ${at + i} ${came} instead of ${right}`;
}

/** The first bytes for people: text in quotes where they are text, else hexadecimal digits. `…` stands for what is cut off. */
export function excerpt(bytes: Uint8Array, isCutBefore = false): string {
  const shown = bytes.subarray(0, SHOWN_BYTES);
  const [cutBefore, cutAfter] = [isCutBefore ? '…' : '', bytes.length > SHOWN_BYTES ? '…' : ''];
  // A character may have been cut in two at either end.
  let start = 0;
  while (start < 3 && start < shown.length && ((shown[start] ?? 0) & 0xc0) === 0x80) start++;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(shown.subarray(start), {
      stream: true,
    });
    if (text !== '' || shown.length === 0) return `'${cutBefore}${escaped(text)}${cutAfter}'`;
  } catch {
    // It is not text.
  }
  return `0x${cutBefore}${Buffer.from(shown).toString('hex')}${cutAfter}`;
}

/** Text on one line, in which nothing can move the cursor or change the direction of writing. */
export function escaped(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) =>
      ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
