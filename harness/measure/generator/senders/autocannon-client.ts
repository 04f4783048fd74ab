/** One connection of autocannon, whose replies are parsed here. */
import type { Socket } from 'node:net';
import type { ComparisonSample } from '../../../stats/comparison-sample.ts';
import type { Failure } from '../../../store/schema.ts';
import { differenceText, excerpt, isSame, looksSame } from '../../replies/body.ts';
import { fits, hasNoBody, layoutOf, type ReplyLayout } from '../../replies/layout.ts';
import type { Visit } from '../../requests/varied.ts';
import { monotonicMs } from '../load.ts';
import { type Client, hold, listenToParser } from './autocannon-inside.ts';
import type { LoadClient } from './clients.ts';
import { brokenBy, openEventOf, type Prepared } from './connections.ts';
import { CLOSED } from './keep-alive.ts';
import { ReplyCheck, wrongBody } from './reply-check.ts';

/** One class of requests, as all connections send it. */
export interface Kind {
  readonly prepared: Prepared;
  /** The next request as it is written, text in Latin-1. */
  readonly bytes: (by: Visit) => Buffer | string;
  /** The layout of its replies; null until one was parsed, and where there are two that are right. */
  layout: ReplyLayout | null;
}

/** The load that a connection belongs to. */
export interface ConnectionOwner {
  readonly sample: ComparisonSample;
  /** What to send next; null for nothing. */
  next(): Kind | null;
  opened(): void;
  replied(kind: Kind, startedMs: number, endedMs: number, isLost: boolean): void;
  fault(reason: Failure): void;
}

/**
 * Takes over a client: autocannon would send as soon as it connects, reconnect silently when the server closes, and spend
 * most of its time on parsing replies and on statistics that are not used. A reply with the layout of the one before is only
 * counted and compared here; any other goes through autocannon's own parser.
 */
export class AutocannonConnection {
  readonly #client: Client;
  readonly #as: LoadClient;
  readonly #owner: ConnectionOwner;
  readonly #check: ReplyCheck;
  readonly #random: () => number;
  /** What is under way; null when nothing is. */
  #kind: Kind | null = null;
  #startedMs = 0;
  /** Bytes of the body so far; -1 before the head was received. */
  #at = -1;
  #full = false;
  /** The first piece of a reply that goes through the parser; null for one that does not. */
  #parsed: Buffer | null = null;
  #parsedBytes = 0;
  #bodyBytes = 0;
  #status = 0;
  #complete = false;

  /** `as`: who sends. */
  constructor(subject: object, as: LoadClient, owner: ConnectionOwner) {
    this.#as = as;
    this.#owner = owner;
    this.#check = new ReplyCheck(owner.sample);
    this.#random = () => owner.sample.random();
    this.#client = hold(subject, as.localAddress, (socket) => this.#takeOver(socket));
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
    this.#client.conn.write(kind.bytes(this.#as.visits()), 'latin1');
  }

  close(): void {
    this.#client.destroy();
  }

  #takeOver(socket: Socket): void {
    socket.setNoDelay(true);
    socket.once(openEventOf(socket), () => this.#owner.opened());
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.once('end', () => this.#owner.fault(CLOSED));
    socket.on('error', (error) => {
      const outcome = brokenBy(error);
      if (outcome.kind === 'bad') this.#owner.fault(outcome.reason);
    });
    listenToParser(this.#client, {
      head: (status) => {
        if (this.#complete) {
          this.#owner.fault(unexpected(Buffer.from(`a reply with status ${status}`)));
          return true;
        }
        this.#status = status;
        this.#check.head(status);
        return hasNoBody(this.#kind?.prepared.request.method, status);
      },
      body: (piece) => {
        this.#bodyBytes += piece.length;
        this.#check.data(piece);
      },
      // Informational replies (1xx) come before the real one.
      end: () => {
        this.#complete = this.#status >= 200;
      },
    });
  }

  #read(chunk: Buffer): void {
    const kind = this.#kind;
    if (kind === null) {
      this.#owner.fault(unexpected(chunk));
      return;
    }
    if (this.#parsed !== null) {
      this.#parse(kind, chunk);
      return;
    }
    let from = 0;
    if (this.#at < 0) {
      const { layout } = kind;
      if (layout === null || !fits(layout, chunk)) {
        this.#parse(kind, chunk);
        return;
      }
      this.#full = this.#owner.sample.wants(layout.bodyBytes);
      this.#at = 0;
      from = layout.headBytes;
    }
    const body = kind.prepared.reply.body ?? NO_BODY;
    const to = chunk.length;
    const at = this.#at;
    this.#at = at + to - from;
    if (this.#at > body.length) {
      this.#owner.fault(unexpected(chunk.subarray(to - (this.#at - body.length))));
      return;
    }
    const same = this.#full ? isSame(body, at, chunk, from, to) : looksSame(body, at, chunk, from, to, this.#random);
    if (!same) {
      const where = differenceText(body, at, chunk, from, to);
      this.#owner.fault(wrongBody(kind.prepared, body.length, where));
      return;
    }
    if (this.#at < body.length) return;
    if (this.#full) this.#owner.sample.count();
    this.#end(kind, false);
  }

  #end(kind: Kind, isLost: boolean): void {
    const endedMs = monotonicMs();
    this.#owner.replied(kind, this.#startedMs, endedMs, isLost);
    this.send(endedMs);
  }

  /** Passes a piece of an unusual reply to autocannon's parser. */
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
      const message = `a reply under load that is not HTTP (${failed.message}): ${excerpt(this.#parsed)}`;
      this.#owner.fault({ kind: 'wrong-reply', message });
      return;
    }
    if (!this.#complete) return;
    const { line } = this.#client.parser;
    if (line !== '') {
      this.#owner.fault(unexpected(Buffer.from(line, 'latin1')));
      return;
    }
    const piece = this.#parsed;
    this.#parsed = null;
    const outcome = this.#check.outcome();
    if (outcome.kind === 'bad') {
      this.#owner.fault(outcome.reason);
      return;
    }
    const { body, lost } = kind.prepared.reply;
    if (body !== null && lost === null) {
      const headBytes = this.#parsedBytes - this.#bodyBytes;
      kind.layout = layoutOf(kind.prepared.request.method, piece, headBytes, this.#bodyBytes) ?? kind.layout;
    }
    this.#end(kind, outcome.isLost);
  }
}

/** A body that varies by itself never comes this way. */
const NO_BODY = Buffer.alloc(0);

function unexpected(bytes: Buffer): Failure {
  return { kind: 'wrong-reply', message: `extra bytes after a reply under load: ${excerpt(bytes)}` };
}
