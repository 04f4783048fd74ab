/** The internals of autocannon 9 that are used here; another version may have others. */
import { createRequire } from 'node:module';
import { connect as connectSocket, type Socket } from 'node:net';
import type Autocannon from 'autocannon';
import { z } from 'zod';

const OTHER = 'this version of autocannon has other internals; change autocannon-inside.ts';

/** What the package exports, without the command line around it, which takes as long to load as the rest. */
export const autocannon = z
  .custom<typeof Autocannon>((start) => typeof start === 'function', OTHER)
  .parse(createRequire(import.meta.url)('autocannon/lib/init.js'));

/** The parser that autocannon uses, `http-parser-js`, as far as it is used here. Its callbacks are numbered members. */
interface Parser {
  [callback: number]: (...values: never[]) => unknown;
  execute(chunk: Buffer): unknown;
  /** The part of an incomplete line that was received. */
  readonly line: string;
}

const ON_HEADERS_COMPLETE = 2;
const ON_BODY = 3;
const ON_MESSAGE_COMPLETE = 4;

/** The internals of an autocannon 9 client that are used here. */
const clientSchema = z.custom<{
  _connect: () => void;
  _doRequest: () => void;
  conn: Socket;
  parser: Parser;
  opts: { readonly hostname?: string; readonly port?: number | string };
  timeoutTicker: { clear(): void };
  destroy(): void;
}>(
  (client) =>
    typeof client === 'object' &&
    client !== null &&
    ['_connect', '_doRequest', 'destroy'].every(
      (method) => method in client && typeof Reflect.get(client, method) === 'function',
    ),
  OTHER,
);

const listenersSchema = z.array(z.custom<(...values: unknown[]) => void>((value) => typeof value === 'function'));

export type Client = z.infer<typeof clientSchema>;

/**
 * Takes over a client before it connects: autocannon would send as soon as it does, reconnect silently when the server closes,
 * and parse the replies. `onSocket` gets the socket, with no listeners but those of Node itself; it comes from `localAddress`, if that
 * is given, which autocannon cannot set.
 */
export function hold(subject: object, localAddress: string | undefined, onSocket: (socket: Socket) => void): Client {
  const client = clientSchema.parse(subject);
  const connect = client._connect.bind(client);
  Object.assign(client, {
    _doRequest: () => {},
    _connect: () => {
      client.timeoutTicker.clear(); // The load looks for time-outs.
      if (localAddress !== undefined) {
        const { hostname = '', port } = client.opts;
        client.conn = connectSocket({ host: hostname, port: Number(port), localAddress });
        onSocket(client.conn);
        return;
      }
      connect();
      // The last listener to each is autocannon's; one before it is Node's own.
      for (const event of ['error', 'data', 'end']) {
        const [listener] = listenersSchema.parse(client.conn.listeners(event)).slice(-1);
        if (listener !== undefined) client.conn.off(event, listener);
      }
      onSocket(client.conn);
    },
  });
  return client;
}

/**
 * Calls the listener with what the parser finds in the bytes that its `execute` gets. `head` returns whether no body follows, which
 * the parser cannot know of a reply to HEAD.
 */
export function listenToParser(
  { parser }: Client,
  listener: { head(status: number): boolean; body(piece: Buffer): void; end(): void },
): void {
  Object.assign(parser, {
    [ON_HEADERS_COMPLETE]: ({ statusCode }: { readonly statusCode: number }) => listener.head(statusCode),
    [ON_BODY]: (chunk: Buffer, start: number, length: number) => listener.body(chunk.subarray(start, start + length)),
    [ON_MESSAGE_COMPLETE]: () => listener.end(),
  });
}
