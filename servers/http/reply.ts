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
        answer(500, PLAIN_TEXT, `the handler failed: ${inOneLine(error)}`);
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
  for await (const piece of pieces) all.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  return Buffer.concat(all);
}

export const PLAIN_TEXT: RawHeaders = ['content-type', 'text/plain'];

const LONGEST_LINE = 1000;

/** A reply that cannot be sent. The message is one line for whoever wrote the handler. */
export class Malformed extends Error {}

/** Throws `Malformed`. TypeScript would find all of this, but a module of a user may be JavaScript. */
export function checkReply(reply: Reply): void {
  if (typeof reply !== 'object' || reply === null) {
    throw new Malformed(`the handler returned ${kindOf(reply)}; it must return status, headers and body`);
  }
  const { status, headers, body }: Record<keyof Reply, unknown> = reply;
  if (typeof body !== 'string' && !types.isUint8Array(body) && !inPieces(body)) {
    const must = 'a body must be a string, a Uint8Array, or an async iterable of these';
    throw new Malformed(`the handler returned a body of type ${kindOf(body)}; ${must}`);
  }
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 999) {
    const shown = typeof status === 'number' ? status : `of type ${kindOf(status)}`;
    throw new Malformed(`the handler returned a status ${shown}; a status must be a whole number from 200 to 999`);
  }
  if (headers !== undefined && kindOf(headers) !== 'object') {
    throw new Malformed(
      `the handler returned headers of type ${kindOf(headers)}; headers must be an object of strings`,
    );
  }
}

/** Headers as Node takes them. Throws `Malformed`; what Node checks when it writes them is left to Node. */
export function flatten(headers: Readonly<Record<string, unknown>>): string[] {
  const raw: string[] = [];
  for (const name in headers) {
    const value = headers[name];
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string') {
      throw new Malformed(
        `the handler returned a header '${name}' of type ${kindOf(value)}; a header must be a string`,
      );
    }
    // Between a worker and the front end a line feed separates headers.
    if (text.includes('\n') || name.includes('\n')) {
      throw new Malformed(`the handler returned a line feed in the header '${oneLine(name)}'`);
    }
    raw.push(name, text);
  }
  return raw;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
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
