/**
 * Servers whose true figures are known, to test the harness against. They are plain `node:http` and share no code with
 * the models but the reading of CPU time, so that the same mistake cannot be made on both sides.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { startLoopProbe } from '../../servers/loop-probe.ts';
import type { Model } from '../../servers/model.ts';
import { processUsage } from '../../servers/process-usage.ts';
import {
  DELAY_CONNECTIONS,
  DELAY_MS,
  GOOD_REPLIES_FIRST,
  QUICK_REPLIES_FIRST,
  SPIN_MS,
  type TruthName,
  WRONG_EVERY,
} from './known-truths.ts';

/** What the scenario `hello` asks for, and as many bytes that are wrong. */
const RIGHT = '{"hello":"world"}';
const WRONG = '{"hello":"wrong"}';
/** How long the clock is watched before other events have their turn: a turn for every look makes garbage by the megabyte. */
const TURN_MS = 0.05;
/** Requests that are less than this apart are back to back: the time between them is the server's own work. */
const BACK_TO_BACK_MS = 1;

/** Answers one request, at once or later. `nth` counts requests from 1. */
type Answer = (response: ServerResponse, nth: number) => void;

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/**
 * Sends each reply when it is due. It watches the clock all the time, because a timer comes up to a millisecond late and
 * waking a sleeping virtual CPU takes as long; and it reads what has come after each turn, so nothing waits but for the
 * delay. The load sends its first requests all at once, and a constant delay would keep them together for good, each
 * waiting for the writing of the one before: so connections get their first reply apart from each other.
 */
function delayed(): Answer {
  const known = new WeakSet<object>();
  const waiting: { readonly response: ServerResponse; readonly dueMs: number }[] = [];
  let connections = 0;
  const watch = (): void => {
    const turnEndsMs = performance.now() + TURN_MS;
    for (let nowMs = 0; nowMs < turnEndsMs; ) {
      nowMs = performance.now();
      const [next] = waiting;
      if (next === undefined || nowMs < next.dueMs) continue;
      waiting.shift();
      reply(next.response, 200, RIGHT);
    }
    if (waiting.length > 0) setImmediate(watch);
  };
  return afterQuick((response) => {
    const { socket } = response;
    const isFirst = socket !== null && !known.has(socket);
    if (isFirst) known.add(socket);
    const apartMs = isFirst ? (connections++ % DELAY_CONNECTIONS) * (DELAY_MS / DELAY_CONNECTIONS) : 0;
    waiting.push({ response, dueMs: performance.now() + DELAY_MS + apartMs });
    if (waiting.length === 1) setImmediate(watch);
  });
}

/**
 * Blocks the thread, then replies. The reading and writing of requests that come back to back is within the time, so
 * that the truth does not depend on what HTTP costs here: it is one reply in every `SPIN_MS`.
 */
function spun(): Answer {
  let lastMs = 0;
  return afterQuick((response) => {
    const nowMs = performance.now();
    const dueMs = (nowMs - lastMs < BACK_TO_BACK_MS ? lastMs : nowMs) + SPIN_MS;
    while (performance.now() < dueMs);
    lastMs = performance.now();
    reply(response, 200, RIGHT);
  });
}

/** Good replies first, then the fault. */
function faulty(fault: Answer): () => Answer {
  return () => (response, nth) => (nth <= GOOD_REPLIES_FIRST ? reply(response, 200, RIGHT) : fault(response, nth));
}

/**
 * Many replies at once first, for a moment of the warm-up. At a hundred requests a second the HTTP code of server and
 * generator would not be compiled by the end of the trial, and its slowness would be added to what is known.
 */
function afterQuick(answer: Answer): Answer {
  return (response, nth) => (nth <= QUICK_REPLIES_FIRST ? reply(response, 200, RIGHT) : answer(response, nth));
}

/** Each is made once per server. */
const answers: Readonly<Record<TruthName, () => Answer>> = {
  'fixed-delay': delayed,
  'known-spin': spun,
  healthy: faulty((response) => reply(response, 200, RIGHT)),
  'wrong-reply': faulty((response, nth) => reply(response, 200, nth % WRONG_EVERY === 0 ? WRONG : RIGHT)),
  closing: faulty((response) => {
    const { socket } = response;
    response.once('finish', () => socket?.end());
    reply(response, 200, RIGHT);
  }),
  unavailable: faulty((response) => reply(response, 503, RIGHT)),
  hanging: faulty(() => {}),
};

/** One of the servers, as the host protocol runs a model. */
export function truthServer(name: TruthName): Model {
  return {
    summary: `the known truth '${name}'`,
    style: 'alone',
    start: async ({ port }) => {
      const probe = startLoopProbe();
      let connections = 0;
      let requests = 0;
      const answer = answers[name]();
      const server = createServer((_request, response) => answer(response, ++requests));
      // A connection that is closed by the server is a fault, so none may be closed for being idle or slow.
      Object.assign(server, { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });
      server.on('connection', (socket) => {
        connections++;
        socket.once('close', () => connections--);
      });
      return {
        port: await listen(server, port),
        workers: 1,
        snapshot: async () => ({
          processes: [processUsage()],
          front: null,
          workers: [{ ...probe.usage(connections), id: 1, requests, waitingMs: 0 }],
          lostWorkers: 0,
        }),
        stop: async () => {
          server.closeAllConnections();
          server.close();
        },
      };
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}
