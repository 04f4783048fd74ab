/** Connections of our own, which report the outcome of each request: for every load that autocannon does not send. */
import { connect, type Socket } from 'node:net';
import { connect as connectSecurely, TLSSocket } from 'node:tls';
import { codeOf } from '../../../errors.ts';
import type { Loss } from '../../../store/fault-schema.ts';
import type { Failure } from '../../../store/schema.ts';
import { UNVERIFIED } from '../../replies/exchange.ts';
import type { Hop, Sent } from '../../requests/on-wire.ts';
import { FIRST_UNDER_LOAD, nthBytes, nthRequest, type Visit } from '../../requests/varied.ts';
import { type GeneratorCommand, type PlannedRequest, requestOf } from '../messages.ts';

type StartCommand = Extract<GeneratorCommand, { type: 'start' }>;

/** The outcome of a request. */
export type Outcome =
  /** `isLost`: it is the reply of a server that does not know the client any more. */
  | { readonly kind: 'good'; readonly isLost: boolean }
  /** `loss`: what the client saw; null where the generator could not do it. */
  | { readonly kind: 'bad'; readonly reason: Failure; readonly loss: Loss | null };

/** An overloaded server may do this; a wrong reply is never what load explains. */
export function isTolerable(loss: Loss | null): boolean {
  return loss !== null && loss.kind !== 'wrong-reply' && (loss.status === null || loss.status >= 500);
}

/** Who sent a request. */
export interface Sender {
  /** Called once, when the reply is complete or will not arrive. */
  settled(outcome: Outcome): void;
}

/** What a request travels on. */
export interface Carrier {
  /** Ends the request of this sender and its connection, if it is still under way, without calling the sender. */
  abandon(sender: Sender): void;
}

export interface Connections {
  /** Opens the initial connections; rejects with the error. */
  open(count: number): Promise<void>;
  /** Whether a request can be sent now. */
  hasFree(): boolean;
  /** Whether the largest allowed number is in use. */
  isFull(): boolean;
  /** The callback is called when a request can be sent again for another reason than a reply. */
  onFree(callback: () => void): void;
  /** Sends a request; only while `hasFree`. */
  send(prepared: Prepared, sender: Sender): Carrier;
  /** Number in use at this moment. */
  busy(): number;
  /** Ends all of them at once. Senders are not called, or with a broken connection. */
  close(): void;
}

/** A request and its right reply, prepared once for every time that it is sent. */
export interface Prepared {
  /** Index of its class, in the order of the scenario. */
  readonly index: number;
  readonly request: PlannedRequest;
  /** Number of the next request of this class, over all generators. */
  readonly next: () => number;
  /** What that request is. */
  readonly nth: (n: number, by?: Visit) => Sent;
  /** The same as bytes. */
  readonly nthBytes: (hop: Hop) => (n: number, by?: Visit) => Buffer | string;
  readonly reply: {
    readonly status: number;
    /** null where it varies by itself. */
    readonly body: Buffer | null;
    /** Of a reply that is right as well and counted; null where there is none. */
    readonly lost: Buffer | null;
  };
}

/**
 * Every request of all classes, numbered over all generators: each has numbers of its own. Where bodies are sent in turn, they come in
 * runs that are as long as there are bodies. With every second number, one of two generators would send every second body alone.
 */
export function prepareAll({ requests, share }: Pick<StartCommand, 'requests' | 'share'>): readonly Prepared[] {
  return requests.map((request, index) => prepare(request, index, share));
}

export function prepare(request: PlannedRequest, index: number, share: StartCommand['share'] = ALL): Prepared {
  const { status, body, lost } = request.reply;
  const run = request.bodies?.length ?? 1;
  const asked = requestOf(request);
  let sent = 0;
  const next = (): number => {
    const runsBefore = Math.floor(sent / run) * share.of + share.index;
    const n = FIRST_UNDER_LOAD + runsBefore * run + (sent % run);
    sent++;
    return n;
  };
  return {
    index,
    request,
    next,
    nth: nthRequest(asked),
    nthBytes: (hop) => nthBytes(asked, hop),
    reply: { status, body: bytesOf(body), lost: bytesOf(lost) },
  };
}

function bytesOf(base64: string | null): Buffer | null {
  return base64 === null ? null : Buffer.from(base64, 'base64');
}

const ALL = { index: 0, of: 1 };

/** Opens a connection to the server of this address. With TLS no session is resumed: each is a full handshake. */
export function openSocket(
  { protocol, hostname: host, port }: URL,
  from: { readonly localAddress?: string } = {},
): Socket {
  const where = { host, port: Number(port), ...from };
  const socket = protocol === 'https:' ? connectSecurely({ ...where, ...UNVERIFIED }) : connect(where);
  return socket.setNoDelay(true);
}

/** What happens to the connection when requests can be sent on it: with TLS, after the handshake. */
export function openEventOf(socket: Socket): 'connect' | 'secureConnect' {
  return socket instanceof TLSSocket ? 'secureConnect' : 'connect';
}

/** What it means that a request has had no reply for so long. */
export function timedOut(timeoutMs: number): Failure {
  const message = `a request had no reply within ${timeoutMs / 1000} s; if it may take longer, give a longer --timeout`;
  return { kind: 'timeout', message };
}

/** Limits of the generator's machine, not of the server: files, ports and buffers. */
const OWN_LIMITS = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS']);

/** The outcome of a request whose connection failed. */
export function brokenBy(error: Error): Outcome {
  const code = codeOf(error);
  if (code !== undefined && OWN_LIMITS.has(code)) {
    const message = `the generator cannot open a connection (${code}); give fewer connections, or a lower --rate`;
    return { kind: 'bad', reason: { kind: 'generator', message }, loss: null };
  }
  const loss: Loss = { kind: code === 'ECONNREFUSED' ? 'refused' : 'reset', status: null };
  return { kind: 'bad', reason: { kind: 'connection-error', message: error.message }, loss };
}
