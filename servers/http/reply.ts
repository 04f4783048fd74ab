/** Checks what a handler returned, and describes what it threw in one line. */
import { inspect, types } from 'node:util';
import type { Pieces, Reply } from '../../scenarios/scenario.ts';

/** Headers as `name, value, name, value, …`, as Node reports and accepts them. */
export type RawHeaders = readonly string[];

/** Called once, with the outcome of one request. */
export type Answer = (status: number, headers: RawHeaders, body: string | Uint8Array | Pieces) => void;

/** For what can pass on whole bodies only: those in pieces are collected first. */
export function whole(answer: (status: number, headers: RawHeaders, body: string | Uint8Array) => void): Answer {
  return (status, headers, body) => {
    if (!inPieces(body)) {
      answer(status, headers, body);
      return;
    }
    collected(body).then(
      (all) => answer(status, headers, all),
      (error: unknown) => {
        printError(error);
        answer(500, PLAIN_TEXT, whatFailed(error));
      },
    );
  };
}

export function inPieces(body: unknown): body is Pieces {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** All of them in one. Rejects with what their source throws. */
export async function collected(pieces: Pieces): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of checked(pieces)) all.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  return Buffer.concat(all);
}

/** The same pieces. Throws `Malformed` at the first that cannot be sent. */
export async function* checked(pieces: Pieces): Pieces {
  for await (const piece of pieces) {
    if (typeof piece !== 'string' && !types.isUint8Array(piece)) {
      throw new Malformed(
        `the handler returned a piece of a body of type ${kindOf(piece)}; it must be a string or a Uint8Array: ${bodyFrom(piece)}`,
      );
    }
    yield piece;
  }
}

export const PLAIN_TEXT: RawHeaders = ['content-type', 'text/plain'];

const LONGEST_LINE = 1000;

/** A reply that cannot be sent. The message is one line for whoever wrote the handler. */
class Malformed extends Error {}

/** What becomes of an error in handler code, in one line. */
export function whatFailed(error: unknown): string {
  return error instanceof Malformed ? error.message : `the handler failed: ${inOneLine(error)}`;
}

/** Throws `Malformed`. TypeScript would find most of this, but a module of a user may be JavaScript. */
export function checkReply(reply: Reply): void {
  if (typeof reply !== 'object' || reply === null) {
    throw new Malformed(`the handler returned ${kindOf(reply)}; it must return { status, headers, body }`);
  }
  const { status, headers, body }: Record<keyof Reply, unknown> = reply;
  if (kindOf(reply) === 'Response') {
    throw new Malformed(
      'the handler returned a Response; return { status, headers: Object.fromEntries(response.headers), body: await response.text() }',
    );
  }
  if (typeof body !== 'string' && !types.isUint8Array(body) && !inPieces(body)) {
    const must = 'a body must be a string, a Uint8Array, or an async iterable of these';
    throw new Malformed(`the handler returned a body of type ${kindOf(body)}; ${must}: ${bodyFrom(body)}`);
  }
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 999) {
    const shown = typeof status === 'number' ? status : `of type ${kindOf(status)}`;
    throw new Malformed(`the handler returned a status ${shown}; a status must be a whole number from 200 to 999`);
  }
  if (headers !== undefined && kindOf(headers) !== 'object') {
    throw new Malformed(
      `the handler returned headers of type ${kindOf(headers)}; headers must be an object by name, as of Object.fromEntries()`,
    );
  }
  if ((status === 204 || status === 304) && (typeof body === 'object' ? !isEmpty(body) : body !== '')) {
    throw new Malformed(
      `the handler returned a body with status ${status}, which has none; return '' as the body, or another status`,
    );
  }
}

function isEmpty(body: Uint8Array | Pieces): boolean {
  return !inPieces(body) && body.byteLength === 0;
}

/** How to make a body of something else. */
function bodyFrom(value: unknown): string {
  switch (kindOf(value)) {
    case 'undefined':
    case 'null':
      return "return '' for none";
    case 'Promise':
      return 'await it';
    case 'Response':
    case 'Blob':
      return 'await its text() or bytes';
    case 'object':
    case 'array':
      return 'JSON.stringify() makes one';
    default:
      return ArrayBuffer.isView(value)
        ? 'new Uint8Array(its.buffer, its.byteOffset, its.byteLength) makes one'
        : types.isAnyArrayBuffer(value)
          ? 'new Uint8Array() makes one'
          : 'String() makes one';
  }
}

/** What the server says itself, with the way out. */
const OF_THE_SERVER: ReadonlyMap<string, string> = new Map([
  ['connection', 'whether connections are kept is for the server to say; leave it out'],
  ['keep-alive', 'whether connections are kept is for the server to say; leave it out'],
  ['transfer-encoding', 'how a body is sent is for the server to say; leave it out'],
  ['trailer', 'nothing is sent after a body; leave it out'],
]);
const FRAMING = /^(?:connection|keep-alive|transfer-encoding|trailer|content-length)$/iu;

/** The headers of a reply as Node takes them. Throws `Malformed`; what Node checks when it writes them is left to Node. */
export function flatten(reply: Reply, method: string): string[] {
  const { headers } = reply;
  const raw: string[] = [];
  for (const name in headers) {
    const given: unknown = headers[name];
    const value = Array.isArray(given) && given.length === 1 ? given[0] : given;
    if (FRAMING.test(name) && !isOwnLength(name, value, reply, method)) continue;
    if (!Array.isArray(value)) {
      raw.push(name, textOf(name, value));
      continue;
    }
    // Each on a line of its own: cookies are not to be joined (RFC 6265, section 3).
    for (const one of value) raw.push(name, textOf(name, one));
  }
  return raw;
}

function textOf(name: string, value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') {
    const must = 'a header must be a string, or an array of strings';
    throw new Malformed(`the handler returned a header '${oneLine(name)}' of type ${kindOf(value)}; ${must}`);
  }
  // Between a worker and the front end a line feed separates headers.
  if (text.includes('\n') || name.includes('\n')) {
    const wayOut = 'return an array where there are several of that name';
    throw new Malformed(`the handler returned a line feed in the header '${oneLine(name)}'; ${wayOut}`);
  }
  return text;
}

/**
 * Whether a length that the handler returned is to be sent: that of a body which this reply does not have. One that is right is left
 * out, as it is added with the body. Throws `Malformed` for any other, and for what only a server can say.
 */
function isOwnLength(name: string, value: unknown, { status, body }: Reply, method: string): boolean {
  const lower = name.toLowerCase();
  const problem = OF_THE_SERVER.get(lower);
  if (problem !== undefined) throw new Malformed(`the handler returned a header '${name}'; ${problem}`);
  if (method === 'HEAD' || status === 304) return true;
  const shown = `the handler returned a header '${name}: ${oneLine(String(value))}'`;
  if (inPieces(body)) throw new Malformed(`${shown} with a body that is sent while it is made; leave it out`);
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  if (status === 204 || String(value).trim() !== String(bytes)) {
    throw new Malformed(`${shown} with a body of ${bytes} bytes; leave it out, it is added where it is due`);
  }
  return false;
}

/** `object` for a plain one, else the name of its class. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const tag = typeof value === 'object' ? Object.prototype.toString.call(value).slice(8, -1) : typeof value;
  return tag === 'Object' ? 'object' : tag;
}

/** Anything that was thrown: name, message and the first line of the stack that names a file, all in one line. */
export function inOneLine(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error))
      return oneLine(`threw ${typeof thrown === 'string' ? `'${thrown}'` : String(thrown)}`);
    const at = thrown.stack?.split('\n').find((line) => /^\s+at .*[/\\]/.test(line) && !line.includes('node:internal'));
    return oneLine(`${thrown.name}: ${thrown.message}${at === undefined ? '' : ` (${at.trim()})`}`);
  } catch {
    return 'threw something that cannot be shown';
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, ' ').slice(0, LONGEST_LINE);
}

/** A server whose handler always fails would otherwise spend its time on printing. */
const PRINT_EVERY_MS = 1000;
let printedAtMs = Number.NEGATIVE_INFINITY;

/** Prints what user code threw, with its stack, to stderr, which the harness and `fourways serve` read. At most one a second. */
export function printError(error: unknown): void {
  const nowMs = performance.now();
  if (nowMs - printedAtMs < PRINT_EVERY_MS) return;
  printedAtMs = nowMs;
  // Not what `inspect` makes of it: an error that has crossed threads has another class than its name.
  const stack = error instanceof Error ? error.stack : undefined;
  process.stderr.write(`${stack ?? `Error that is no Error: ${inspect(error)}`}\n`);
}
