/** What the file of a service exports, as an HTTP server: whatever its framework makes, nothing of which is imported here. */
import { createServer, type IncomingMessage, type RequestListener, Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

/** Factories that make factories are not what anybody exports. */
const DEEPEST = 4;
/** Names under which a module without a usable default export may have its service. */
const NAMES = ['default', 'app', 'server', 'handler', 'listener'] as const;

/**
 * The server of what was exported: an `http.Server`, a listener such as an Express app, a Koa app, a Fastify instance, a Nest
 * application, an object with `fetch` such as a Hono app, or a promise or factory of one. Null where it is none of these.
 */
export async function serverOf(exported: unknown, depth = 0): Promise<Server | null> {
  const value: unknown = await exported;
  if (value instanceof Server) return value;
  if (typeof value !== 'object' && typeof value !== 'function') return null;
  if (value === null || depth > DEEPEST) return null;
  const { ready, server, init, getHttpServer, callback, fetch } = membersOf(value);
  // Fastify: its server has a listener from the start, which answers when all plugins are loaded.
  if (isFunction(ready) && server instanceof Server) {
    await ready.call(value);
    return server;
  }
  // Nest.
  if (isFunction(init) && isFunction(getHttpServer)) {
    await init.call(value);
    return serverOf(getHttpServer.call(value), depth + 1);
  }
  // Koa.
  if (isFunction(callback)) return serverOf(callback.call(value), depth + 1);
  // Hono, and everything that follows the web standard.
  if (isFunction(fetch)) return createServer(fetchListener((request) => fetch.call(value, request)));
  if (isFunction(value)) {
    const listener: RequestListener = (request, response) => void value(request, response);
    if (value.length >= 2) return createServer(listener);
    if (isClass(value)) return null;
    return takesAnything(value) ? ofEither(value, listener, depth) : serverOf(value(), depth + 1);
  }
  for (const name of NAMES) {
    const member = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
    const found = member === undefined ? null : await serverOf(member, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

type Callable = (...args: readonly unknown[]) => unknown;

function isFunction(value: unknown): value is Callable {
  return typeof value === 'function';
}

/** What wraps another function has no parameters of its own, so whether it is a factory shows when it is called as one. */
async function ofEither(value: Callable, listener: RequestListener, depth: number): Promise<Server> {
  try {
    return (await serverOf(value(), depth + 1)) ?? createServer(listener);
  } catch {
    return createServer(listener);
  }
}

/** `(...args) => …`, or a function that reads `arguments`. */
function takesAnything(value: Callable): boolean {
  return /^(?:async\s+)?(?:function\b[^(]*)?\(\s*\.\.\.|\barguments\b/u.test(Function.prototype.toString.call(value));
}

/** Calling one without `new` throws. */
function isClass(value: Callable): boolean {
  return /^class\b/u.test(Function.prototype.toString.call(value));
}

interface Members {
  readonly ready: unknown;
  readonly server: unknown;
  readonly init: unknown;
  readonly getHttpServer: unknown;
  readonly callback: unknown;
  readonly fetch: unknown;
}

function membersOf(value: object): Members {
  const read = (name: keyof Members): unknown => Reflect.get(value, name);
  return {
    ready: read('ready'),
    server: read('server'),
    init: read('init'),
    getHttpServer: read('getHttpServer'),
    callback: read('callback'),
    fetch: read('fetch'),
  };
}

/** Serves what answers a `Request` with a `Response`. */
function fetchListener(answer: (request: Request) => unknown): RequestListener {
  return (request, response) => {
    respondTo(request, response, answer).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
}

async function respondTo(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: Request) => unknown,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const own = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) own.append(name, one);
  }
  const asked = new Request(`http://${headers.host ?? '127.0.0.1'}${url}`, {
    method,
    headers: own,
    ...(hasBody ? { body: await buffer(request) } : {}),
  });
  const answered = await answer(asked);
  if (!(answered instanceof Response)) throw new TypeError('fetch() of the app returned no Response');
  const sent: [string, string][] = [...answered.headers].filter(([name]) => name !== 'set-cookie');
  const cookies = answered.headers.getSetCookie();
  response.statusCode = answered.status;
  for (const [name, value] of sent) response.setHeader(name, value);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  if (answered.body === null) response.end();
  else await pipeline(Readable.fromWeb(answered.body), response);
}
