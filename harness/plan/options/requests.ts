/** The text of `--request`, `--header`, `--body`, `--har`, `--verify` and `--expect`: what is sent to a service, and what it must answer. */
import { UserError } from '../../errors.ts';
import { methodSchema, storedBody } from '../../store/load-schema.ts';
import type { AskedRequest, ReplyExpectation, ScenarioPlan } from '../../store/schema.ts';
import { valuesOf, withLines, wrongHeader, wrongPath } from '../sendable.ts';
import { parseExpectations } from './expect.ts';
import { parseHar } from './har.ts';
import { hasPlaces } from '../places.ts';
import { didYouMean } from './values.ts';

type Service = Extract<ScenarioPlan['source'], { readonly requests: unknown }>;

/** What is sent to a service, whatever serves it. */
export interface AskedRequests {
  readonly requests: readonly AskedRequest[];
  /** What is compared between replies to the same request: all that does not vary by itself, or the status alone. */
  readonly verify: Service['verify'];
  readonly expect: readonly ReplyExpectation[];
  /** What must be known of how they were read, a line each. */
  readonly notes: readonly string[];
}

/** A request in its parts, not checked yet: the text of `--request` says the first four. */
export interface RequestParts {
  readonly name?: string | undefined;
  readonly method?: string | undefined;
  readonly path: string;
  readonly weight?: number | undefined;
  /** Beside those of all requests, as in `--header`. */
  readonly headers?: readonly string[] | undefined;
  /** In place of that of all requests, as in `--body`. */
  readonly body?: string | undefined;
  readonly contents?: RequestContents | undefined;
}

/** What came from the command line, or from a workload of a config file. */
export interface RequestFlags {
  readonly request?: readonly (string | RequestParts)[] | undefined;
  readonly header?: readonly string[] | undefined;
  /** The text itself, or `@file`. */
  readonly body?: string | undefined;
  /** Path of a file. */
  readonly har?: string | undefined;
  readonly verify?: string | undefined;
  readonly expect?: readonly string[] | undefined;
  /** What is in the files that these flags name. */
  readonly contents?: RequestContents | undefined;
}

/** Null where a flag names no file. */
export interface RequestContents {
  /** Bytes where it is no text. */
  readonly body: string | Uint8Array | null;
  readonly har: string | null;
}

/** Values of `--verify`. */
export const VERIFICATIONS: readonly AskedRequests['verify'][] = ['learned', 'status'];
/** A window holds the mix that was asked for, so what is very rare would make it very long. */
const [LEAST_WEIGHT, MOST_WEIGHT] = [0.01, 1000];
/** Each has figures of its own, in every table. */
const MOST_REQUESTS = 200;
/** They are recorded in the run file, so that a run can be resumed. */
const MOST_BODY_BYTES = 8 * 1024 * 1024;
const METHODS = methodSchema.options;
/** They get the body of all requests. */
const WITH_BODY: readonly string[] = ['POST', 'PUT', 'PATCH'];
/** Where none of the requests is one of those, these get it as well. */
const TAKES_BODY: readonly string[] = [...WITH_BODY, 'DELETE'];
const REQUEST = /^(?:(?<name>[A-Za-z][\w-]*)=)?(?<method>[A-Za-z]+)\s+(?<path>\S+)(?:\s+\*(?<weight>\d+(?:\.\d+)?))?$/u;
const HEADER = /^(?<name>[!#$%&'*+.^_`|~\w-]+):\s*(?<value>[\t\x20-\x7e\x80-\xff]*)$/u;

/** The first flag about requests that was given, as it was given; null without one. */
export function firstRequestFlag({ request, header, body, har, verify, expect }: RequestFlags): string | null {
  const given = { request: request?.map(textOf)[0], header: header?.[0], body, har, verify, expect: expect?.[0] };
  const [first] = Object.entries(given).filter(([, value]) => value !== undefined);
  return first === undefined ? null : `--${first[0]} ${first[1]}`;
}

/** `flag` is what the requests are for, such as `--app ./server.js`. Throws UserError. */
export function parseRequests(flag: string, asked: RequestFlags): AskedRequests {
  const { request = [], header = [], har, verify: how = 'learned', expect = [] } = asked;
  const verify = VERIFICATIONS.find((one) => one === how);
  if (verify === undefined) {
    throw new UserError(`--verify ${how}: give ${VERIFICATIONS.join(' or ')}.${didYouMean(how, VERIFICATIONS)}`);
  }
  if (request.length === 0 && har === undefined) {
    throw new UserError(`${flag}: say what to send to it with --request, as in --request 'GET /', or with --har`);
  }
  const headers = withLines(header.map(parseHeader));
  const bodies = bodiesOf(asked);
  const read = request.map((one) => ({ parts: typeof one === 'string' ? partsOf(one) : one, text: textOf(one) }));
  const isWith = read.some(({ parts }) => WITH_BODY.includes(methodOf(parts)));
  const shared = { headers, bodies, methods: isWith ? WITH_BODY : TAKES_BODY };
  const own = read.map((one) => parseRequest(one, shared));
  const recorded = har === undefined ? null : parseHar(har, asked.contents?.har ?? '', headers);
  const requests = [...own, ...(recorded?.requests ?? [])];
  const names = requests.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new UserError(`--request: '${twice}' is given twice; name them, as in --request 'list=${twice}'`);
  if (requests.length > MOST_REQUESTS) {
    const where = har === undefined ? '--request' : `--har ${har}`;
    throw new UserError(`${where}: ${requests.length} different requests; give at most ${MOST_REQUESTS}`);
  }
  if (bodies !== null && !own.some((one) => TAKES_BODY.includes(one.method))) {
    throw new UserError('--body: none of the requests has a body; use POST, PUT, PATCH or DELETE');
  }
  const notes = recorded === null ? [] : [recorded.note];
  return { requests, verify, expect: parseExpectations(expect, names), notes };
}

/** Several are sent in turn; null where none was given. */
function bodiesOf({
  body,
  contents,
}: Pick<RequestFlags, 'body' | 'contents'>): readonly (string | Uint8Array)[] | null {
  if (body === undefined) return null;
  const text = contents?.body ?? body;
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BODY_BYTES) {
    const mebibytes = Math.ceil(bytes / 2 ** 20);
    throw new UserError(`--body ${body}: ${mebibytes} MiB; give at most ${MOST_BODY_BYTES / 2 ** 20} MiB`);
  }
  if (typeof text !== 'string' || !/^@.*\.(?:jsonl|ndjson)$/u.test(body)) return [text];
  const lines = text.split(/\r?\n/u).filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new UserError(`--body ${body}: there is no line in it; write one body per line`);
  return lines;
}

/** As it would be given on the command line. */
function textOf(asked: string | RequestParts): string {
  return typeof asked === 'string' ? asked : `${asked.method ?? 'GET'} ${asked.path}`;
}

/** The parts of the text of `--request`. Throws UserError. */
function partsOf(text: string): RequestParts {
  const { name, method, path = '', weight = '1' } = REQUEST.exec(text.trim())?.groups ?? {};
  if (method !== undefined) return { name, method, path, weight: Number(weight) };
  throw new UserError(`--request ${text}: give a method and a path, as in 'GET /products' or 'list=GET /products *3'`);
}

/** What a request has unless it says otherwise. */
interface Shared {
  readonly headers: AskedRequest['headers'];
  readonly bodies: readonly (string | Uint8Array)[] | null;
  /** Those that have the bodies. */
  readonly methods: readonly string[];
}

function methodOf({ method = 'GET' }: RequestParts): string {
  return method.toUpperCase();
}

function parseRequest(
  { parts, text }: { readonly parts: RequestParts; readonly text: string },
  shared: Shared,
): AskedRequest {
  const { name, path, weight = 1 } = parts;
  const method = METHODS.find((one) => one === methodOf(parts));
  if (method === undefined) {
    throw new UserError(`--request ${text}: ${parts.method} is not among ${METHODS.join(', ')}`);
  }
  const wrong = wrongPath(path);
  if (wrong !== null) throw new UserError(`--request ${text}: ${wrong}`);
  if (!(weight >= LEAST_WEIGHT && weight <= MOST_WEIGHT)) {
    throw new UserError(`--request ${text}: give a weight from ${LEAST_WEIGHT} to ${MOST_WEIGHT}`);
  }
  const headers = withHeaders(shared.headers, withLines((parts.headers ?? []).map(parseHeader)));
  const own = bodiesOf(parts) ?? (shared.methods.includes(method) ? shared.bodies : null) ?? [];
  const stored = own.map(storedBody);
  return {
    name: name ?? `${method} ${path}`,
    weight,
    method,
    path,
    headers,
    body: stored.length === 1 ? (stored[0] ?? '') : '',
    bodies: stored.length > 1 ? stored : null,
    varies: [path, ...Object.values(headers).flatMap(valuesOf), ...own.filter((one) => typeof one === 'string')].some(
      hasPlaces,
    ),
  };
}

/** The second in place of the first, whatever case their names are in. */
function withHeaders(shared: AskedRequest['headers'], own: AskedRequest['headers']): AskedRequest['headers'] {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const kept = Object.entries(shared).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...own };
}

function parseHeader(text: string): readonly [string, string] {
  const { name, value = '' } = HEADER.exec(text)?.groups ?? {};
  if (name === undefined) throw new UserError(`--header ${text}: give it as 'name: value', in Latin characters`);
  const wrong = name.toLowerCase() === 'content-length' ? 'it is added; leave it out' : wrongHeader(name, value);
  if (wrong !== null) throw new UserError(`--header ${text}: ${wrong}`);
  return [name, value];
}
