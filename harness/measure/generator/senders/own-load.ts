/** Loads that are sent over connections of our own. */

import { seedFrom } from '../../../stats/arrivals.ts';
import type { ComparisonSample } from '../../../stats/comparison-sample.ts';
import { randomStream } from '../../../stats/random.ts';
import { type Load, type LoadListener, monotonicMs } from '../load.ts';
import type { GeneratorCommand } from '../messages.ts';
import { requestOrder } from '../request-order.ts';
import { closedLoop } from './closed-loop.ts';
import { type Connections, type Outcome, type Prepared, prepare } from './connections.ts';
import { keepAliveConnections } from './keep-alive.ts';
import { OpenLoop } from './open-loop.ts';
import { perRequestConnections } from './per-request.ts';

/** How long a generator may take to get on time. */
const CATCH_UP_LIMIT_MS = 4000;

type StartOrder = Extract<GeneratorCommand, { type: 'start' }>;

/** A closed loop with a connection per request. */
export function reconnectingLoad(order: StartOrder, listener: LoadListener, sample: ComparisonSample): Load {
  const { connections: count } = order;
  const timeoutMs = order.timeoutSec * 1000;
  const connections = perRequestConnections(new URL(order.url), count, sample);
  const classes = order.requests.map(prepare);
  const loop = closedLoop(connections, inOrder(classes), { requests: count, timeoutMs }, told(listener));
  listener.connected();
  return {
    go: () => loop.go(),
    drain: () => loop.drain(),
    close: () => {
      loop.close();
      connections.close();
    },
    open: null,
  };
}

/** An open loop, after a closed one that warms up. */
export function rateLoad(
  order: StartOrder,
  rate: Extract<StartOrder['load'], { kind: 'rate' }>,
  listener: LoadListener,
  sample: ComparisonSample,
): Load {
  const connections = connectionsOf(order, rate, listener, sample);
  const { stream, countErrors, warmUpRequests } = rate;
  const timeoutMs = order.timeoutSec * 1000;
  const classes = order.requests.map(prepare);
  const warmUp = closedLoop(connections, inOrder(classes), { requests: warmUpRequests, timeoutMs }, told(listener));
  const loop = new OpenLoop(connections, { stream, classes, timeoutMs, countErrors }, listener);
  connections.open(order.connections).then(
    () => listener.connected(),
    (error: Error) => listener.fault({ kind: 'connection-error', message: error.message }),
  );
  return {
    go: () => warmUp.go(),
    drain: () => loop.drain(),
    close: () => {
      warmUp.close();
      loop.close();
      connections.close();
    },
    open: {
      offer: async () => {
        await warmUp.drain();
        await loop.start();
        await loop.onTime(CATCH_UP_LIMIT_MS);
      },
      inWindow: (window) => loop.inWindow(window),
      unanswered: () => loop.unanswered,
      record: () => loop.record(),
    },
  };
}

function connectionsOf(
  { url, connectionMode }: StartOrder,
  { mostConnections, stream }: Extract<StartOrder['load'], { kind: 'rate' }>,
  listener: LoadListener,
  sample: ComparisonSample,
): Connections {
  if (connectionMode === 'per-request') return perRequestConnections(new URL(url), mostConnections, sample);
  const random = randomStream(seedFrom(stream.seed, stream.index, 'connections'));
  return keepAliveConnections(new URL(url), mostConnections, random, sample, (reason) => listener.fault(reason));
}

/** What is sent next, of all classes in one order. */
function inOrder(classes: readonly Prepared[]): () => Prepared {
  const next = requestOrder(classes.map(({ request }) => request.weight));
  return () => {
    const prepared = classes[next()];
    if (prepared === undefined) throw new Error('there is no such class');
    return prepared;
  };
}

/** Tells the listener of a closed loop's outcomes. */
function told(listener: LoadListener): (outcome: Outcome, startedMs: number, prepared: Prepared) => void {
  return (outcome, startedMs, { index }) => {
    if (outcome.kind === 'good') listener.reply(index, startedMs, monotonicMs());
    else listener.fault(outcome.reason);
  };
}
