/**
 * Gives requests to an HTTP server that does not listen, and takes its replies: how a pool runs a service that was written to
 * listen. The same `IncomingMessage` and `ServerResponse` as behind a socket, on a connection that ends here: about 10 µs a request,
 * a tenth of what a library takes that makes objects of its own.
 */
import { isUtf8 } from 'node:buffer';
import { IncomingMessage, type Server, ServerResponse } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';
const LINE_END = '\r\n';
/** Of the connection between the front end and its client, which has its own. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date']);
/** It is in memory as a whole, here and in the front end. */
const MOST_BYTES = 64 * 1024 * 1024;
const TOO_LONG = `the reply has more than ${MOST_BYTES / 2 ** 20} MiB, which a pool does not pass on`;
const LOOPBACK: AddressInfo = { address: '127.0.0.1', family: 'IPv4', port: 0 };

/** The connection of one request at a time: what is written to it is the reply. */
class Wire extends Socket {
  override readonly remoteAddress = LOOPBACK.address;
  override readonly remoteFamily = LOOPBACK.family;
  override readonly remotePort = LOOPBACK.port;
  override readonly localAddress = LOOPBACK.address;
  override readonly localFamily = LOOPBACK.family;
  override readonly localPort = LOOPBACK.port;
  #written: Buffer[] = [];
  #bytes = 0;
  #isEnded = false;

  /** Whether another request can be given over it: what has closed a connection has closed it. */
  get isReusable(): boolean {
    return !this.#isEnded && !this.destroyed;
  }

  /** A reply without an end would take all memory. */
  get isTooLong(): boolean {
    return this.#bytes > MOST_BYTES;
  }

  override address(): AddressInfo {
    return LOOPBACK;
  }

  override cork(): void {}
  override uncork(): void {}

  override write(chunk: Uint8Array | string, encoding?: unknown, callback?: unknown): boolean {
    this.#bytes += chunk.length;
    if (this.isTooLong) {
      this.#written = [];
      this.destroy();
      return false;
    }
    // A copy: whoever wrote it may use its memory again as soon as it is called back.
    this.#written.push(
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8')
        : Buffer.from(chunk),
    );
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') process.nextTick(done);
    return true;
  }

  /** A connection that is closed after a reply: there is nothing to be closed, but it is not used again. */
  override end(...args: readonly unknown[]): this {
    const [chunk, encoding] = args;
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) this.write(chunk, encoding);
    this.#isEnded = true;
    const done = args.findLast((one) => typeof one === 'function');
    if (typeof done === 'function') process.nextTick(done);
    return this;
  }

  override destroySoon(): void {
    this.#isEnded = true;
  }

  /** Everything that was written since it was called before. */
  taken(): Buffer {
    const [only] = this.#written;
    const all = this.#written.length === 1 && only !== undefined ? only : Buffer.concat(this.#written);
    this.#written = [];
    this.#bytes = 0;
    return all;
  }
}

/** Wires that are not in use. */
const spare: Wire[] = [];

/** Has the server answer one request. A reply in pieces, as a stream sends it, is answered when it is complete. */
export function inject(
  server: Server,
  method: string,
  url: string,
  rawHeaders: readonly string[],
  body: Uint8Array,
  answer: (status: number, rawHeaders: readonly string[], body: string | Uint8Array) => void,
): void {
  const wire = spare.pop() ?? new Wire();
  const request = new IncomingMessage(wire);
  request.httpVersionMajor = 1;
  request.httpVersionMinor = 1;
  request.httpVersion = '1.1';
  request.method = method;
  request.url = url;
  addHeaders(request, [...rawHeaders]);
  request.complete = true;
  if (body.byteLength > 0) request.push(body);
  request.push(null);
  const response = new ServerResponse(request);
  response.shouldKeepAlive = true;
  response.assignSocket(wire);
  let isOver = false;
  const timedOut = (): void => {
    if (!response.emit('timeout', wire) && !request.emit('timeout', wire)) wire.destroy();
  };
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    wire.setTimeout(0);
    wire.off('timeout', timedOut);
    wire.off('close', over);
    if (response.socket !== null) response.detachSocket(wire);
    const isWhole = response.writableFinished;
    // As behind a socket, where it comes after `finish`: it is where a service lets go of what it holds for a request.
    process.nextTick(() => response.emit('close'));
    if (!isWhole) {
      const why = wire.isTooLong ? TOO_LONG : 'the app closed the connection without a reply';
      answer(500, ['content-type', 'text/plain'], why);
      return;
    }
    const { status, headers, body: reply } = parsed(wire.taken(), method);
    if (wire.isReusable) spare.push(wire);
    answer(status, headers, reply);
  };
  wire.on('timeout', timedOut);
  response.once('finish', over);
  wire.once('close', over);
  server.emit('request', request, response);
}

/** As the parser of Node gives headers to a request, which then joins or drops repeated ones when it is asked for them. */
function addHeaders(request: IncomingMessage, rawHeaders: string[]): void {
  const add: unknown = Reflect.get(request, '_addHeaderLines');
  if (typeof add !== 'function')
    throw new Error('this version of Node.js takes headers in another way; change inject.ts');
  Reflect.apply(add, request, [rawHeaders, rawHeaders.length]);
}

interface Parsed {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string | Uint8Array;
}

/** A reply as it would be on a wire. What comes before it, such as early hints, is for its client and left out. */
function parsed(all: Buffer, method: string): Parsed {
  let from = 0;
  let headEnd = all.indexOf(HEAD_END);
  while (/^HTTP\/1\.1 1\d\d/u.test(all.toString('latin1', from, from + 12)) && headEnd >= 0) {
    from = headEnd + HEAD_END.length;
    headEnd = all.indexOf(HEAD_END, from);
  }
  const [start = '', ...lines] = all.toString('latin1', from, headEnd).split(LINE_END);
  const headers: string[] = [];
  let isChunked = false;
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const lower = name.toLowerCase();
    if (lower === 'transfer-encoding') isChunked = line.toLowerCase().includes('chunked');
    if (!HOP_BY_HOP.has(lower) || (method === 'HEAD' && lower === 'content-length')) {
      headers.push(name, line.slice(colon + 1).trim());
    }
  }
  const rest = all.subarray(headEnd + HEAD_END.length);
  const bytes = method === 'HEAD' ? rest.subarray(0, 0) : isChunked ? withoutChunks(rest) : rest;
  return { status: Number(start.slice(9, 12)), headers, body: isText(bytes) ? bytes.toString() : bytes };
}

/** A front end writes short text with its headers at once, and bytes after them, which costs it a third more. */
function isText(bytes: Buffer): boolean {
  return bytes.byteLength <= MOST_TEXT_BYTES && isUtf8(bytes);
}

const MOST_TEXT_BYTES = 16 * 1024;

function withoutChunks(chunked: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  while (at < chunked.length) {
    const lineEnd = chunked.indexOf(LINE_END, at);
    const length = Number.parseInt(chunked.toString('latin1', at, lineEnd), 16);
    if (!(length > 0)) break;
    pieces.push(chunked.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}
