/**
 * Handing memory from thread to thread, instead of copying it once to send it and once to receive it.
 *
 * Memory goes back to the worker when the reply has been sent. A block that is made for one reply and left to the garbage
 * collector costs more than the copying that it saves, because its pages have to be mapped, filled and taken away again:
 * with replies of 1 MiB, 520 µs of CPU each against 310 µs for copying.
 */

/** Below this, copying is cheaper than the bookkeeping of a transfer. */
export const LARGE_BYTES = 16 * 1024;
/** Spare memory that a worker keeps. */
const MOST_SPARE_BYTES = 32 * 1024 * 1024;
/** A block is not used for a reply that leaves most of it empty. */
const MOST_TIMES_TOO_LARGE = 4;

/** Jobs or replies. */
export type Message = (number | string | Uint8Array)[];

const encoder = new TextEncoder();

/**
 * Makes jobs ready to be posted, and returns the memory that is to be handed over with them: bodies that nobody else
 * holds. Memory that has changed hands is gone for whoever had it.
 */
export function handOverJobs(message: Message): ArrayBuffer[] {
  return handOver(message, (body) => (typeof body === 'string' ? body : compact(body)));
}

/** What a worker hands over, and gets back. */
export class ReplyMemory {
  #spare: ArrayBuffer[] = [];
  #spareBytes = 0;

  /**
   * Makes replies ready to be posted, and returns the memory that is to be handed over with them. Bodies are the handler's,
   * which may return them again: large ones are copied, once, and the copy changes hands.
   */
  handOver(message: Message): ArrayBuffer[] {
    return handOver(message, (body) => {
      if (typeof body !== 'string') return body.byteLength < LARGE_BYTES ? compact(body) : this.#copyOf(body);
      if (body.length < LARGE_BYTES) return body;
      const bytes = this.#room(Buffer.byteLength(body));
      encoder.encodeInto(body, bytes);
      return bytes;
    });
  }

  takeBack(buffer: ArrayBuffer): void {
    if (this.#spareBytes + buffer.byteLength > MOST_SPARE_BYTES) return;
    this.#spareBytes += buffer.byteLength;
    this.#spare.push(buffer);
  }

  #copyOf(body: Uint8Array): Uint8Array {
    const bytes = this.#room(body.byteLength);
    bytes.set(body);
    return bytes;
  }

  /** The newest that fits, which is likely to be in a cache still. */
  #room(length: number): Uint8Array {
    const at = this.#spare.findLastIndex(
      ({ byteLength }) => byteLength >= length && byteLength <= length * MOST_TIMES_TOO_LARGE,
    );
    const [buffer] = at < 0 ? [] : this.#spare.splice(at, 1);
    if (buffer === undefined) return new Uint8Array(length);
    this.#spareBytes -= buffer.byteLength;
    return new Uint8Array(buffer, 0, length);
  }
}

function handOver(message: Message, prepared: (body: string | Uint8Array) => string | Uint8Array): ArrayBuffer[] {
  const list: ArrayBuffer[] = [];
  for (let i = 0; i < message.length; i++) {
    const field = message[i];
    if (typeof field === 'number' || field === undefined) continue;
    const body = prepared(field);
    message[i] = body;
    if (typeof body === 'string' || body.byteLength < LARGE_BYTES) continue;
    if (body.buffer instanceof ArrayBuffer) list.push(body.buffer);
  }
  return list;
}

/** Cloning a window into a larger block would clone the whole block. */
function compact(body: Uint8Array): Uint8Array {
  return body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body);
}
