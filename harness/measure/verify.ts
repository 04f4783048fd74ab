/** Are the replies right, and are they the same under every model? */
import { createHash } from 'node:crypto';
import type { Expectation, RequestClass, Scenario } from '../../scenarios/scenario.ts';
import { messageOf } from '../errors.ts';
import type { Failure } from '../store/schema.ts';
import { type Exchange, exchange } from './exchange.ts';
import { FailedTrial } from './failed-trial.ts';

/** What a reply must be, byte for byte, whichever model sends it. The date is left out. */
export interface Fingerprint {
  readonly status: number;
  readonly headerLines: readonly string[];
  readonly bodyHash: string;
  readonly body: Uint8Array;
  readonly wireBytes: number;
  readonly bodyBytes: number;
  /** The body where it is short and plain ASCII; else null. */
  readonly shortBody: string | null;
}

/** By name of the request class. */
export type Fingerprints = ReadonlyMap<string, Fingerprint>;

const SHORT_BODY = 4096;

export function fingerprint({ reply, headerLines, wireBytes }: Exchange): Fingerprint {
  const short = reply.bytes.length <= SHORT_BODY && /^[\x20-\x7e]*$/.test(reply.text);
  return {
    status: reply.status,
    headerLines,
    body: reply.bytes,
    bodyHash: createHash('sha256').update(reply.bytes).digest('hex'),
    wireBytes,
    bodyBytes: reply.bytes.length,
    shortBody: short ? reply.text : null,
  };
}

/** What differs between two replies that ought to be the same, or null. */
export function difference(expected: Fingerprint, actual: Fingerprint): string | null {
  if (expected.status !== actual.status) return `status ${actual.status} instead of ${expected.status}`;
  const [here, there] = [actual.headerLines.join(', '), expected.headerLines.join(', ')];
  if (here !== there) return `headers '${here}' instead of '${there}'`;
  if (expected.bodyHash !== actual.bodyHash) return 'another body';
  if (expected.wireBytes !== actual.wireBytes) return `${actual.wireBytes} bytes instead of ${expected.wireBytes}`;
  return null;
}

/**
 * Sends every class of request, `times` at once and each on a connection of its own so that every worker has its turn,
 * and checks every reply against the scenario and against the expected fingerprint where there is one. Returns the
 * fingerprints. Throws FailedTrial.
 */
export async function verifyReplies(
  url: string,
  scenario: Scenario,
  classes: readonly RequestClass[],
  expectation: Omit<Expectation, 'requestClass'>,
  times: number,
  expected: Fingerprints | null,
  signal: AbortSignal,
): Promise<Fingerprints> {
  const found = new Map<string, Fingerprint>();
  for (const requestClass of classes) {
    const { name } = requestClass;
    const exchanges = await Promise.all(Array.from({ length: times }, () => exchange(url, requestClass, signal)));
    for (const one of exchanges) {
      const wrong = complaint(scenario, one, { ...expectation, requestClass: name });
      if (wrong !== null) throw new FailedTrial(wrong.kind, `request '${name}': ${wrong.message}`);
      const print = fingerprint(one);
      const differs = difference(expected?.get(name) ?? found.get(name) ?? print, print);
      if (differs !== null) {
        throw new FailedTrial('wrong-reply', `request '${name}': replies to the same request differ: ${differs}`);
      }
      found.set(name, print);
    }
  }
  return found;
}

function complaint(scenario: Scenario, { reply }: Exchange, expectation: Expectation): Failure | null {
  if (reply.status < 200 || reply.status > 299) {
    return { kind: 'status', message: `status ${reply.status}: ${reply.text.slice(0, 200)}` };
  }
  try {
    const wrong = scenario.verify(reply, expectation);
    if (wrong === undefined) return null;
    return { kind: 'wrong-reply', message: `${wrong}, got ${reply.text.slice(0, 100)}` };
  } catch (error) {
    return { kind: 'wrong-reply', message: `verify of the scenario failed: ${messageOf(error)}` };
  }
}
