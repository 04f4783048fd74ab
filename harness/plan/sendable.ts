/**
 * Which requests can be sent, and by everything that sends them in the same way: checked before anything is timed, so that a mistake
 * in a request is not taken for one of the server.
 */
import type { Headers, RequestClass } from '../../scenarios/scenario.ts';
import { PLACE } from './places.ts';

/** As it is asked for. */
type Asked = Pick<RequestClass, 'path' | 'headers' | 'body' | 'bodies' | 'varies'>;

const KEPT = 'whether connections are kept is for --connection-mode to say; leave it out';
const FRAMED = 'a body is sent as a whole, after its length; leave it out';
/** Of a connection, or of how a body is sent, with the way out. */
const NOT_TO_BE_GIVEN: ReadonlyMap<string, string> = new Map([
  ['connection', KEPT],
  ['keep-alive', KEPT],
  ['proxy-connection', KEPT],
  ['upgrade', 'connections stay with HTTP/1.1; leave it out'],
  ['transfer-encoding', FRAMED],
  ['trailer', FRAMED],
  ['expect', 'no request waits for leave to send its body; leave it out'],
]);

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/u;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/u;
const HOST = /^[\w.:[\]-]+$/u;
const EVERY_PLACE = new RegExp(PLACE, 'giu');

/** What is wrong with a request, with the way out; null when it can be sent. */
export function unsendable(request: Asked): string | null {
  const { path, headers = {}, varies = false } = request;
  return wrongPath(varies ? path.replaceAll(EVERY_PLACE, '1') : path) ?? wrongHeaders(headers) ?? wrongLength(request);
}

/** What is wrong with a path; null when it can be sent. */
export function wrongPath(path: string): string | null {
  if (!path.startsWith('/')) return `the path must begin with a slash, and have no host: /${relative(path)}`;
  if (!/^[\x21-\x7e]+$/u.test(path)) {
    return `write the path in ASCII, percent-encoded: ${encoded(path)}`;
  }
  const mark = path.indexOf('#');
  if (mark < 0) return null;
  return `no client sends what follows a #; leave it out, or write it as %23: ${path.replaceAll('#', '%23')}`;
}

/** Of an address, its path. */
function relative(path: string): string {
  if (!URL.canParse(path)) return encoded(path);
  const { pathname, search } = new URL(path);
  return `${pathname}${search}`.replace(/^\/+/u, '');
}

/** Halves of characters have no encoding. */
function encoded(path: string): string {
  return encodeURI(path.replaceAll(/\p{Surrogate}/gu, ''));
}

/** What is wrong with a header; null when it can be sent. */
export function wrongHeader(name: string, given: string | readonly string[]): string | null {
  const [lower, values] = [name.toLowerCase(), valuesOf(given)];
  const problem = NOT_TO_BE_GIVEN.get(lower);
  if (problem !== undefined) return problem;
  if (!TOKEN.test(name)) return 'a name has letters, digits and - only; rename it';
  if (!values.every((value) => VALUE.test(value))) {
    return 'a value is one line of Latin characters; encode it, as encodeURIComponent() does';
  }
  if (lower === 'host' && (values.length !== 1 || !values.every((value) => HOST.test(value)))) {
    return 'give one host, as in shop.example:8080';
  }
  return null;
}

function wrongHeaders(headers: Headers): string | null {
  const hosts: string[] = [];
  for (const [name, given] of Object.entries(headers)) {
    const problem = wrongHeader(name, given);
    if (problem !== null) return `header '${name}': ${problem}`;
    if (name.toLowerCase() === 'host') hosts.push(name);
  }
  return hosts.length > 1 ? `header '${hosts[1]}': it is given twice; leave one of them out` : null;
}

const LENGTH = 'content-length';

/** A length that is not that of the body: some clients refuse it, and others send it. */
function wrongLength({ headers = {}, body = '', bodies, varies = false }: Asked): string | null {
  for (const [name, given] of Object.entries(headers)) {
    if (name.toLowerCase() !== LENGTH) continue;
    const lengths = (bodies ?? [body]).map(bytesOf);
    const isRight =
      !varies && valuesOf(given).every((value) => lengths.every((length) => value.trim() === `${length}`));
    if (isRight) continue;
    const has = varies || lengths.length > 1 ? 'bodies have lengths of their own' : `the body has ${lengths[0]} bytes`;
    return `header '${name}: ${valuesOf(given).join(', ')}': ${has}; leave it out, it is added`;
  }
  return null;
}

/** The same headers without the length of the body, which is added. */
export function withoutLength(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== LENGTH));
}

/** Each is a line. */
export function valuesOf(given: string | readonly string[]): readonly string[] {
  return typeof given === 'string' ? [given] : given;
}

function bytesOf(body: string | Uint8Array): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
}

/** Lines as headers: those of one name become a list. */
export function withLines(lines: readonly (readonly [string, string])[]): Readonly<Record<string, string | string[]>> {
  const headers = new Map<string, string | string[]>();
  for (const [name, value] of lines) {
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : [...valuesOf(before), value]);
  }
  return Object.fromEntries(headers);
}
