/** The open connections of an HTTP server, and how a server that ends lets go of them. */
import { type Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Patience } from '../model.ts';

/**
 * Of whoever has clients. A client may send while a connection is being closed for being idle, and lose that request: the longer this takes, the
 * more of them have had a reply that says `connection: close` before.
 */
export const GRACEFUL: Patience = { idleMs: 500, limitMs: 5_000 };
/** When the load is over. */
export const QUICK: Patience = { idleMs: 10, limitMs: 500 };

/** How often connections are looked at, as a share of the time after which one is idle. */
const LOOKS_PER_IDLE = 10;

/** What a connection was like when it was first seen as it is. */
interface Quiet {
  readonly bytesRead: number;
  readonly sinceMs: number;
}

/** Follows the connections of a server from when it is made. It costs nothing for each request. */
export class Connections {
  readonly #server: Server;
  /** Those that requests come over: with TLS what is wrapped around what was accepted. */
  readonly #open = new Set<Socket>();
  readonly #isTls: boolean;
  #accepted = 0;

  constructor(server: Server, isTls = false) {
    this.#server = server;
    this.#isTls = isTls;
    server.on(isTls ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
    if (!isTls) return;
    server.on('connection', (socket: Socket) => {
      this.#accepted++;
      socket.once('close', () => this.#accepted--);
    });
  }

  get count(): number {
    return this.#isTls ? this.#accepted : this.#open.size;
  }

  /** Closes each after the reply to the last request that comes over it, and those that are idle. Resolves when none is left. */
  async end({ idleMs, limitMs }: Patience): Promise<void> {
    const untilMs = performance.now() + limitMs;
    for (const socket of this.#open) {
      const response = responseOn(socket);
      if (response?.headersSent === false) response.shouldKeepAlive = false;
    }
    this.#server.prependListener('request', (_request, response) => {
      response.shouldKeepAlive = false;
    });
    const quiet = new Map<Socket, Quiet>();
    while (this.count > 0 && performance.now() < untilMs) {
      this.#closeIdle(quiet, idleMs);
      await setTimeout(idleMs / LOOKS_PER_IDLE);
      // By then what had come has been read, however long the event loop was busy.
      await setImmediate();
    }
    for (const socket of this.#open) socket.destroy();
  }

  #closeIdle(quiet: Map<Socket, Quiet>, idleMs: number): void {
    const nowMs = performance.now();
    for (const socket of this.#open) {
      const before = quiet.get(socket);
      const { bytesRead } = socket;
      if (responseOn(socket) !== null) quiet.delete(socket);
      else if (before?.bytesRead !== bytesRead) quiet.set(socket, { bytesRead, sinceMs: nowMs });
      else if (nowMs - before.sinceMs >= idleMs) socket.destroySoon();
    }
  }
}

/** The response that is under way on a connection. Node.js tells in no other way which connections are idle, but to close them all. */
function responseOn(socket: Socket): ServerResponse | null {
  const message: unknown = Reflect.get(socket, '_httpMessage');
  return message instanceof ServerResponse ? message : null;
}

/**
 * Has a server accept nothing more. Its own `close` would close all connections that are idle at this moment as well, and with them the
 * requests that are on their way; and a service may have replaced it.
 */
export function stopListening(server: Server): void {
  Reflect.apply(NetServer.prototype.close, server, []);
}
