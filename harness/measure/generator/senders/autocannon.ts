/**
 * autocannon sends the load; everything that is measured is measured here, because its own figures cannot be believed:
 * latencies are cut to whole milliseconds, time-outs never enter them, what is in flight at the end is dropped, and a
 * connection closed by the server leaves all later latencies wrong without an error.
 */
import autocannon from 'autocannon';
import type { ComparisonSample } from '../../../stats/comparison-sample.ts';
import { type Load, type LoadListener, monotonicMs } from '../load.ts';
import type { GeneratorCommand } from '../messages.ts';
import { requestOrder } from '../request-order.ts';
import { AutocannonConnection, type ConnectionOwner, type Kind } from './autocannon-client.ts';
import { requestBytes } from './autocannon-inside.ts';
import { prepare } from './connections.ts';

/** Far longer than any trial: the end is decided by the harness. */
const FOREVER_SEC = 1_000_000;
/** autocannon stops its timers at the first tick after its connections are gone. */
const TICK_MS = 250;
/** How often requests are looked for that have waited for too long. */
const SWEEP_MS = 100;

/**
 * Opens the connections, and sends nothing before `go`: a server accepts one connection per turn of its event loop, so
 * with slow requests under way the last of many connections would wait for seconds to be accepted. From then on each
 * connection sends the next request of the order when the reply to its last one has come.
 */
export function startAutocannon(
  order: Extract<GeneratorCommand, { type: 'start' }>,
  listener: LoadListener,
  sample: ComparisonSample,
): Load {
  const { url, timeoutSec } = order;
  const classes = order.requests.map(prepare);
  const nextIndex = requestOrder(classes.map(({ request }) => request.weight));
  const connections: AutocannonConnection[] = [];
  let kinds: readonly Kind[] = [];
  let open = 0;
  let sending = false;
  let underWay = 0;
  let closed = false;
  let onDrained = (): void => {};
  let sweeper: NodeJS.Timeout | undefined;

  const owner: ConnectionOwner = {
    sample,
    next: () => {
      const kind = sending ? kinds[nextIndex()] : undefined;
      if (kind === undefined) return null;
      underWay++;
      return kind;
    },
    opened: () => {
      if (++open === order.connections) listener.connected();
    },
    replied: (kind, startedMs, endedMs) => {
      underWay--;
      listener.reply(kind.prepared.index, startedMs, endedMs);
      if (underWay === 0 && !sending) onDrained();
    },
    fault: (reason) => {
      if (!closed) listener.fault(reason);
    },
  };

  autocannon(
    {
      url,
      connections: order.connections,
      pipelining: 1,
      duration: FOREVER_SEC,
      sampleInt: TICK_MS,
      setupClient: (client) => {
        if (connections.length === 0) {
          const bytes = requestBytes(client, classes);
          kinds = classes.map((prepared, i) => ({ prepared, bytes: bytes[i] ?? Buffer.alloc(0), layout: null }));
        }
        connections.push(new AutocannonConnection(client, owner));
      },
    },
    (error: Error | null) => {
      if (error) owner.fault({ kind: 'generator', message: `autocannon: ${error.message}` });
    },
  );

  const sweep = (): void => {
    const nowMs = monotonicMs();
    if (connections.some((connection) => nowMs - connection.waitingSinceMs >= timeoutSec * 1000)) {
      owner.fault({ kind: 'timeout', message: `a request had no reply within ${timeoutSec} s` });
    }
  };

  return {
    go: () => {
      sending = true;
      sweeper = setInterval(sweep, SWEEP_MS);
      for (const connection of connections) connection.send(monotonicMs());
    },
    drain: () => {
      sending = false;
      return new Promise((resolve) => {
        onDrained = resolve;
        if (underWay === 0) resolve();
      });
    },
    close: () => {
      closed = true;
      sending = false;
      clearInterval(sweeper);
      for (const connection of connections) connection.close();
    },
    open: null,
  };
}
