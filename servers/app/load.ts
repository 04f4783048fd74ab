/** Loads the file of a service as it is, and takes hold of the server on which it would listen. */
import cluster from 'node:cluster';
import { errorMonitor } from 'node:events';
import { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { Server as TlsServer } from 'node:tls';
import { listenOptions, type Place } from '../place.ts';
import { serverOf } from './exported.ts';
import { importMain } from './process.ts';

/** From the end of loading: a service may connect to its database before it listens. */
const LISTEN_LIMIT_MS = 20_000;
/** How long a service that has a TLS server already may take for one without. */
const TLS_LIMIT_MS = 2_000;
/** How long nothing may be under way in a service that is still to listen. */
const IDLE_LIMIT_MS = 1_000;
/** How long the other ports of a service may take to open. */
const OTHERS_LIMIT_MS = 2_000;
const LOOK_EVERY_MS = 50;

/**
 * Imports the file, and resolves with its HTTP server: the first that it has listen, whenever it does, else what it exports. A server
 * that it has listen listens where it is told here, whatever the file says, and to the file it looks as if it had its way. Everything
 * else that the file opens is left alone, and is open when this resolves. Rejects when there is no server, with what to do about it.
 */
export async function loadApp(url: string, place: Place): Promise<Server> {
  const idle = underWay();
  const captured = captureFirst(place);
  try {
    const module = await importMain(url);
    // What the file has begun in its last turn.
    await setImmediate();
    const own = captured.found() ?? (await serverOf(module)) ?? (await listening(captured, idle));
    if (captured.found() === null) await listenAt(own, place);
    await Promise.race([Promise.all(captured.others().map(open)), setTimeout(OTHERS_LIMIT_MS, null, { ref: false })]);
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
  /** Whatever else was told to listen. */
  others(): readonly NetServer[];
  release(): void;
}

type Listen = typeof NetServer.prototype.listen;

function captureFirst(place: Place): Captured {
  const original: Listen = Reflect.get(NetServer.prototype, 'listen');
  const { fork } = cluster;
  const others: NetServer[] = [];
  let found: Server | null = null;
  function listen(this: NetServer, ...args: unknown[]): NetServer {
    if (found !== null || !(this instanceof Server)) {
      if (found !== this) others.push(this);
      return Reflect.apply(original, this, args);
    }
    found = this;
    const callback = args.findLast((one) => typeof one === 'function');
    if (typeof callback === 'function') this.once('listening', () => Reflect.apply(callback, this, []));
    if (place.kind !== 'nowhere') return Reflect.apply(original, this, [listenOptions(place)]);
    pretend(this, args);
    return this;
  }
  Reflect.set(NetServer.prototype, 'listen', listen);
  if (cluster.isPrimary) {
    cluster.fork = () => {
      throw new Error(
        'it starts workers of its own with node:cluster; give the file that those run, or have it start none',
      );
    };
  }
  return {
    found: () => found,
    others: () => others,
    release: () => {
      Reflect.set(NetServer.prototype, 'listen', original);
      cluster.fork = fork;
    },
  };
}

/** The server that a file has listen after it was loaded. Rejects when that will not happen. */
async function listening(captured: Captured, underWayNow: () => boolean): Promise<Server> {
  const startMs = performance.now();
  let activeMs = startMs;
  for (;;) {
    const server = captured.found();
    if (server !== null) return server;
    const nowMs = performance.now();
    if (underWayNow()) activeMs = nowMs;
    const isTls = captured.others().some((one) => one instanceof TlsServer);
    if (isTls && nowMs - startMs > TLS_LIMIT_MS) {
      throw new Error(
        'it listens with HTTPS or HTTP/2 only, which is not measured; have it listen without TLS, as behind a proxy',
      );
    }
    if (!isTls && nowMs - activeMs > IDLE_LIMIT_MS)
      throw new Error(`it has come to its end without calling listen() ${WAY_OUT}`);
    if (nowMs - startMs > LISTEN_LIMIT_MS) {
      throw new Error(`it did not call listen() within ${LISTEN_LIMIT_MS / 1000} s ${WAY_OUT}`);
    }
    await setTimeout(LOOK_EVERY_MS, null, { ref: false });
  }
}

const WAY_OUT = 'and exports nothing that can serve; export the app, or have it listen';

/** Whether there is anything that could make a service go on: more of some kind than there is now. */
function underWay(): () => boolean {
  const before = countsOfResources();
  return () => [...countsOfResources()].some(([kind, count]) => count > (before.get(kind) ?? 0));
}

function countsOfResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Resolves when a server listens, or cannot: what follows from that is for the service to decide. */
function open(server: NetServer): Promise<void> {
  return new Promise((resolve) => {
    if (server.listening) resolve();
    for (const event of ['listening', errorMonitor]) Reflect.apply(server.once, server, [event, resolve]);
  });
}

/** A server that the file exports and has not had listen. */
async function listenAt(server: Server, place: Place): Promise<void> {
  if (place.kind === 'nowhere' || server.listening) return;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listenOptions(place), resolve);
  });
}

/** Makes a server that does not listen look as if it did. */
function pretend(server: Server, args: readonly unknown[]): void {
  const [first] = args;
  const path = typeof first === 'object' && first !== null ? Reflect.get(first, 'path') : first;
  const asked = typeof first === 'object' && first !== null ? Reflect.get(first, 'port') : first;
  const port = Number(asked) || 0;
  Object.defineProperty(server, 'listening', { value: true, configurable: true });
  server.address = () =>
    typeof path === 'string' && !(port > 0) ? path : { address: '127.0.0.1', family: 'IPv4', port };
  server.listen = () => {
    throw Object.assign(new Error('Listen method has been called more than once without closing.'), {
      code: 'ERR_SERVER_ALREADY_LISTEN',
    });
  };
  server.close = (callback) => {
    if (callback !== undefined) process.nextTick(callback);
    return server;
  };
  process.nextTick(() => server.emit('listening'));
}
