/** Are the replies right, and are they the same under every model? */
import { setTimeout } from 'node:timers/promises';
import type { ReceivedReply, RequestClass } from '../../../scenarios/scenario.ts';
import { statusesOf } from '../../plan/options/expect.ts';
import type { AskedRequests } from '../../plan/options/requests.ts';
import type { Failure, ReplyExpectation } from '../../store/schema.ts';
import { FailedTrial } from '../failed-trial.ts';
import { nthRequest } from '../requests/varied.ts';
import { headTooLong, refusal, scenarioStatus, shown, statusFailure } from './acceptable.ts';
import { differenceText } from './body.ts';
import { type Exchange, exchange } from './exchange.ts';
import { ANYTHING, decodedBody, learnVarying, looseDifference, type Varying, varyingText } from './learned.ts';

/** What a reply must be, byte for byte, whichever model sends it. The date is left out. */
export interface Fingerprint {
  readonly status: number;
  readonly headerLines: readonly string[];
  readonly body: Uint8Array;
  /** Of the whole reply. */
  readonly wireBytes: number;
  /** What may be otherwise in another reply; null when every byte must be the same. */
  readonly varying: Varying | null;
}

export type Parity = 'bytes' | AskedRequests['verify'];

/** By name of the request class. */
export type Fingerprints = ReadonlyMap<string, Fingerprint>;

/** Asks the scenario about a reply to a request of this class: resolves with what is wrong with it, null when it is right. */
export type Verifier = (reply: ReceivedReply, requestClass: string) => Promise<string | null>;

/** Replies to the same request that are each correct, and differ. */
export class RepliesDiffer extends FailedTrial {
  constructor(message: string) {
    super('wrong-reply', message);
  }
}

export function fingerprint({ reply, headerLines, wireBytes }: Exchange, varying: Varying | null = null): Fingerprint {
  return { status: reply.status, headerLines, body: reply.bytes, wireBytes, varying };
}

/** What differs between two replies that should be the same, or null. */
export function difference(expected: Fingerprint, actual: Fingerprint): string | null {
  if (expected.status !== actual.status) return `status ${actual.status} instead of ${expected.status}`;
  if (expected.varying !== null) {
    const loose = looseDifference(expected, actual, expected.varying);
    if (loose !== null || expected.varying.body !== null) return loose;
    const inText = bodyDifference(decodedBody(expected), decodedBody(actual));
    return inText ?? bodyDifference(Buffer.from(expected.body), Buffer.from(actual.body));
  }
  const inHeaders = headerDifference(withoutFraming(expected), withoutFraming(actual));
  if (inHeaders !== null) return inHeaders;
  // Before the length of the body, which does not show where it differs.
  const inBody = bodyDifference(Buffer.from(expected.body), Buffer.from(actual.body));
  // How a body is framed is a matter of the model: a pool knows the length of what a listener sends in pieces.
  if (inBody !== null || isChunked(expected) || isChunked(actual)) return inBody;
  const [all, others] = [actual.headerLines.join(', '), expected.headerLines.join(', ')];
  if (all !== others) return `headers '${all}' instead of '${others}'`;
  if (expected.wireBytes !== actual.wireBytes) return `${actual.wireBytes} bytes instead of ${expected.wireBytes}`;
  return null;
}

function bodyDifference(expected: Buffer, actual: Buffer): string | null {
  if (expected.equals(actual)) return null;
  const [is, was] = [actual.length, expected.length];
  const lengths = is === was ? '' : ` (${is} bytes long instead of ${was})`;
  return `the body differs ${differenceText(expected, 0, actual, 0, is)}${lengths}`;
}

/** What was learned of the replies of a service that a reader must know, a line each. */
export function toldOf(
  { status, headerLines, varying }: Fingerprint,
  name: string,
  expect: readonly ReplyExpectation[] | null,
): readonly string[] {
  const isUnasked = expect !== null && statusesOf(expect, name).length === 0;
  const what = varying === null ? null : varyingText(varying);
  const location = headerLines.find((line) => /^location:/iu.test(line));
  const where = location === undefined ? '' : ` to ${location.slice(location.indexOf(':') + 1).trim()}`;
  return [
    ...(status >= 300 && isUnasked ? [`${name} is answered with status ${status}${where}`] : []),
    ...(what === null ? [] : [`replies to ${name} vary by themselves in ${what}, which is not compared`]),
  ];
}

/** Whether every reply has this body. */
export function isFixed({ varying }: Fingerprint): boolean {
  return varying === null || varying.body === null;
}

/** The first line that differs. */
function headerDifference(expected: readonly string[], actual: readonly string[]): string | null {
  const at = Array.from({ length: Math.max(expected.length, actual.length) }, (_, i) => i).find(
    (i) => expected[i] !== actual[i],
  );
  return at === undefined ? null : `header '${actual[at] ?? '(none)'}' instead of '${expected[at] ?? '(none)'}'`;
}

function withoutFraming({ headerLines }: Fingerprint): readonly string[] {
  return headerLines.filter((line) => !/^(?:content-length|transfer-encoding):/i.test(line));
}

/** Whether the reply came in pieces, without a length beforehand. A pool sends none like this. */
export function isChunked({ headerLines }: Fingerprint): boolean {
  return headerLines.some((line) => /^transfer-encoding:.*chunked/i.test(line));
}

export interface VerifySettings {
  readonly url: string;
  readonly classes: readonly RequestClass[];
  /** Requests of each class, sent at the same time and each on a connection of its own, so that every worker gets some. */
  readonly times: number;
  /** What replies must be; null when they need only equal each other. */
  readonly expected: Fingerprints | null;
  /** null to leave the check of the scenario out. */
  readonly verifier: Verifier | null;
  /** What replies of a service must be; null where only 2xx is right. */
  readonly expect?: readonly ReplyExpectation[] | null;
  /**
   * `bytes`, where it is left out: every byte must be the same, but for the date. `learned`: but for what varies between replies of
   * one server as well, which is found where nothing is expected yet. `status`: nothing else is compared.
   */
  readonly parity?: Parity;
  /** Of the requests to this server, where they vary: each call sends others. */
  readonly numbers?: RequestNumbers;
  /** A reply that takes longer does not come; without it, a time that is right for short work. */
  readonly limitMs?: number;
  readonly signal: AbortSignal;
}

/** Counts the requests that are sent to one server beside the load, by name of their class. */
export class RequestNumbers {
  readonly #last = new Map<string, number>();

  next(name: string): number {
    const n = (this.#last.get(name) ?? 0) + 1;
    this.#last.set(name, n);
    return n;
  }
}

/** What a server answers to a head that is too long for it (RFC 6585). */
const TOO_LONG = 431;
function wayOutOf(parity: Parity, expect: VerifySettings['expect']): string {
  if (parity === 'learned' && expect !== null) return '; if that is as it should be, give --verify status';
  return parity === 'bytes' && expect === null
    ? '; if they may, as in an id or a date, give the scenario repliesVary: true'
    : '';
}

/** What a service says of the time, it says in seconds, if not more exactly. */
const LEARNING_PAUSE_MS = 1100;
/** Of each of them when it is learned what varies. */
const FEWEST_LEARNED = 3;

/**
 * Sends every class of request. Every reply must pass the verifier and equal the expected fingerprint, or the other replies.
 * Returns the fingerprints. Throws FailedTrial; RepliesDiffer when the only fault is a difference.
 *
 * What varies is learned from two rounds, a second apart: one request may change what another is answered.
 */
export async function verifyReplies(given: VerifySettings): Promise<Fingerprints> {
  const settings = { numbers: new RequestNumbers(), ...given };
  const { classes, expected, parity = 'bytes', signal } = settings;
  const isLearning = parity === 'learned' && expected === null;
  const all = new Map<string, Exchange[]>();
  for (let round = 0; round < (isLearning ? 2 : 1); round++) {
    if (round > 0) await setTimeout(LEARNING_PAUSE_MS, undefined, { signal });
    for (const one of classes) all.set(one.name, [...(all.get(one.name) ?? []), ...(await asked(settings, one))]);
  }
  const found = new Map<string, Fingerprint>();
  for (const [name, exchanges] of all) {
    const varying = expected?.get(name)?.varying ?? varyingBy(parity, exchanges);
    for (const one of exchanges) {
      const print = fingerprint(one, varying);
      const differs = difference(expected?.get(name) ?? found.get(name) ?? print, print);
      if (differs !== null) {
        const isStatus = (expected?.get(name) ?? print).status !== print.status;
        const wayOut = isStatus ? '' : wayOutOf(parity, settings.expect ?? null);
        throw new RepliesDiffer(`request '${name}': replies to the same request differ: ${differs}${wayOut}`);
      }
      found.set(name, print);
    }
  }
  return found;
}

/** Replies to requests of one class, each of which may be measured. */
async function asked(
  settings: VerifySettings & { readonly numbers: RequestNumbers },
  requestClass: RequestClass,
): Promise<readonly Exchange[]> {
  const { url, times, expected, verifier, expect = null, parity, signal, numbers, limitMs } = settings;
  const { name, status: wanted } = requestClass;
  const count = parity === 'learned' && expected === null ? Math.max(times, FEWEST_LEARNED) : times;
  const nth = nthRequest(requestClass);
  const sent = Array.from({ length: count }, () => nth(numbers.next(name)));
  const exchanges = await Promise.all(sent.map((one) => exchange(url, one, signal, limitMs)));
  const statuses = exchanges.map(({ reply }) => reply.status);
  const [right, refused] = [statuses.find((one) => one < 400), statuses.find((one) => one >= 400 && one < 500)];
  if (expect !== null && right !== undefined && refused !== undefined) {
    throw new RepliesDiffer(
      `request '${name}': replies to the same request differ: status ${refused} instead of ${right}; if it cannot be sent twice, have it vary with {{n}} or {{uuid}}`,
    );
  }
  for (const { reply } of exchanges) {
    const status = wanted ?? expected?.get(name)?.status ?? null;
    const found = await faultOf(reply, name, { verifier, expect, status });
    if (found === null) continue;
    const wrong = reply.status === TOO_LONG ? headTooLong(requestClass) : found;
    const message = `request '${name}': ${wrong.message}`;
    // What another model answers in another way is no fault of this one; an error of the server may be.
    const isOther = expect !== null && expected !== null && wrong.kind === 'status' && reply.status < 500;
    throw isOther ? new RepliesDiffer(message) : new FailedTrial(wrong.kind, message);
  }
  return exchanges;
}

function varyingBy(parity: Parity, exchanges: readonly Exchange[]): Varying | null {
  switch (parity) {
    case 'bytes':
      return null;
    case 'learned':
      return learnVarying(exchanges.map(({ headerLines, reply }) => ({ headerLines, body: reply.bytes })));
    case 'status':
      return ANYTHING;
    default:
      return parity satisfies never;
  }
}

interface Rules extends Required<Pick<VerifySettings, 'verifier' | 'expect'>> {
  /** Known from replies before; null when it is not. */
  readonly status: number | null;
}

async function faultOf(reply: ReceivedReply, name: string, rules: Rules): Promise<Failure | null> {
  const { verifier, expect, status } = rules;
  const isRight = status === null ? reply.status >= 200 && reply.status <= 299 : reply.status === status;
  if (!isRight && expect === null) return scenarioStatus(reply, status);
  if (!isRight && status !== null) return statusFailure(reply);
  if (expect !== null) return refusal(expect, name, reply);
  const wrong = verifier === null ? null : await verifier(reply, name);
  return wrong === null ? null : { kind: 'wrong-reply', message: `${wrong}, got ${shown(reply.text)}` };
}
