/** Connections that stay open: one undici client each, so that the connection for each request can be chosen here. */
import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import type { ComparisonSample } from '../../../stats/comparison-sample.ts';
import { codeOf } from '../../../errors.ts';
import type { Failure } from '../../../store/schema.ts';
import { monotonicMs } from '../load.ts';
import type { Clients, LoadClient } from './clients.ts';
import {
  brokenBy,
  type Carrier,
  type Connections,
  openEventOf,
  openSocket,
  type Prepared,
  type Sender,
} from './connections.ts';
import { ReplyCheck } from './reply-check.ts';
import type { TraceRecorder } from './trace-recorder.ts';

export const CLOSED: Failure = { kind: 'connection-closed', message: 'the server closed a connection under load' };

/**
 * Most connections that are being opened at a time. A generator that is late for a moment has many requests to send at once;
 * opening a connection for each would keep it late, until the largest allowed number is open.
 */
const MOST_OPENING = 8;

/** Longer than any trial: only the server closes a connection. */
const FOREVER_MS = 24 * 3_600_000;
/**
 * Servers close connections that nobody uses, `node:http` after five seconds, and say so in whole seconds (`keep-alive: timeout=5`). As
 * clients do, ours closes them so much sooner, for a request and a close may cross, and opens another when it needs one.
 */
const SOONER_MS = 500;
/** A connection that is closed before so much time without a request was not kept alive, which is a fault. */
const IDLE_MS = 400;

/**
 * A request takes an idle connection at random, as if each belonged to another user. Taking the one used last would leave all
 * but a few idle, and cluster workers with them. When none is idle, another is opened, up to `most`.
 */
export function keepAliveConnections(
  url: URL,
  most: number,
  random: () => number,
  clients: Clients,
  sample: ComparisonSample,
  onFault: (reason: Failure) => void,
  trace: ConnectionTrace = null,
): Connections {
  const all = new Set<Connection>();
  const idle: Connection[] = [];
  let opened = 0;
  let opening = 0;
  let notifyFree = (): void => {};
  const add = (): Connection => {
    opened++;
    opening++;
    const client = clients.take();
    const onGone = (connection: Connection): void => {
      clients.giveBack(client);
      all.delete(connection);
      opened--;
      const at = idle.indexOf(connection);
      if (at >= 0) idle.splice(at, 1);
    };
    const connection = new Connection(url, client, (one) => idle.push(one), onGone, onFault, sample, trace);
    all.add(connection);
    const settled = (): void => {
      opening--;
      notifyFree();
    };
    connection.opened().then(settled, settled);
    return connection;
  };
  return {
    async open(count) {
      const connections = Array.from({ length: count }, add);
      await Promise.all(connections.map((connection) => connection.opened()));
      idle.push(...connections);
    },
    hasFree: () => idle.length > 0 || (opened < most && opening < MOST_OPENING),
    isFull: () => idle.length === 0 && opened >= most,
    onFree: (callback) => {
      notifyFree = callback;
    },
    busy: () => opened - idle.length,
    close: () => {
      for (const connection of all) connection.leave();
    },
    send(prepared, sender) {
      const at = Math.floor(random() * idle.length);
      const last = idle.pop();
      if (last === undefined) return add().send(prepared, sender);
      const connection = idle[at] ?? last;
      if (at < idle.length) idle[at] = last;
      return connection.send(prepared, sender);
    },
  };
}

type ConnectionTrace = Pick<TraceRecorder, 'opened' | 'closedIdle'> | null;

/** Of an error with which the client closes a connection that has been idle for long. */
const CLIENT_CLOSED = 'UND_ERR_INFO';

/** One connection. It handles its replies itself, because it has at most one request under way. */
class Connection implements Carrier, Dispatcher.DispatchHandler {
  readonly #socket: Socket;
  #isOpen = false;
  readonly #client: Client;
  readonly #as: LoadClient;
  readonly #onIdle: (connection: Connection) => void;
  readonly #onGone: (connection: Connection) => void;
  readonly #check: ReplyCheck;
  readonly #trace: ConnectionTrace;
  #sender: Sender | undefined;
  #isLeft = false;
  /** Whether the server has said that it closes the connection after this reply. */
  #isLast = false;
  #idleSinceMs = performance.now();

  constructor(
    url: URL,
    as: LoadClient,
    onIdle: (connection: Connection) => void,
    onGone: (connection: Connection) => void,
    onFault: (reason: Failure) => void,
    sample: ComparisonSample,
    trace: ConnectionTrace,
  ) {
    this.#as = as;
    this.#trace = trace;
    this.#check = new ReplyCheck(sample);
    this.#onIdle = onIdle;
    this.#onGone = onGone;
    const { localAddress } = as;
    const socket = openSocket(url, localAddress === undefined ? {} : { localAddress });
    const openEvent = openEventOf(socket);
    socket.once(openEvent, () => {
      this.#isOpen = true;
      trace?.opened(monotonicMs());
    });
    this.#socket = socket;
    let isOurs = false;
    socket.on('error', (error) => {
      isOurs = codeOf(error) === CLIENT_CLOSED; // All else the client and `opened` handle.
    });
    const closed = (): void => {
      if (this.#isLeft) return;
      const isUnused = this.#sender === undefined && performance.now() - this.#idleSinceMs >= IDLE_MS;
      if (trace !== null) this.#closedUnderTrace(isOurs);
      else if (isUnused) this.leave();
      else onFault(CLOSED);
    };
    socket.once('end', closed);
    // During a request the client reports a close. It does not for an idle connection, and after a reply with
    // `connection: close` there is no 'end' either.
    socket.once(openEvent, () => {
      socket.once('close', () => {
        if (this.#sender !== undefined || this.#isLeft) return;
        closed();
        this.leave();
      });
    });
    this.#client = new Client(url, {
      pipelining: 1,
      keepAliveTimeout: FOREVER_MS,
      keepAliveMaxTimeout: FOREVER_MS,
      keepAliveTimeoutThreshold: SOONER_MS,
      headersTimeout: 0, // Senders look for time-outs.
      bodyTimeout: 0,
      connect: (_options, callback) => {
        // Called again for the next request. The client would retry for ever, unless the error is unknown to it.
        if (socket.destroyed) {
          closed();
          return void queueMicrotask(() => callback(new Error(CLOSED.message), null));
        }
        // Not at once: the client is not yet ready for the callback.
        if (this.#isOpen) return void queueMicrotask(() => callback(null, socket));
        socket.once(openEvent, () => callback(null, socket));
        socket.once('error', (error) => callback(error, null));
      },
    });
  }

  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.once(openEventOf(this.#socket), () => resolve());
      this.#socket.once('error', reject);
    });
  }

  send(prepared: Prepared, sender: Sender): this {
    const { method, path, fields, body } = prepared.nth(prepared.next(), this.#as.visits());
    this.#check.expect(prepared);
    this.#sender = sender;
    // By itself the client closes a connection after HEAD, and after a body that the method does not ask for.
    const headers = [...fields];
    this.#client.dispatch({ method, path, headers, body: body.byteLength === 0 ? null : body, reset: false }, this);
    return this;
  }

  abandon(sender: Sender): void {
    if (this.#sender !== sender) return;
    this.#sender = undefined;
    this.leave();
  }

  onRequestStart(): void {}

  onResponseStart(_controller: unknown, status: number, headers: Readonly<Record<string, unknown>>): void {
    this.#check.head(status);
    this.#isLast = this.#trace !== null && String(headers.connection).toLowerCase() === 'close';
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#check.data(chunk);
  }

  onResponseEnd(): void {
    const sender = this.#sender;
    if (sender === undefined) return;
    this.#sender = undefined;
    this.#idleSinceMs = performance.now();
    if (this.#isLast) this.#closedUnderTrace(false);
    else this.#onIdle(this);
    sender.settled(this.#check.outcome());
  }

  onResponseError(_controller: unknown, error: Error): void {
    const sender = this.#sender;
    this.#sender = undefined;
    this.leave();
    sender?.settled(brokenBy(error));
  }

  /** A request that is under way has an outcome of its own; otherwise another connection is opened when one is needed. */
  #closedUnderTrace(isOurs: boolean): void {
    if (this.#sender !== undefined) return;
    if (!isOurs) this.#trace?.closedIdle(monotonicMs());
    this.leave();
  }

  /** Ends it, with the request under way. */
  leave(): void {
    if (this.#isLeft) return;
    this.#isLeft = true;
    this.#onGone(this);
    this.#client.destroy().catch(() => {});
  }
}
