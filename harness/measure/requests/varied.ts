/**
 * A request as it is sent for the nth time: with the next of its bodies, and with a number and a UUID of its own where it asks for
 * them. Both follow from n alone, so every model gets the same requests, and none is sent twice to one server.
 */
import type { RequestClass } from '../../../scenarios/scenario.ts';
import { PLACE } from '../../plan/options/places.ts';

/** What differs between requests of one class. */
export interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** As a class has it, or as it is passed to a generator. */
type Varied = Pick<RequestClass, 'name' | 'path'> & {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly bodies?: readonly string[] | null;
  readonly varies?: boolean;
};

/** The first number under load. Those below it are of requests that are sent to check replies, before and after. */
export const FIRST_UNDER_LOAD = 10_001;

const HEAD_END = '\r\n\r\n';

/** Whether a request of this class differs from the one before. */
export function isVaried({ bodies, varies }: Varied): boolean {
  return varies === true || (bodies !== undefined && bodies !== null);
}

/** The nth request of its class, from 1. */
export function nthRequest(request: Varied): (n: number) => Sent {
  const { path, headers = {}, bodies } = request;
  const all = bodies ?? [request.body ?? ''];
  if (request.varies !== true) {
    const sent = all.map((body) => ({ path, headers, body }));
    return (n) => inTurn(sent, n);
  }
  const own = ownValues(request);
  const [pathOf, bodiesOf] = [template(path), all.map(template)];
  const headersOf = Object.entries(headers).map(([name, value]) => [name, template(value)] as const);
  return (n) => {
    const values = own(n);
    return {
      path: pathOf(values),
      headers: Object.fromEntries(headersOf.map(([name, value]) => [name, value(values)])),
      body: inTurn(bodiesOf, n)(values),
    };
  };
}

/**
 * The same as it is written to a connection, from the bytes of the request as it was asked for: a generator sends tens of thousands
 * a second. Text is in Latin-1, one character per byte.
 */
export function nthBytes(request: Varied, bytes: Buffer): (n: number) => Buffer | string {
  if (!isVaried(request)) return () => bytes;
  const text = bytes.toString('latin1');
  // Its length is that of the body as it was asked for.
  const head = text.slice(0, text.indexOf(HEAD_END)).replace(/\r\ncontent-length: \d+/iu, '');
  const all = (request.bodies ?? [request.body ?? '']).map((body) => Buffer.from(body).toString('latin1'));
  if (request.varies !== true) {
    const sent = all.map((body) => Buffer.from(withLength(head, body), 'latin1'));
    return (n) => inTurn(sent, n);
  }
  const own = ownValues(request);
  const [headOf, bodiesOf] = [template(head), all.map(template)];
  return (n) => {
    const values = own(n);
    return withLength(headOf(values), inTurn(bodiesOf, n)(values));
  };
}

function withLength(head: string, body: string): string {
  return body === '' ? head + HEAD_END : `${head}\r\nContent-Length: ${body.length}${HEAD_END}${body}`;
}

function inTurn<T>(all: readonly T[], n: number): T {
  const one = all[(n - 1) % all.length];
  if (one === undefined) throw new Error('there is nothing to send');
  return one;
}

interface Values {
  readonly n: string;
  readonly uuid: string;
}

function ownValues(request: Varied): (n: number) => Values {
  const { name, path, headers = {}, body = '', bodies } = request;
  const texts = [path, ...Object.values(headers), ...(bodies ?? [body])];
  if (!texts.some((text) => /\{\{\s*uuid\s*\}\}/iu.test(text))) return (n) => ({ n: String(n), uuid: '' });
  const seed = [...Buffer.from(name)].reduce((sum, byte) => mixed(sum ^ byte), 0);
  return (n) => ({ n: String(n), uuid: uuidOf(seed, n) });
}

/** Text with places, as what writes them. Every place of a request gets the same value. */
function template(text: string): (values: Values) => string {
  const parts = text.split(PLACE);
  const [start = ''] = parts;
  if (parts.length === 1) return () => start;
  const rest: { readonly isUuid: boolean; readonly after: string }[] = [];
  for (let i = 1; i < parts.length; i += 2) {
    rest.push({ isUuid: parts[i]?.toLowerCase() === 'uuid', after: parts[i + 1] ?? '' });
  }
  return ({ n, uuid }) => {
    let written = start;
    for (const { isUuid, after } of rest) written += (isUuid ? uuid : n) + after;
    return written;
  };
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Random in form (RFC 9562, version 4), but always the same for the same n. */
function uuidOf(seed: number, n: number): string {
  const a = mixed(seed ^ n);
  const b = mixed(a + 0x9e3779b9);
  const c = mixed(b ^ Math.floor(n / 2 ** 32) ^ 0x85ebca6b);
  // The number itself as well, in disguise: a mixed value may be that of another number too, a permutation may not.
  const d = mixed(n);
  const version = (b & 0xffff0fff) | 0x4000;
  const variant = (c & 0x3fffffff) | 0x80000000;
  return `${hex4(a)}-${hex2(version >>> 16)}-${hex2(version)}-${hex2(variant >>> 16)}-${hex2(variant)}${hex4(d)}`;
}

function hex2(value: number): string {
  return `${HEX[(value >>> 8) & 255]}${HEX[value & 255]}`;
}

function hex4(value: number): string {
  return hex2(value >>> 16) + hex2(value);
}

/** A permutation of 32 bits in which every bit depends on every other (the finalizer of MurmurHash3, Appleby 2011, public domain). */
function mixed(value: number): number {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
