/**
 * The one place that knows autocannon. It sends the load; everything that is measured is measured here, because its own
 * figures cannot be believed: latencies are cut to whole milliseconds, time-outs never enter them, what is in flight at
 * the end is dropped, and a connection closed by the server leaves all later latencies wrong without an error.
 */
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import autocannon from 'autocannon';
import { z } from 'zod';
import type { GeneratorOrder, PlannedRequest } from './generator-messages.ts';
import type { Load, LoadListener } from './load.ts';
import { monotonicMs } from './monotonic.ts';

/** Far longer than any trial: the end is decided by the harness. */
const FOREVER_SEC = 1_000_000;
/** Eleven days, close to the longest time that a timer of Node can hold. */
const NEVER_MS = 1_000_000_000;

/**
 * Opens the connections, and sends nothing before `go`: a server accepts one connection per turn of its event loop, so
 * with slow requests under way the last of many connections would wait for seconds to be accepted. From then on each
 * connection sends its next request when the reply to the last one has come.
 */
export function startAutocannon(order: Extract<GeneratorOrder, { type: 'start' }>, listener: LoadListener): Load {
  const { requests, order: cycle, connections, url, timeoutSec } = order;
  const planned = cycle.flatMap((index) => requests.slice(index, index + 1));
  const replyBytes = new Set(requests.map((request) => request.replyBytes));
  const [first] = requests;
  const gates: Gate[] = [];
  let open = 0;
  /** Replies that are still due after the last request was sent; each connection has one under way. */
  let due = 0;
  let onDrained = (): void => {};

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
      const offset = Math.floor((gates.length * planned.length) / connections);
      client.setRequests(rotated(planned, offset).map(toRequest));
      const onOpen = (): void => {
        open++;
        if (open === connections) listener.connected();
      };
      const onClose = (): void =>
        listener.fault({ kind: 'connection-closed', message: 'the server closed a connection under load' });
      gates.push(gate(client, onOpen, onClose));
    },
  };
  const instance = autocannon(options, () => {});
  instance.on('response', (_client, statusCode, bytes, responseTimeMs) => {
    const endedMs = monotonicMs();
    if (statusCode < 200 || statusCode > 299) {
      listener.fault({ kind: 'status', message: `a reply with status ${statusCode} under load` });
    } else if (!replyBytes.has(bytes)) {
      const right = [...replyBytes].join(' or ');
      listener.fault({ kind: 'wrong-reply', message: `a reply of ${bytes} bytes under load instead of ${right}` });
    } else {
      listener.reply(endedMs - responseTimeMs, endedMs);
      if (due > 0 && --due === 0) onDrained();
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
  return {
    go: () => {
      for (const one of gates) one.open();
    },
    drain: () => {
      due = connections;
      for (const one of gates) one.shut();
      return new Promise((resolve) => {
        onDrained = resolve;
      });
    },
    open: null,
  };
}

function toRequest({ method, path, headers, body }: PlannedRequest): autocannon.Request {
  return { method, path, headers, ...(body === '' ? {} : { body }) };
}

function rotated<T>(items: readonly T[], by: number): T[] {
  return [...items.slice(by), ...items.slice(0, by)];
}

interface Gate {
  open(): void;
  shut(): void;
}

/** The inside of an autocannon 9 client, as far as it is used here. */
const clientSchema = z.custom<{
  _connect: () => void;
  _doRequest: () => void;
  conn: Socket;
  timeoutTicker: { reschedule(timeoutMs: number): void };
}>(
  (client) =>
    typeof client === 'object' &&
    client !== null &&
    '_connect' in client &&
    typeof client._connect === 'function' &&
    '_doRequest' in client &&
    typeof client._doRequest === 'function',
  'this version of autocannon connects in another way; its adapter must be adapted',
);

/**
 * Takes hold of a client's sending, and listens to its socket: autocannon would send as soon as it connects, and
 * reconnects without a word when the server closes. Once open, the client runs its own code again, at no cost.
 */
function gate(subject: object, onOpen: () => void, onClose: () => void): Gate {
  const client = clientSchema.parse(subject);
  const connect = client._connect.bind(client);
  const send = client._doRequest.bind(client);
  let waiting = false;
  const shut = (): void => {
    Object.assign(client, {
      _doRequest: () => {
        waiting = true;
        // Nothing is under way, so nothing can be late. The next request sets the clock again; a cleared one it could not.
        client.timeoutTicker.reschedule(NEVER_MS);
      },
    });
  };
  Object.assign(client, {
    _connect: () => {
      connect();
      client.conn.once('connect', onOpen);
      client.conn.once('end', onClose);
    },
  });
  shut();
  return {
    shut,
    open: () => {
      Object.assign(client, { _doRequest: send });
      if (waiting) send();
      waiting = false;
    },
  };
}
