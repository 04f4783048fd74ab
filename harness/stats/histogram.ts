/**
 * Reading histograms (HdrHistogram V2, compressed, base64) into the buckets that have samples. The library unfolds each
 * into an array of all buckets that there are, 94 kB for a kilobyte of text, and a report reads tens of thousands.
 */
import { inflateSync } from 'node:zlib';

/** How wide buckets are: the first 2 · `half` have one `unit`, and each `half` after that is twice as wide as the last. */
export interface Form {
  readonly half: number;
  readonly unit: number;
}

/** Buckets with samples, ascending. */
export interface Counts {
  readonly form: Form;
  readonly buckets: Int32Array;
  /** Samples in each of these buckets. */
  readonly counts: Float64Array;
}

const COMPRESSED = 0x1c849304;
const PLAIN = 0x1c849303;
/** Cookies end in a byte whose upper half tells the size of words, which V2 does not use. */
const COOKIE_MASK = ~0xf0;
const COMPRESSED_HEADER_BYTES = 8;
const HEADER_BYTES = 40;
/** Most texts unfold to less than this. */
const CHUNK_BYTES = 4096;
/** Nine bytes at most: eight with seven bits each, and then one with eight. */
const LAST_BYTE = 8;
const BITS = 2 ** 7;

/** Whether it can be read. */
export function isHistogram(text: string): boolean {
  try {
    readHistogram(text);
    return true;
  } catch {
    return false;
  }
}

/** Throws on what is not such a histogram. */
export function readHistogram(text: string): Counts {
  const compressed = Buffer.from(text, 'base64');
  expectCookie(compressed, COMPRESSED_HEADER_BYTES, COMPRESSED);
  expectLength(compressed, COMPRESSED_HEADER_BYTES);
  const data = inflateSync(compressed.subarray(COMPRESSED_HEADER_BYTES), { chunkSize: CHUNK_BYTES });
  expectCookie(data, HEADER_BYTES, PLAIN);
  expectLength(data, HEADER_BYTES);
  const end = data.length;
  // A word has a byte at least, so there are not more of them than bytes.
  const buckets = new Int32Array(end - HEADER_BYTES);
  const counts = new Float64Array(end - HEADER_BYTES);
  let found = 0;
  let index = 0;
  for (let at = HEADER_BYTES; at < end; ) {
    // Most words are one byte.
    let word = data[at++] ?? 0;
    if (word >= BITS) {
      word -= BITS;
      let scale = BITS;
      for (let place = 1; ; place++) {
        const byte = data[at++] ?? 0;
        const isLast = byte < BITS || place === LAST_BYTE;
        word += (isLast ? byte : byte - BITS) * scale;
        if (isLast) break;
        scale *= BITS;
      }
    }
    // Odd words are runs of buckets without a sample, even ones the count of the next bucket.
    if (word % 2 === 1) {
      index += (word + 1) / 2;
      continue;
    }
    if (word > 0) {
      buckets[found] = index;
      counts[found++] = word / 2;
    }
    index++;
  }
  const form = formOf(data.readInt32BE(12), Number(data.readBigInt64BE(16)));
  return { form, buckets: buckets.slice(0, found), counts: counts.slice(0, found) };
}

/** The highest value in a bucket. */
export function highestIn(form: Form, bucket: number): number {
  const doublings = doublingsOf(form, bucket);
  return (bucket - doublings * form.half + 1) * form.unit * 2 ** doublings - 1;
}

/** The value in the middle of a bucket, rounded up. */
export function middleOf(form: Form, bucket: number): number {
  return highestIn(form, bucket) + 1 - Math.ceil((form.unit * 2 ** doublingsOf(form, bucket)) / 2);
}

/** The bucket that holds a value. */
export function bucketOf({ half, unit }: Form, value: number): number {
  const units = Math.floor(value / unit);
  const doublings = units < 2 * half ? 0 : Math.floor(Math.log2(units / half));
  return doublings * half + Math.floor(units / 2 ** doublings);
}

function doublingsOf({ half }: Form, bucket: number): number {
  return Math.max(0, Math.floor(bucket / half) - 1);
}

/** That of a histogram which tells so many digits, from a lowest value on. */
function formOf(digits: number, lowest: number): Form {
  return { half: 2 ** (Math.ceil(Math.log2(2 * 10 ** digits)) - 1), unit: 2 ** Math.floor(Math.log2(lowest)) };
}

function expectCookie(data: Buffer, bytes: number, cookie: number): void {
  if (data.length >= bytes && (data.readInt32BE(0) & COOKIE_MASK) === cookie) return;
  throw new TypeError('not a compressed HDR histogram');
}

/** The second word says how many bytes there are after the header. */
function expectLength(data: Buffer, header: number): void {
  if (data.readInt32BE(4) !== data.length - header) throw new TypeError('an HDR histogram that was cut off');
}
