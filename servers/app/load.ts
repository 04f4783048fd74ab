/** Loads the file of a service as it is, and takes hold of the server on which it would listen. */
import { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { serverOf } from './exported.ts';

/** From the end of loading: a service may connect to its database before it listens. */
const LISTEN_LIMIT_MS = 20_000;
const BACKLOG = 1024;

/** Where the server of the service is to be: on this port of loopback, or nowhere, where requests are given to it instead. */
export type Place = { readonly kind: 'port'; readonly port: number } | { readonly kind: 'nowhere' };

/**
 * Imports the file, and resolves with its HTTP server: the first that it has listen, whenever it does, else what it exports. A server
 * that it has listen listens where it is told here, whatever the file says, and to the file it looks as if it had its way. Everything
 * else that the file opens is left alone. Rejects when there is none.
 */
export async function loadApp(url: string, place: Place): Promise<Server> {
  const captured = captureFirst(place);
  try {
    const module: object = await import(url);
    // What the file has begun in its last turn.
    await setImmediate();
    const own = captured.found() ?? (await serverOf(module));
    if (own === null) return await captured.within(LISTEN_LIMIT_MS);
    if (captured.found() === null) await listenAt(own, place);
    return own;
  } finally {
    captured.release();
  }
}

/** The port of a server that listens. */
export function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

interface Captured {
  found(): Server | null;
  /** The server, when it listens. Rejects after so long. */
  within(limitMs: number): Promise<Server>;
  release(): void;
}

type Listen = typeof NetServer.prototype.listen;

function captureFirst(place: Place): Captured {
  const original: Listen = Reflect.get(NetServer.prototype, 'listen');
  let found: Server | null = null;
  let tell = (_server: Server): void => {};
  const told = new Promise<Server>((resolve) => {
    tell = resolve;
  });
  function listen(this: NetServer, ...args: unknown[]): NetServer {
    if (found !== null || !(this instanceof Server)) return Reflect.apply(original, this, args);
    found = this;
    const callback = args.findLast((one) => typeof one === 'function');
    if (typeof callback === 'function') this.once('listening', () => Reflect.apply(callback, this, []));
    tell(this);
    if (place.kind === 'port') {
      return Reflect.apply(original, this, [{ port: place.port, host: '127.0.0.1', backlog: BACKLOG }]);
    }
    pretend(this, args);
    return this;
  }
  Reflect.set(NetServer.prototype, 'listen', listen);
  return {
    found: () => found,
    within: async (limitMs) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(neverText(limitMs))), limitMs);
      });
      try {
        return await Promise.race([told, late]);
      } finally {
        clearTimeout(timer);
      }
    },
    release: () => {
      Reflect.set(NetServer.prototype, 'listen', original);
    },
  };
}

function neverText(limitMs: number): string {
  return `it did not call listen() within ${limitMs / 1000} s, and exports nothing that can serve; export the app, or have it listen`;
}

/** A server that the file exports and has not had listen. */
async function listenAt(server: Server, place: Place): Promise<void> {
  if (place.kind === 'nowhere' || server.listening) return;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: place.port, host: '127.0.0.1', backlog: BACKLOG }, resolve);
  });
}

/** Makes a server that does not listen look as if it did. */
function pretend(server: Server, args: readonly unknown[]): void {
  const [first] = args;
  const asked = typeof first === 'object' && first !== null ? Reflect.get(first, 'port') : first;
  const port = Number(asked) || 0;
  Object.defineProperty(server, 'listening', { value: true, configurable: true });
  server.address = () => ({ address: '127.0.0.1', family: 'IPv4', port });
  server.close = (callback) => {
    if (callback !== undefined) process.nextTick(callback);
    return server;
  };
  process.nextTick(() => server.emit('listening'));
}
