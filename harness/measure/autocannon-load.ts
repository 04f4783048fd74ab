/**
 * The one place that knows autocannon. It sends the load; everything that is measured is measured here, because its own
 * figures cannot be believed: latencies are cut to whole milliseconds, time-outs never enter them, what is in flight at
 * the end is dropped, and a connection closed by the server leaves all later latencies wrong without an error.
 */
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import autocannon from 'autocannon';
import type { Failure } from '../store/schema.ts';
import type { GeneratorOrder, PlannedRequest } from './messages.ts';

/** Far longer than any trial: the end is decided by the harness. */
const FOREVER_SEC = 1_000_000;

export interface LoadListener {
  /** A good reply. `startedMs` and `endedMs` are on the monotonic clock of this process. */
  reply(connection: object, startedMs: number, endedMs: number): void;
  fault(reason: Failure): void;
}

/** Starts a closed loop: each connection sends its next request when the reply to the last one has come. */
export function startAutocannon(order: Extract<GeneratorOrder, { type: 'start' }>, listener: LoadListener): void {
  const { requests, order: cycle, connections, url, timeoutSec } = order;
  const planned = cycle.flatMap((index) => requests.slice(index, index + 1));
  const replyBytes = new Set(requests.map((request) => request.replyBytes));
  const [first] = requests;
  let nextConnection = 0;

  const options: autocannon.Options = {
    url,
    connections,
    pipelining: 1,
    duration: FOREVER_SEC,
    timeout: timeoutSec,
    ...(requests.length === 1 && first !== undefined && first.replyBody !== null
      ? { expectBody: first.replyBody }
      : {}),
    setupClient: (client) => {
      // Connections start at different places of the cycle, or all would send the rare class at the same moment.
      client.setRequests(rotated(planned, Math.floor((nextConnection++ * planned.length) / connections)).map(toRequest));
      watchForClose(client, () =>
        listener.fault({ kind: 'connection-closed', message: 'the server closed a connection under load' }),
      );
    },
  };
  const instance = autocannon(options, () => {});
  instance.on('response', (client, statusCode, bytes, responseTimeMs) => {
    const endedMs = performance.now();
    if (statusCode < 200 || statusCode > 299) {
      listener.fault({ kind: 'status', message: `a reply with status ${statusCode} under load` });
    } else if (!replyBytes.has(bytes)) {
      const right = [...replyBytes].join(' or ');
      listener.fault({ kind: 'wrong-reply', message: `a reply of ${bytes} bytes under load instead of ${right}` });
    } else {
      listener.reply(client, endedMs - responseTimeMs, endedMs);
    }
  });
  const events: EventEmitter = instance; // Its published types leave this event out.
  events.on('reqMismatch', (body: unknown) =>
    listener.fault({ kind: 'wrong-reply', message: `a wrong reply body under load: ${String(body).slice(0, 100)}` }),
  );
  instance.on('reqError', (error: Error) => {
    const kind = error.message === 'request timed out' ? 'timeout' : 'connection-error';
    const message = kind === 'timeout' ? `a request had no reply within ${timeoutSec} s` : error.message;
    listener.fault({ kind, message });
  });
}

function toRequest({ method, path, headers, body }: PlannedRequest): autocannon.Request {
  return { method, path, headers, ...(body === '' ? {} : { body }) };
}

function rotated<T>(items: readonly T[], by: number): T[] {
  return [...items.slice(by), ...items.slice(0, by)];
}

/** autocannon reconnects silently. Its client is told apart from a plain one by what it is seen to have. */
function watchForClose(client: object, onClose: () => void): void {
  if (!('_connect' in client) || typeof client._connect !== 'function') {
    throw new Error('this version of autocannon connects in another way; the adapter must be adapted');
  }
  const connect: () => void = client._connect.bind(client);
  Object.assign(client, {
    _connect: () => {
      connect();
      if ('conn' in client && isSocket(client.conn)) client.conn.once('end', onClose);
    },
  });
}

function isSocket(value: unknown): value is Socket {
  return typeof value === 'object' && value !== null && 'once' in value;
}
