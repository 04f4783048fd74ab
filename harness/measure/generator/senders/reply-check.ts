/** Checks one reply after the other while it is received: status, length and body. */
import type { ComparisonSample } from '../../../stats/comparison-sample.ts';
import type { Failure } from '../../../store/schema.ts';
import { differenceText, escaped, isSame, looksSame } from '../../replies/body.ts';
import type { Outcome, Prepared } from './connections.ts';

/** Characters that are shown of a reply with a wrong status. */
const SHOWN_CHARACTERS = 200;
/** A character has four bytes at most. */
const SHOWN_BYTES = 4 * SHOWN_CHARACTERS;

export const GOOD: Outcome = { kind: 'good', isLost: false };
const LOST: Outcome = { kind: 'good', isLost: true };

export class ReplyCheck {
  readonly #sample: ComparisonSample;
  #prepared: Prepared | null = null;
  #status = 0;
  #bytes = 0;
  #full = false;
  #difference: string | null = null;
  /** Of a reply that says that the client is not known any more, as far as it is one. */
  #isLost = false;
  /** The beginning of a reply with a wrong status. */
  #shown: Buffer[] = [];
  #shownBytes = 0;

  /** The sample decides which bodies are compared in full. */
  constructor(sample: ComparisonSample) {
    this.#sample = sample;
  }

  /** The next reply is to this request. */
  expect(prepared: Prepared): void {
    this.#prepared = prepared;
    this.#bytes = 0;
    this.#difference = null;
    this.#isLost = prepared.reply.lost !== null;
    if (this.#shownBytes > 0) {
      this.#shown = [];
      this.#shownBytes = 0;
    }
  }

  head(status: number): void {
    this.#status = status;
    this.#full = this.#sample.wants(this.#prepared?.reply.body?.length ?? 0);
  }

  data(chunk: Buffer): void {
    if (this.#prepared === null) return;
    const { body, status, lost } = this.#prepared.reply;
    const at = this.#bytes;
    this.#bytes += chunk.length;
    if (this.#status !== status) {
      if (this.#shownBytes >= SHOWN_BYTES) return;
      // A copy: the memory of the chunk may be used again.
      this.#shown.push(Buffer.from(chunk.subarray(0, SHOWN_BYTES - this.#shownBytes)));
      this.#shownBytes += chunk.length;
      return;
    }
    this.#isLost &&= lost !== null && isSame(lost, at, chunk, 0, chunk.length);
    if (body === null) return;
    // Beyond the right length there is nothing to compare with, and the length is wrong anyway.
    const to = Math.min(chunk.length, body.length - at);
    if (this.#difference !== null || to <= 0) return;
    const same = this.#full
      ? isSame(body, at, chunk, 0, to)
      : looksSame(body, at, chunk, 0, to, () => this.#sample.random());
    if (!same) this.#difference = differenceText(body, at, chunk, 0, to);
  }

  outcome(): Outcome {
    if (this.#prepared === null) throw new Error('a reply to no request');
    const { reply } = this.#prepared;
    if (this.#status !== reply.status) {
      const reason = wrongStatus(this.#status, Buffer.concat(this.#shown));
      return { kind: 'bad', reason, loss: { kind: 'status', status: this.#status } };
    }
    if (this.#isLost && this.#bytes === reply.lost?.length) return LOST;
    if (reply.body === null || (this.#bytes === reply.body.length && this.#difference === null)) {
      if (this.#full) this.#sample.count();
      return GOOD;
    }
    const reason = wrongBody(this.#prepared, this.#bytes, this.#difference);
    return { kind: 'bad', reason, loss: { kind: 'wrong-reply', status: null } };
  }
}

/** `body`: of the reply, or its beginning. */
function wrongStatus(status: number, body: Buffer): Failure {
  const text = escaped([...body.toString('utf8')].slice(0, SHOWN_CHARACTERS).join('')).trim();
  return { kind: 'status', message: `a reply with status ${status} under load${text === '' ? '' : `: ${text}`}` };
}

/** `difference`: where the body differs; null if only its length does. */
export function wrongBody({ request, reply }: Prepared, bytes: number, difference: string | null): Failure {
  const right = reply.body?.length ?? bytes;
  const what =
    bytes === right
      ? `a wrong reply body under load to request '${request.name}'`
      : `a reply body of ${bytes} bytes under load instead of ${right} to request '${request.name}'`;
  return { kind: 'wrong-reply', message: difference === null ? what : `${what}: ${difference}` };
}
