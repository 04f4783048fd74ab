/**
 * A request as it is written to a connection. Whatever sends it, the bytes are these: what was checked is what is measured. undici writes
 * `host` and `connection` before the other headers and `content-length` after them, in lower case, so everything else does as well.
 */
import type { Method } from '../../../scenarios/scenario.ts';

/** One request. */
export interface Sent {
  readonly method: Method;
  readonly path: string;
  /** Headers as `name, value, name, value, …`, without those that are added here. */
  readonly fields: readonly string[];
  readonly body: Buffer;
}

/** A request with nothing but a path. */
export function plainGet(path: string): Sent {
  return { method: 'GET', path, fields: [], body: Buffer.alloc(0) };
}

/** From a client to the server. */
export interface Hop {
  /** Of the server, with its port; a request with a host of its own has that in its place. */
  readonly host: string;
  readonly connection: 'keep-alive' | 'close';
}

/** They say how long their body is also where it is empty (RFC 9110, section 8.6). */
const WITH_LENGTH: readonly Method[] = ['POST', 'PUT', 'PATCH'];
const LINE_END = '\r\n';

/** All headers of a request, as `name, value, name, value, …`. */
export function allFields({ method, fields, body }: Sent, hop: Hop): string[] {
  return [...fieldsBefore(fields, hop), ...lengthField(method, body.byteLength)];
}

/** Up to the line with the length, where there is one. */
export function headBefore({ method, path, fields }: Omit<Sent, 'body'>, hop: Hop): string {
  return `${method} ${path} HTTP/1.1${LINE_END}${linesOf(fieldsBefore(fields, hop))}`;
}

/** The rest of a head, before a body of so many bytes. */
export function headAfter(method: Method, bodyBytes: number): string {
  return linesOf(lengthField(method, bodyBytes)) + LINE_END;
}

function fieldsBefore(fields: readonly string[], { host, connection }: Hop): readonly string[] {
  let own = host;
  const others: string[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [name = '', value = ''] = [fields[i], fields[i + 1]];
    if (name.toLowerCase() === 'host') own = value;
    else others.push(name, value);
  }
  return ['host', own, 'connection', connection, ...others];
}

function lengthField(method: Method, bodyBytes: number): readonly string[] {
  return bodyBytes > 0 || WITH_LENGTH.includes(method) ? ['content-length', String(bodyBytes)] : [];
}

function linesOf(fields: readonly string[]): string {
  let lines = '';
  for (let i = 0; i + 1 < fields.length; i += 2) lines += `${fields[i]}: ${fields[i + 1]}${LINE_END}`;
  return lines;
}
