import type { Scenario } from '../scenario.ts';
import { linesOf } from './large-reply.ts';

async function* inPieces(body: Buffer, pieceBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += pieceBytes) yield body.subarray(at, at + pieceBytes);
}

/** What exports and downloads do. A listener sends each piece when the client has taken the one before; a pool sends the reply when it is whole. */
const stream: Scenario<'kib' | 'piece'> = {
  summary: 'a large reply written piece by piece, which pools collect before they send it',
  parameters: {
    kib: { summary: 'size of the reply in KiB', default: 1024, min: 1, max: 16_384, integer: true },
    piece: { summary: 'size of a piece in KiB', default: 64, min: 1, max: 16_384, integer: true },
  },
  inWords: ({ kib, piece }) => `a reply of ${kib} KiB in pieces of ${piece} KiB`,
  requests: () => [{ name: 'stream', weight: 1, method: 'GET', path: '/' }],
  createHandler: ({ parameters: { kib, piece } }) => {
    const body = linesOf(kib);
    const headers = { 'content-type': 'text/plain' };
    return () => ({ status: 200, headers, body: inPieces(body, piece * 1024) });
  },
  verify: ({ bytes }, { parameters }) =>
    linesOf(parameters.kib).equals(bytes) ? undefined : 'the lines are not all there, or not in order',
};

export default stream;
