/**
 * A second way between the front and a forked worker, for messages with large bodies: as raw bytes, where IPC would copy
 * them into a message, out of chunks into one block, and out of the message again.
 *
 * A frame is the length of its head (32 bits, little endian), the head, and the bodies without anything between them. The
 * head is the message as JSON, with `{"bytes": length}` in the place of each body.
 */
import type { Socket } from 'node:net';
import { LARGE_BYTES, type Message } from './transfer.ts';

const LENGTH_BYTES = 4;
const encoder = new TextEncoder();

type HeadField = number | string | { readonly bytes: number };

/** Whether a message should go this way. */
export function hasLargeBody(message: Message): boolean {
  return message.some((field) => typeof field !== 'number' && field.length >= LARGE_BYTES);
}

/** Writes one message. Errors are the reader's to see: the other side is gone. */
export function writeFrame(socket: Socket, message: Message): void {
  const bodies: Uint8Array[] = [];
  const head = message.map((field): HeadField => {
    if (typeof field === 'number' || (typeof field === 'string' && field.length < LARGE_BYTES)) return field;
    const body = typeof field === 'string' ? encoder.encode(field) : field;
    bodies.push(body);
    return { bytes: body.byteLength };
  });
  const text = encoder.encode(JSON.stringify(head));
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, text.byteLength, true);
  socket.cork();
  for (const part of [length, text, ...bodies]) socket.write(part);
  socket.uncork();
}

/** Calls `onMessage` with each message when it is complete. */
export function readFrames(socket: Socket, onMessage: (message: Message) => void): void {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = LENGTH_BYTES;
  /** Gets what was waited for, and returns how many bytes to wait for next. */
  let take = takeLength;

  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    held += chunk.byteLength;
    while (held >= wanted) {
      const block = chunks.length === 1 && chunk.byteLength === held ? chunk : Buffer.concat(chunks, held);
      const rest = block.subarray(wanted);
      chunks = rest.byteLength === 0 ? [] : [rest];
      held = rest.byteLength;
      wanted = take(block.subarray(0, wanted));
    }
  });

  function takeLength(bytes: Buffer): number {
    take = takeHead;
    return bytes.readUInt32LE(0);
  }

  function takeHead(bytes: Buffer): number {
    const head: HeadField[] = JSON.parse(bytes.toString());
    take = (bodies) => {
      let at = 0;
      onMessage(
        head.map((field) => {
          if (typeof field !== 'object') return field;
          at += field.bytes;
          return bodies.subarray(at - field.bytes, at);
        }),
      );
      take = takeLength;
      return LENGTH_BYTES;
    };
    return head.reduce((sum: number, field) => sum + (typeof field === 'object' ? field.bytes : 0), 0);
  }
}
