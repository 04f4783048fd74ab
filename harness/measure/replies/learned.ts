/** What a right reply of a service is, learned from several replies to the same request: what varies by itself is found and masked. */
import { brotliDecompressSync, gunzipSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { escaped } from './body.ts';

/** What a reply is made of, as far as it is compared. */
export interface Sample {
  readonly headerLines: readonly string[];
  readonly body: Uint8Array;
}

/** What varies between replies to the same request. */
export interface Varying {
  /** Names in lower case. */
  readonly headers: readonly string[] | 'anything';
  /**
   * The body as tokens, null where they vary; `anything` when replies have not even the same shape; null when all bodies are the same.
   */
  readonly body: readonly (string | null)[] | 'anything' | null;
}

/** Of a connection, of how a body is sent, or of what sends it, and not of the reply. */
const NOT_OF_THE_REPLY = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'date',
  'server',
  'via',
]);
/** Beyond this a body is compared as a whole or not at all. */
const LONGEST_MASKED = 256 * 1024;

const LONGEST_DECODED = 16 * 1024 * 1024;
/** By what a server calls it in `content-encoding`. */
const DECODERS: Readonly<Record<string, (bytes: Uint8Array, options: Pick<ZlibOptions, 'maxOutputLength'>) => Buffer>> =
  { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync };

/** Where only the status is compared. */
export const ANYTHING: Varying = { headers: 'anything', body: 'anything' };

/** `samples` are of one server. */
export function learnVarying(samples: readonly Sample[]): Varying {
  const all = samples.map(headersOf);
  const names = new Set(all.flatMap((one) => [...one.keys()]));
  return {
    headers: [...names].filter((name) => new Set(all.map((one) => one.get(name))).size > 1).toSorted(),
    body: varyingBody(samples),
  };
}

function varyingBody(samples: readonly Sample[]): Varying['body'] {
  const [first] = samples;
  if (first === undefined || samples.every(({ body }) => Buffer.from(body).equals(Buffer.from(first.body))))
    return null;
  const bodies = samples.map(decodedBody);
  if (bodies.some(({ length }) => length > LONGEST_MASKED)) return 'anything';
  const all = bodies.map((one) => tokensOf(one.toString('utf8')));
  const [tokens = []] = all;
  if (all.some(({ length }) => length !== tokens.length)) return 'anything';
  return tokens.map((token, i) => (all.every((one) => one[i] === token) ? token : null));
}

/** Words and numbers, with what stands between them: an id, a date or a counter is one of them. */
function tokensOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_.:+-]+|[^\p{L}\p{N}_.:+-]+/gu) ?? [];
}

/**
 * What varies between the replies of either of two servers. Everything else must be as in `sample`, a reply of the first, whose
 * replies vary by `own`.
 */
export function eitherVarying(sample: Sample, own: Varying, other: Varying): Varying {
  const headers =
    own.headers === 'anything' || other.headers === 'anything'
      ? 'anything'
      : [...new Set([...own.headers, ...other.headers])].toSorted();
  return { headers, body: eitherBody(sample, own.body, other.body) };
}

function eitherBody({ body }: Sample, own: Varying['body'], other: Varying['body']): Varying['body'] {
  if (own === 'anything' || other === 'anything') return 'anything';
  if (other === null) return own;
  const tokens = own ?? tokensOf(Buffer.from(body).toString('utf8'));
  // Of another shape is different in any case.
  return tokens.length === other.length ? tokens.map((token, i) => (other[i] === null ? null : token)) : own;
}

/** How a reply differs from what it must be, beyond what varies by itself; null when it does not. */
export function looseDifference(expected: Sample, actual: Sample, varying: Varying): string | null {
  const { headers } = varying;
  const [was, is] = [headersOf(expected), headersOf(actual)];
  for (const name of headers === 'anything' ? [] : new Set([...was.keys(), ...is.keys()])) {
    if (headers.includes(name) || was.get(name) === is.get(name)) continue;
    return `header '${name}: ${is.get(name) ?? '(none)'}' instead of '${was.get(name) ?? '(none)'}'`;
  }
  const { body } = varying;
  if (body === null || body === 'anything') return null;
  const tokens = tokensOf(decodedBody(actual).toString('utf8'));
  const at = body.findIndex((token, i) => token !== null && token !== tokens[i]);
  if (at < 0 && tokens.length === body.length) return null;
  const place = at < 0 ? Math.min(tokens.length, body.length) : at;
  return `the body has '${escaped(tokens[place] ?? '')}' instead of '${escaped(body[place] ?? '')}'`;
}

/** What was found to vary, for people; null when nothing does. */
export function varyingText({ headers, body }: Varying): string | null {
  const values = body === null || body === 'anything' ? 0 : body.filter((token) => token === null).length;
  const parts = [
    ...(headers === 'anything' || headers.length === 0
      ? []
      : [`the ${headers.length === 1 ? 'header' : 'headers'} ${headers.join(', ')}`]),
    ...(values === 0 ? [] : [`${values} ${values === 1 ? 'value' : 'values'} in the body`]),
    ...(body === 'anything' ? ['the whole body'] : []),
  ];
  return parts.length === 0 ? null : parts.join(' and ');
}

/** The body as it was before it was compressed, where it was. */
export function decodedBody(sample: Sample): Buffer {
  const body = Buffer.from(sample.body);
  const decode = DECODERS[headersOf(sample).get('content-encoding')?.toLowerCase() ?? ''];
  if (decode === undefined || body.length === 0) return body;
  try {
    return decode(body, { maxOutputLength: LONGEST_DECODED });
  } catch {
    // It is not what it is said to be, or too long.
    return body;
  }
}

function headersOf({ headerLines }: Sample): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of headerLines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (NOT_OF_THE_REPLY.has(name)) continue;
    const value = line.slice(colon + 1).trim();
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value);
  }
  return headers;
}
