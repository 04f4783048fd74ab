/** Handing memory from thread to thread, instead of copying it once to send it and once to receive it. */

/** Below this, copying is cheaper than the bookkeeping of a transfer. */
export const LARGE_BYTES = 16 * 1024;

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

/**
 * The same for replies. Their bodies are the handler's, which may return them again: large ones are copied, once, and the
 * copy changes hands.
 */
export function handOverReplies(message: Message): ArrayBuffer[] {
  return handOver(message, (body) => {
    if (body.length < LARGE_BYTES) return typeof body === 'string' ? body : compact(body);
    return typeof body === 'string' ? encoder.encode(body) : copyOf(body);
  });
}

function handOver(message: Message, prepared: (body: string | Uint8Array) => string | Uint8Array): ArrayBuffer[] {
  const list: ArrayBuffer[] = [];
  for (let i = 0; i < message.length; i++) {
    const field = message[i];
    if (typeof field === 'number' || field === undefined) continue;
    const body = prepared(field);
    message[i] = body;
    if (typeof body === 'string' || body.length < LARGE_BYTES) continue;
    if (body.buffer instanceof ArrayBuffer) list.push(body.buffer);
  }
  return list;
}

/** Cloning a window into a larger block would clone the whole block. */
function compact(body: Uint8Array): Uint8Array {
  return body.byteLength === body.buffer.byteLength ? body : copyOf(body);
}

function copyOf(body: Uint8Array): Uint8Array {
  // Not filled with zeros first, and not out of the pool, whose memory cannot change hands.
  const copy = Buffer.allocUnsafeSlow(body.byteLength);
  copy.set(body);
  return copy;
}
