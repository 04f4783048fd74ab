/**
 * A request as it is sent for the nth time: with the next of its bodies, and with a number and a UUID of its own where it asks for
 * them. Both follow from n alone, so every model gets the same requests, and none is sent twice to one server. Who sends it, and how
 * often that client has sent, it may say as well.
 */
import type { RequestClass } from '../../../scenarios/scenario.ts';
import { PLACE } from '../../plan/places.ts';
import { valuesOf } from '../../plan/sendable.ts';
import { headAfter, headBefore, type Hop, type Sent } from './on-wire.ts';

/** What a request of a class is made from. */
type Varied = Pick<RequestClass, 'name' | 'method' | 'path' | 'headers' | 'body' | 'bodies' | 'varies'>;

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

/** Whether it says who sends it. */
export function namesClient(request: Varied): boolean {
  return request.varies === true && textsOf(request).some((text) => /\{\{\s*client\s*\}\}/iu.test(text));
}

/** The nth request of its class, from 1. */
export function nthRequest(request: Varied): (n: number, by?: Visit) => Sent {
  const { method, path } = request;
  const [fields, all] = [fieldsOf(request.headers), bodiesOf(request)];
  if (request.varies !== true) {
    const sent = all.map((body) => ({ method, path, fields, body: Buffer.from(body) }));
    return (n) => inTurn(sent, n);
  }
  const own = ownValues(request);
  const bodies = all.map((body) => Buffer.from(body).toString('latin1'));
  const [pathOf, eachField, eachBody] = [template(path), fields.map(template), bodies.map(template)];
  return (n, by = firstVisit(n)) => {
    const values = own(n, by);
    return {
      method,
      path: pathOf(values),
      fields: eachField.map((field) => field(values)),
      body: Buffer.from(inTurn(eachBody, n)(values), 'latin1'),
    };
  };
}

/**
 * The same as it is written to a connection: a generator sends tens of thousands a second. Text is in Latin-1, one character per byte.
 */
export function nthBytes(request: Varied, hop: Hop): (n: number, by?: Visit) => Buffer | string {
  const { method, path } = request;
  const head = headBefore({ method, path, fields: fieldsOf(request.headers) }, hop);
  const all = bodiesOf(request).map((body) => Buffer.from(body).toString('latin1'));
  const whole = (before: string, body: string): string => before + headAfter(method, body.length) + body;
  if (request.varies !== true) {
    const sent = all.map((body) => Buffer.from(whole(head, body), 'latin1'));
    return (n) => inTurn(sent, n);
  }
  const own = ownValues(request);
  const [headOf, eachBody] = [template(head), all.map(template)];
  return (n, by = firstVisit(n)) => {
    const values = own(n, by);
    return whole(headOf(values), inTurn(eachBody, n)(values));
  };
}

function bodiesOf({ body = '', bodies }: Varied): readonly (string | Uint8Array)[] {
  return bodies ?? [body];
}

/** As `name, value, name, value, …`. */
function fieldsOf(headers: Varied['headers'] = {}): readonly string[] {
  return Object.entries(headers).flatMap(([name, given]) => valuesOf(given).flatMap((value) => [name, value]));
}

function inTurn<T>(all: readonly T[], n: number): T {
  const one = all[(n - 1) % all.length];
  if (one === undefined) throw new Error('there is nothing to send');
  return one;
}

/** What may have places. */
function textsOf(request: Varied): readonly string[] {
  const { path, headers = {} } = request;
  const bodies = bodiesOf(request).map((body) => Buffer.from(body).toString('latin1'));
  return [path, ...Object.values(headers).flatMap(valuesOf), ...bodies];
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
