/** Loads that are sent over our own connections. */
import { seedFrom } from '../../../stats/arrivals.ts';
import type { ComparisonSample } from '../../../stats/comparison-sample.ts';
import { randomStream } from '../../../stats/random.ts';
import { type Load, type LoadListener, monotonicMs } from '../load.ts';
import type { GeneratorCommand } from '../messages.ts';
import { requestOrder } from '../request-order.ts';
import { closedLoop } from './closed-loop.ts';
import { Clients } from './clients.ts';
import { type Connections, type Outcome, type Prepared, prepareAll } from './connections.ts';
import { keepAliveConnections } from './keep-alive.ts';
import { OpenLoop } from './open-loop.ts';
import { perRequestConnections } from './per-request.ts';
import { TraceRecorder } from './trace-recorder.ts';

/** How long a generator may take until it is on time. */
const CATCH_UP_LIMIT_MS = 4000;

type StartCommand = Extract<GeneratorCommand, { type: 'start' }>;

/** A closed loop with a connection per request. */
export function reconnectingLoad(command: StartCommand, listener: LoadListener, sample: ComparisonSample): Load {
  const { connections: count } = command;
  const timeoutMs = command.timeoutSec * 1000;
  const clients = new Clients(command, () => sample.random());
  const connections = perRequestConnections(new URL(command.url), count, clients, sample);
  const classes = prepareAll(command);
  const loop = closedLoop(connections, inOrder(classes), { requests: count, timeoutMs }, reportTo(listener));
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
  command: StartCommand,
  rate: Extract<StartCommand['load'], { kind: 'rate' }>,
  listener: LoadListener,
  sample: ComparisonSample,
): Load {
  const { stream, countErrors, warmUpRequests } = rate;
  const trace = rate.trace ? new TraceRecorder() : null;
  const connections = connectionsOf(command, rate, listener, sample, trace);
  const timeoutMs = command.timeoutSec * 1000;
  const classes = prepareAll(command);
  const warmUp = closedLoop(connections, inOrder(classes), { requests: warmUpRequests, timeoutMs }, reportTo(listener));
  const loop = new OpenLoop(connections, { stream, classes, timeoutMs, countErrors, trace }, listener);
  connections.open(command.connections).then(
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
      trace: (startMs, windowMs) => trace?.trace(startMs, windowMs) ?? null,
    },
  };
}

function connectionsOf(
  command: StartCommand,
  { mostConnections, stream }: Extract<StartCommand['load'], { kind: 'rate' }>,
  listener: LoadListener,
  sample: ComparisonSample,
  trace: TraceRecorder | null,
): Connections {
  const url = new URL(command.url);
  const random = randomStream(seedFrom(stream.seed, stream.index, 'connections'));
  const clients = new Clients(command, random);
  if (command.connectionMode === 'per-request') return perRequestConnections(url, mostConnections, clients, sample);
  return keepAliveConnections(url, mostConnections, random, clients, sample, (reason) => listener.fault(reason), trace);
}

/** The next request, of all classes in one command. */
function inOrder(classes: readonly Prepared[]): () => Prepared {
  const next = requestOrder(classes.map(({ request }) => request.weight));
  return () => {
    const prepared = classes[next()];
    if (prepared === undefined) throw new Error('there is no such class');
    return prepared;
  };
}

/** Reports the outcomes of a closed loop to the listener. */
function reportTo(listener: LoadListener): (outcome: Outcome, startedMs: number, prepared: Prepared) => void {
  return (outcome, startedMs, { index }) => {
    if (outcome.kind === 'good') listener.reply(index, startedMs, monotonicMs(), outcome.isLost);
    else listener.fault(outcome.reason);
  };
}
