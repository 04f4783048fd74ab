/** Handing memory from thread to thread instead of copying it. */

/** Below this, copying is cheaper than the bookkeeping of a transfer. */
const WORTH_HANDING_OVER = 16 * 1024;
const NOTHING: ArrayBuffer[] = [];

/**
 * The memory in a message that may change hands. Large bodies that own their memory are handed over. One that is a
 * window into a larger block is replaced by a copy of its own: cloning the window would clone the whole block.
 */
export function handOver(message: (number | string | Uint8Array)[]): ArrayBuffer[] {
  let list = NOTHING;
  for (let i = 0; i < message.length; i++) {
    const field = message[i];
    if (typeof field !== 'object' || field.byteLength === 0) continue;
    const { buffer } = field;
    const owned = field.byteLength === buffer.byteLength && buffer instanceof ArrayBuffer;
    if (!owned) {
      const copy = new Uint8Array(field);
      message[i] = copy;
      if (copy.byteLength >= WORTH_HANDING_OVER) list = [...list, copy.buffer];
    } else if (field.byteLength >= WORTH_HANDING_OVER) {
      list = [...list, buffer];
    }
  }
  return list;
}
