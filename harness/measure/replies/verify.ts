/** Are the replies right, and are they the same under every model? */
import type { ReceivedReply, RequestClass } from '../../../scenarios/scenario.ts';
import { messageOf } from '../../errors.ts';
import type { Failure } from '../../store/schema.ts';
import { FailedTrial } from '../failed-trial.ts';
import { bytesDifference } from './difference.ts';
import { type Exchange, exchange } from './exchange.ts';

/** What a reply must be, byte for byte, whichever model sends it. The date is left out. */
export interface Fingerprint {
  readonly status: number;
  readonly headerLines: readonly string[];
  readonly body: Uint8Array;
  /** Of the whole reply. */
  readonly wireBytes: number;
}

/** By name of the request class. */
export type Fingerprints = ReadonlyMap<string, Fingerprint>;

/** Asks the scenario what is wrong with a reply to a request of this class; null when it is right. */
export type Judge = (reply: ReceivedReply, requestClass: string) => Promise<string | null>;

/** Replies to the same request that are right by themselves, and not the same. */
export class RepliesDiffer extends FailedTrial {
  constructor(message: string) {
    super('wrong-reply', message);
  }
}

export function fingerprint({ reply, headerLines, wireBytes }: Exchange): Fingerprint {
  return { status: reply.status, headerLines, body: reply.bytes, wireBytes };
}

/** What differs between two replies that ought to be the same, or null. */
export function difference(expected: Fingerprint, actual: Fingerprint): string | null {
  if (expected.status !== actual.status) return `status ${actual.status} instead of ${expected.status}`;
  const [here, there] = [withoutLength(actual), withoutLength(expected)];
  if (here !== there) return `headers '${here}' instead of '${there}'`;
  // Before its length, which does not tell where.
  const inBody = bytesDifference(expected.body, actual.body);
  if (inBody !== null) return `the body ${inBody}`;
  const [all, others] = [actual.headerLines.join(', '), expected.headerLines.join(', ')];
  if (all !== others) return `headers '${all}' instead of '${others}'`;
  if (expected.wireBytes !== actual.wireBytes) return `${actual.wireBytes} bytes instead of ${expected.wireBytes}`;
  return null;
}

function withoutLength({ headerLines }: Fingerprint): string {
  return headerLines.filter((line) => !/^content-length:/i.test(line)).join(', ');
}

/**
 * Sends every class of request, `times` at once and each on a connection of its own so that every worker has its turn. Every
 * reply must be right in the eyes of the judge, if there is one, and the same as the expected fingerprint, or as the others.
 * Returns the fingerprints. Throws FailedTrial; RepliesDiffer when all that is wrong is a difference.
 */
export async function verifyReplies(
  url: string,
  classes: readonly RequestClass[],
  times: number,
  expected: Fingerprints | null,
  judge: Judge | null,
  signal: AbortSignal,
): Promise<Fingerprints> {
  const found = new Map<string, Fingerprint>();
  for (const requestClass of classes) {
    const { name } = requestClass;
    const exchanges = await Promise.all(Array.from({ length: times }, () => exchange(url, requestClass, signal)));
    for (const { reply } of exchanges) {
      const wrong = await complaint(reply, name, judge);
      if (wrong !== null) throw new FailedTrial(wrong.kind, `request '${name}': ${wrong.message}`);
    }
    for (const one of exchanges) {
      const print = fingerprint(one);
      const differs = difference(expected?.get(name) ?? found.get(name) ?? print, print);
      if (differs !== null)
        throw new RepliesDiffer(`request '${name}': replies to the same request differ: ${differs}`);
      found.set(name, print);
    }
  }
  return found;
}

async function complaint(reply: ReceivedReply, name: string, judge: Judge | null): Promise<Failure | null> {
  if (reply.status < 200 || reply.status > 299) {
    return { kind: 'status', message: `status ${reply.status}: ${excerpt(reply.text, 200)}` };
  }
  const wrong = judge === null ? null : await judge(reply, name);
  return wrong === null ? null : { kind: 'wrong-reply', message: `${wrong}, got ${excerpt(reply.text, 100)}` };
}

function excerpt(text: string, length: number): string {
  return messageOf(text.slice(0, length));
}
