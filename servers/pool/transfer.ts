/**
 * Handing memory from thread to thread, instead of copying it once to send it and once to receive it.
 *
 * Memory goes back to the worker when the reply has been sent. A block that is made for one reply and left to the garbage
 * collector costs more than the copying that it saves, because its pages have to be mapped, filled and unmapped again:
 * with replies of 1 MiB, 520 µs of CPU each against 310 µs for copying.
 */

/** Below this, copying is cheaper than the bookkeeping of a transfer. */
export const LARGE_BYTES = 16 * 1024;
/**
 * The same for bytes that a handler returned: they are copied in any case, because it may return them again. Text has to be
 * encoded anyway. CPU per reply, copied by the message and handed over: 31 and 39 µs for 16 KiB, 94 and 96 µs for 256 KiB.
 */
const LARGE_REPLY_BYTES = 256 * 1024;
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
  const memory: ArrayBuffer[] = [];
  for (const [i, field] of message.entries()) {
    if (typeof field !== 'object') continue;
    const body = compact(field);
    message[i] = body;
    if (body.byteLength >= LARGE_BYTES && body.buffer instanceof ArrayBuffer) memory.push(body.buffer);
  }
  return memory;
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
    const memory: ArrayBuffer[] = [];
    /** Bytes that are in the message already: cloned once for two replies, they would be given back twice. */
    const cloned = new Set<Uint8Array>();
    for (const [i, field] of message.entries()) {
      if (typeof field === 'number') continue;
      if (field.length < (typeof field === 'string' ? LARGE_BYTES : LARGE_REPLY_BYTES)) {
        if (typeof field === 'object') {
          const body = cloned.has(field) ? new Uint8Array(field) : compact(field);
          message[i] = body;
          if (body.byteLength >= LARGE_BYTES) cloned.add(body);
        }
        continue;
      }
      const copy = this.#copyOf(field);
      message[i] = copy;
      memory.push(copy.buffer);
    }
    return memory;
  }

  takeBack(buffer: ArrayBuffer): void {
    if (this.#spareBytes + buffer.byteLength > MOST_SPARE_BYTES) return;
    this.#spareBytes += buffer.byteLength;
    this.#spare.push(buffer);
  }

  #copyOf(body: string | Uint8Array): Uint8Array<ArrayBuffer> {
    const bytes = this.#room(typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength);
    if (typeof body === 'string') encoder.encodeInto(body, bytes);
    else bytes.set(body);
    return bytes;
  }

  /** The newest that fits, which is likely to be in a cache still. */
  #room(length: number): Uint8Array<ArrayBuffer> {
    const at = this.#spare.findLastIndex(
      ({ byteLength }) => byteLength >= length && byteLength <= length * MOST_TIMES_TOO_LARGE,
    );
    const [buffer] = at < 0 ? [] : this.#spare.splice(at, 1);
    if (buffer === undefined) return new Uint8Array(length);
    this.#spareBytes -= buffer.byteLength;
    return new Uint8Array(buffer, 0, length);
  }
}

/** Cloning a window into a larger block would clone the whole block. */
export function compact(body: Uint8Array): Uint8Array {
  return body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body);
}
