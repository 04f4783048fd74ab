/** Handing memory from thread to thread instead of copying it. */

/** Below this, copying is cheaper than the bookkeeping of a transfer. */
const WORTH_HANDING_OVER = 16 * 1024;
const NOTHING: ArrayBuffer[] = [];

type Message = (number | string | Uint8Array)[];

/**
 * Replaces each body that is a window into a larger block by a copy of its own: cloning the window would clone the
 * whole block. Returns the message.
 */
export function compact(message: Message): Message {
  for (let i = 0; i < message.length; i++) {
    const field = message[i];
    if (typeof field === 'object' && field.byteLength !== field.buffer.byteLength) message[i] = new Uint8Array(field);
  }
  return message;
}

/**
 * The memory of the large bodies in a compact message, to be handed over with it. Only for bodies that nobody else
 * holds: memory that has changed hands is gone for whoever had it.
 */
export function handOver(message: Message): ArrayBuffer[] {
  let list = NOTHING;
  for (const field of message) {
    if (typeof field !== 'object' || field.byteLength < WORTH_HANDING_OVER) continue;
    if (field.buffer instanceof ArrayBuffer) list = [...list, field.buffer];
  }
  return list;
}
