/**
 * A second channel between the front end and a forked worker, for messages with large bodies: as raw bytes, where IPC would copy
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
  return message.some(
    (field) => typeof field === 'object' || (typeof field === 'string' && field.length >= LARGE_BYTES),
  );
}

/** Writes one message. Errors show on the reading side: the other process is gone. */
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

/** A message as it arrives: large bodies in the pieces in which they were read, so that nothing is copied to join them. */
export type PiecedMessage = (number | string | Uint8Array | readonly Uint8Array[])[];

/** Calls `onMessage` with each message when it is complete. */
export function readFrames(socket: Socket, onMessage: (message: PiecedMessage) => void): void {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = LENGTH_BYTES;
  /** Gets what was waited for, and returns how many bytes to wait for next. */
  let next: (pieces: readonly Buffer[]) => number = takeLength;

  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    held += chunk.byteLength;
    while (held >= wanted) {
      const pieces = taken(wanted);
      wanted = next(pieces);
    }
  });

  /** The first `length` bytes of what is held. */
  function taken(length: number): Buffer[] {
    const pieces: Buffer[] = [];
    let left = length;
    let used = 0;
    for (const chunk of chunks) {
      if (left === 0) break;
      if (chunk.byteLength > left) {
        pieces.push(chunk.subarray(0, left));
        chunks[used] = chunk.subarray(left);
        left = 0;
        break;
      }
      pieces.push(chunk);
      left -= chunk.byteLength;
      used++;
    }
    chunks = chunks.slice(used);
    held -= length;
    return pieces;
  }

  function takeLength(pieces: readonly Buffer[]): number {
    next = takeHead;
    return Buffer.concat(pieces).readUInt32LE(0);
  }

  function takeHead(pieces: readonly Buffer[]): number {
    const head: HeadField[] = JSON.parse(Buffer.concat(pieces).toString());
    const message: PiecedMessage = [];
    const takeBodies = (at: number): number => {
      for (let i = at; i < head.length; i++) {
        const field = head[i];
        if (typeof field !== 'object') {
          message.push(field ?? '');
          continue;
        }
        if (field.bytes === 0) {
          message.push(NO_BODY);
          continue;
        }
        next = (body) => {
          message.push(body);
          return takeBodies(i + 1);
        };
        return field.bytes;
      }
      next = takeLength;
      onMessage(message);
      return LENGTH_BYTES;
    };
    return takeBodies(0);
  }
}

const NO_BODY = new Uint8Array(0);

/** The same with every body in one piece. */
export function joined(message: PiecedMessage): Message {
  return message.map((field) =>
    typeof field === 'object' && !(field instanceof Uint8Array) ? Buffer.concat(field) : field,
  );
}
