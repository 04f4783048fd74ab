/** Where the HTTP server of a worker gets its connections from. Plain data, which a parent can give to its workers. */
import type { ListenOptions } from 'node:net';

export type Place =
  | {
      readonly kind: 'port';
      /** On loopback; 0 picks a free one. */
      readonly port: number;
      /** Others listen on the same port, and the kernel hands out its connections (`reusePort`). */
      readonly isShared?: boolean;
    }
  /** A socket that is bound already, on which all threads of a process listen. */
  | { readonly kind: 'descriptor'; readonly fd: number }
  /** It does not listen: connections or requests are given to it. */
  | { readonly kind: 'nowhere' };

const BACKLOG = 1024;

/** For `server.listen()`: on loopback only. */
export function listenOptions(place: Exclude<Place, { kind: 'nowhere' }>): ListenOptions {
  switch (place.kind) {
    case 'port':
      return {
        ...{ port: place.port, host: '127.0.0.1', backlog: BACKLOG },
        ...(place.isShared === true && { reusePort: true }),
      };
    case 'descriptor':
      return { ...{ fd: place.fd }, backlog: BACKLOG };
    default:
      return place satisfies never;
  }
}
