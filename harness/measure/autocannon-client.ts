/** One connection of autocannon, with the parsing of its replies taken over. */
import type { Socket } from 'node:net';
import type autocannon from 'autocannon';
import { z } from 'zod';
import type { ComparisonSample } from '../stats/comparison-sample.ts';
import type { Failure } from '../store/schema.ts';
import { brokenBy, type Prepared } from './connections.ts';
import { CLOSED } from './keep-alive-connections.ts';
import { monotonicMs } from './monotonic.ts';
import { differenceText, excerpt, isSame, looksSame } from './reply-body.ts';
import { ReplyCheck, wrongBody } from './reply-check.ts';
import { fits, layoutOf, type ReplyLayout } from './reply-layout.ts';

/** The parser that autocannon uses, `http-parser-js`, as far as it is used here. Its callbacks are numbered members. */
interface Parser {
  [callback: number]: (...values: never[]) => unknown;
  execute(chunk: Buffer): unknown;
}
const ON_HEADERS_COMPLETE = 2;
const ON_BODY = 3;
const ON_MESSAGE_COMPLETE = 4;

/** The inside of an autocannon 9 client, as far as it is used here. */
const clientSchema = z.custom<{
  _connect: () => void;
  _doRequest: () => void;
  conn: Socket;
  parser: Parser;
  timeoutTicker: { clear(): void };
  requestIterator: { requests: readonly { readonly requestBuffer: Buffer }[] };
  setRequests(requests: readonly autocannon.Request[]): void;
  destroy(): void;
}>(
  (client) =>
    typeof client === 'object' &&
    client !== null &&
    ['_connect', '_doRequest', 'setRequests', 'destroy'].every(
      (method) => method in client && typeof Reflect.get(client, method) === 'function',
    ),
  'this version of autocannon connects in another way; its adapter must be adapted',
);

const listenersSchema = z.array(z.custom<(...values: unknown[]) => void>((value) => typeof value === 'function'));

type Client = z.infer<typeof clientSchema>;

/** One class of requests, as all connections send it. */
export interface Kind {
  readonly prepared: Prepared;
  /** As it is written. */
  readonly bytes: Buffer;
  /** How its replies look; null until one was parsed. */
  layout: ReplyLayout | null;
}

/** What a connection tells, and whom it asks. */
export interface ConnectionOwner {
  readonly sample: ComparisonSample;
  /** What is to be sent next; null for nothing. */
  next(): Kind | null;
  opened(): void;
  replied(kind: Kind, startedMs: number, endedMs: number): void;
  fault(reason: Failure): void;
}

/** The requests of all classes as autocannon writes them. */
export function requestBytes(subject: object, classes: readonly Prepared[]): readonly Buffer[] {
  const client = clientSchema.parse(subject);
  client.setRequests(
    classes.map(({ request: { method, path, headers, body } }) => ({
      method,
      path,
      headers,
      ...(body === '' ? {} : { body }),
    })),
  );
  return client.requestIterator.requests.map(({ requestBuffer }) => requestBuffer);
}

/**
 * Takes hold of a client: autocannon would send as soon as it connects, reconnect without a word when the server closes,
 * and spend most of its time on parsing replies and on statistics that are not used. A reply that looks like the one before
 * is only counted and compared here; any other is handed to autocannon's own parser, and judged by what that finds.
 */
export class AutocannonConnection {
  readonly #client: Client;
  readonly #owner: ConnectionOwner;
  readonly #check: ReplyCheck;
  readonly #random: () => number;
  /** What is under way; null when nothing is. */
  #kind: Kind | null = null;
  #startedMs = 0;
  /** Bytes of the body so far; -1 before the head has come. */
  #at = -1;
  #full = false;
  /** The first piece of a reply that goes through the parser; null for one that does not. */
  #parsed: Buffer | null = null;
  #parsedBytes = 0;
  #bodyBytes = 0;
  #status = 0;
  #complete = false;

  constructor(subject: object, owner: ConnectionOwner) {
    const client = clientSchema.parse(subject);
    const connect = client._connect.bind(client);
    this.#client = client;
    this.#owner = owner;
    this.#check = new ReplyCheck(owner.sample);
    this.#random = () => owner.sample.random();
    Object.assign(client, {
      _doRequest: () => {},
      _connect: () => {
        client.timeoutTicker.clear(); // Requests that wait for too long are looked for by the load.
        connect();
        this.#takeOver(client.conn);
      },
    });
  }

  /** When the request under way was sent; infinite when none is. */
  get waitingSinceMs(): number {
    return this.#kind === null ? Number.POSITIVE_INFINITY : this.#startedMs;
  }

  /** Sends what is next, if anything is. */
  send(nowMs: number): void {
    const kind = this.#owner.next();
    this.#kind = kind;
    if (kind === null) return;
    this.#startedMs = nowMs;
    this.#at = -1;
    this.#client.conn.write(kind.bytes);
  }

  close(): void {
    this.#client.destroy();
  }

  #takeOver(socket: Socket): void {
    // The last listener to each is autocannon's; one before it is Node's own.
    for (const event of ['error', 'data', 'end']) {
      const [listener] = listenersSchema.parse(socket.listeners(event)).slice(-1);
      if (listener !== undefined) socket.off(event, listener);
    }
    socket.setNoDelay(true);
    socket.once('connect', () => this.#owner.opened());
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.once('end', () => this.#owner.fault(CLOSED));
    socket.on('error', (error) => {
      const outcome = brokenBy(error);
      if (outcome.kind === 'bad') this.#owner.fault(outcome.reason);
    });
    this.#listenToParser();
  }

  #read(chunk: Buffer): void {
    const kind = this.#kind;
    if (kind === null) return this.#owner.fault(unasked(chunk));
    if (this.#parsed !== null) return this.#parse(kind, chunk);
    let from = 0;
    if (this.#at < 0) {
      const { layout } = kind;
      if (layout === null || !fits(layout, chunk)) return this.#parse(kind, chunk);
      this.#full = this.#owner.sample.wants(layout.bodyBytes);
      this.#at = 0;
      from = layout.headBytes;
    }
    const { body } = kind.prepared.reply;
    const to = chunk.length;
    const at = this.#at;
    this.#at = at + to - from;
    if (this.#at > body.length) return this.#owner.fault(unasked(chunk.subarray(to - (this.#at - body.length))));
    const same = this.#full ? isSame(body, at, chunk, from, to) : looksSame(body, at, chunk, from, to, this.#random);
    if (!same) {
      const where = differenceText(body, at, chunk, from, to);
      return this.#owner.fault(wrongBody(kind.prepared, body.length, where));
    }
    if (this.#at < body.length) return;
    if (this.#full) this.#owner.sample.count();
    this.#end(kind);
  }

  #end(kind: Kind): void {
    const endedMs = monotonicMs();
    this.#owner.replied(kind, this.#startedMs, endedMs);
    this.send(endedMs);
  }

  /** Hands a piece of an unusual reply to autocannon's parser. */
  #parse(kind: Kind, chunk: Buffer): void {
    if (this.#parsed === null) {
      this.#parsed = chunk;
      this.#parsedBytes = 0;
      this.#bodyBytes = 0;
      this.#complete = false;
      this.#check.expect(kind.prepared);
    }
    this.#parsedBytes += chunk.length;
    const failed = this.#client.parser.execute(chunk);
    if (failed instanceof Error) {
      const message = `a reply under load that is not HTTP (${failed.message}): ${excerpt(this.#parsed.subarray(0, 100))}`;
      return this.#owner.fault({ kind: 'wrong-reply', message });
    }
    if (!this.#complete) return;
    const piece = this.#parsed;
    this.#parsed = null;
    const outcome = this.#check.outcome();
    if (outcome.kind === 'bad') return this.#owner.fault(outcome.reason);
    kind.layout = layoutOf(piece, this.#parsedBytes - this.#bodyBytes, this.#bodyBytes) ?? kind.layout;
    this.#end(kind);
  }

  #listenToParser(): void {
    Object.assign(this.#client.parser, {
      [ON_HEADERS_COMPLETE]: ({ statusCode }: { readonly statusCode: number }) => {
        if (this.#complete) return this.#owner.fault(unasked(Buffer.from(`a reply with status ${statusCode}`)));
        this.#status = statusCode;
        this.#check.head(statusCode);
      },
      [ON_BODY]: (chunk: Buffer, start: number, length: number) => {
        this.#bodyBytes += length;
        this.#check.data(chunk.subarray(start, start + length));
      },
      [ON_MESSAGE_COMPLETE]: () => {
        // What is only for information comes before the reply.
        this.#complete = this.#status >= 200;
      },
    });
  }
}

function unasked(bytes: Buffer): Failure {
  const shown = excerpt(bytes.subarray(0, 32));
  return { kind: 'wrong-reply', message: `more bytes under load than a reply has: ${shown}` };
}
