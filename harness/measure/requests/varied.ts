/**
 * A request as it is sent for the nth time: with the next of its bodies, and with a number and a UUID of its own where it asks for
 * them. Both follow from n alone, so every model gets the same requests, and none is sent twice to one server. Who sends it, and how
 * often that client has sent, it may say as well.
 */
import type { RequestClass } from '../../../scenarios/scenario.ts';
import { PLACE } from '../../plan/places.ts';

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

/** Who sends a request, and the how manieth of theirs it is, from 1. */
export interface Visit {
  readonly client: number;
  readonly visit: number;
}

/** Of a request beside the load: each is of a client of its own, which has not been there before. */
function firstVisit(n: number): Visit {
  return { client: n, visit: 1 };
}

const HEAD_END = '\r\n\r\n';

/** Whether a request of this class differs from the one before. */
export function isVaried({ bodies, varies }: Varied): boolean {
  return varies === true || (bodies !== undefined && bodies !== null);
}

/** Whether it says who sends it. */
export function namesClient(request: Varied): boolean {
  return request.varies === true && textsOf(request).some((text) => /\{\{\s*client\s*\}\}/iu.test(text));
}

/** The nth request of its class, from 1. */
export function nthRequest(request: Varied): (n: number, by?: Visit) => Sent {
  const { path, headers = {}, bodies } = request;
  const all = bodies ?? [request.body ?? ''];
  if (request.varies !== true) {
    const sent = all.map((body) => ({ path, headers, body }));
    return (n) => inTurn(sent, n);
  }
  const own = ownValues(request);
  const [pathOf, bodiesOf] = [template(path), all.map(template)];
  const headersOf = Object.entries(headers).map(([name, value]) => [name, template(value)] as const);
  return (n, by = firstVisit(n)) => {
    const values = own(n, by);
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
export function nthBytes(request: Varied, bytes: Buffer): (n: number, by?: Visit) => Buffer | string {
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
  return (n, by = firstVisit(n)) => {
    const values = own(n, by);
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

/** What may have places. */
function textsOf({ path, headers = {}, body = '', bodies }: Varied): readonly string[] {
  return [path, ...Object.values(headers), ...(bodies ?? [body])];
}

/** By the word of their place. */
type Values = Readonly<Record<'n' | 'uuid' | 'client' | 'visit', string>>;

function ownValues(request: Varied): (n: number, by: Visit) => Values {
  const hasUuid = textsOf(request).some((text) => /\{\{\s*uuid\s*\}\}/iu.test(text));
  const seed = [...Buffer.from(request.name)].reduce((sum, byte) => mixed(sum ^ byte), 0);
  return (n, { client, visit }) => ({
    n: String(n),
    uuid: hasUuid ? uuidOf(seed, n) : '',
    client: String(client),
    visit: String(visit),
  });
}

/** Text with places, as what writes them. Every place of a request gets the same value. */
function template(text: string): (values: Values) => string {
  const parts = text.split(PLACE);
  const [start = ''] = parts;
  if (parts.length === 1) return () => start;
  const rest: { readonly word: keyof Values; readonly after: string }[] = [];
  for (let i = 1; i < parts.length; i += 2) rest.push({ word: wordOf(parts[i]), after: parts[i + 1] ?? '' });
  return (values) => {
    let written = start;
    for (const { word, after } of rest) written += values[word] + after;
    return written;
  };
}

function wordOf(place: string | undefined): keyof Values {
  const word = place?.toLowerCase();
  return word === 'uuid' || word === 'client' || word === 'visit' ? word : 'n';
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
