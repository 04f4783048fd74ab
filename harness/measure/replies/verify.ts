/** Are the replies right, and are they the same under every model? */
import type { ReceivedReply, RequestClass } from '../../../scenarios/scenario.ts';
import { messageOf } from '../../errors.ts';
import type { AskedService } from '../../plan/options/service.ts';
import type { Failure } from '../../store/schema.ts';
import { FailedTrial } from '../failed-trial.ts';
import { differenceText } from './body.ts';
import { type Exchange, exchange } from './exchange.ts';
import { ANYTHING, learnVarying, looseDifference, type Sample, type Varying } from './learned.ts';

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

export type Parity = 'bytes' | AskedService['verify'];

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
    const inBody =
      expected.varying.body === null ? bodyDifference(Buffer.from(expected.body), Buffer.from(actual.body)) : null;
    return looseDifference(expected, actual, expected.varying) ?? inBody;
  }
  const [here, there] = [withoutLength(actual), withoutLength(expected)];
  if (here !== there) return `headers '${here}' instead of '${there}'`;
  // Before the length of the body, which does not show where it differs.
  const inBody = bodyDifference(Buffer.from(expected.body), Buffer.from(actual.body));
  if (inBody !== null) return inBody;
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

/** Whether every reply has this body. */
export function isFixed({ varying }: Fingerprint): boolean {
  return varying === null || varying.body === null;
}

function withoutLength({ headerLines }: Fingerprint): string {
  return headerLines.filter((line) => !/^content-length:/i.test(line)).join(', ');
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
  /**
   * `bytes`, where it is left out: every byte must be the same, but for the date. `learned`: but for what varies between replies of
   * one server as well, which is found where nothing is expected yet. `status`: nothing else is compared.
   */
  readonly parity?: Parity;
  readonly signal: AbortSignal;
}

/**
 * Sends every class of request. Every reply must pass the verifier and equal the expected fingerprint, or the other replies.
 * Returns the fingerprints. Throws FailedTrial; RepliesDiffer when the only fault is a difference.
 */
export async function verifyReplies(settings: VerifySettings): Promise<Fingerprints> {
  const { url, classes, times, expected, verifier, parity = 'bytes', signal } = settings;
  const found = new Map<string, Fingerprint>();
  for (const requestClass of classes) {
    const { name } = requestClass;
    const exchanges = await Promise.all(Array.from({ length: times }, () => exchange(url, requestClass, signal)));
    for (const { reply } of exchanges) {
      const wrong = await faultOf(reply, name, verifier);
      if (wrong !== null) throw new FailedTrial(wrong.kind, `request '${name}': ${wrong.message}`);
    }
    const samples = exchanges.map(({ headerLines, reply }) => ({ headerLines, body: reply.bytes }));
    const varying = expected?.get(name)?.varying ?? varyingBy(parity, samples);
    for (const one of exchanges) {
      const print = fingerprint(one, varying);
      const differs = difference(expected?.get(name) ?? found.get(name) ?? print, print);
      if (differs !== null) {
        throw new RepliesDiffer(`request '${name}': replies to the same request differ: ${differs}`);
      }
      found.set(name, print);
    }
  }
  return found;
}

function varyingBy(parity: Parity, samples: readonly Sample[]): Varying | null {
  switch (parity) {
    case 'bytes':
      return null;
    case 'learned':
      return learnVarying(samples);
    case 'status':
      return ANYTHING;
    default:
      return parity satisfies never;
  }
}

async function faultOf(reply: ReceivedReply, name: string, verifier: Verifier | null): Promise<Failure | null> {
  if (reply.status < 200 || reply.status > 299) {
    return { kind: 'status', message: `status ${reply.status}: ${excerpt(reply.text, 200)}` };
  }
  const wrong = verifier === null ? null : await verifier(reply, name);
  return wrong === null ? null : { kind: 'wrong-reply', message: `${wrong}, got ${excerpt(reply.text, 100)}` };
}

function excerpt(text: string, length: number): string {
  return messageOf(text.slice(0, length));
}
