/** Sends requests on connections, and tells what came of each: for every load that is not autocannon's. */
import { codeOf } from '../../../errors.ts';
import type { Failure } from '../../../store/schema.ts';
import type { PlannedRequest } from '../messages.ts';

/** What became of a request. */
export type Outcome =
  | { readonly kind: 'good' }
  /** `tolerable`: a server that is overloaded may do this; a wrong reply never is. */
  | { readonly kind: 'bad'; readonly reason: Failure; readonly tolerable: boolean };

/** Who sent a request. */
export interface Sender {
  /** Called once, when the reply is complete or will not come. */
  settled(outcome: Outcome): void;
}

/** What a request travels on. */
export interface Carrier {
  /** Ends the request of this sender with its connection, if it is still under way; the sender hears nothing more of it. */
  abandon(sender: Sender): void;
}

export interface Connections {
  /** Opens the connections that are there from the start; rejects with what went wrong. */
  open(count: number): Promise<void>;
  /** Whether a request can be sent now. */
  hasFree(): boolean;
  /** Whether all that there may be are in use. */
  isFull(): boolean;
  /** Called when a request can be sent that could not before, other than by a reply. */
  onFree(callback: () => void): void;
  /** Sends a request; only while `hasFree`. */
  send(prepared: Prepared, sender: Sender): Carrier;
  /** In use at this moment. */
  busy(): number;
  /** Ends all of them at once. Who waits for a reply hears nothing, or of a broken connection. */
  close(): void;
}

/** A request, and what its reply must be, made ready once for all the times that it is sent. */
export interface Prepared {
  /** Index of its class, in the order of the scenario. */
  readonly index: number;
  readonly request: PlannedRequest;
  readonly reply: { readonly status: number; readonly body: Buffer };
}

export function prepare(request: PlannedRequest, index: number): Prepared {
  const { status, body } = request.reply;
  return { index, request, reply: { status, body: Buffer.from(body, 'base64') } };
}

/** Of the machine that opens connections, and not of the server: files, ports and buffers. */
const OWN_LIMITS = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS']);

/** What a connection that failed is to the trial. */
export function brokenBy(error: Error): Outcome {
  const code = codeOf(error);
  if (code !== undefined && OWN_LIMITS.has(code)) {
    const message = `the generator cannot open a connection (${code}); give fewer connections, or a lower --rate`;
    return { kind: 'bad', reason: { kind: 'generator', message }, tolerable: false };
  }
  return { kind: 'bad', reason: { kind: 'connection-error', message: error.message }, tolerable: true };
}
