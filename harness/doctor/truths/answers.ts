/** What the servers with known figures do with a request. Plain `node:http`, without code of the models. */
import type { ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import {
  DELAY_CONNECTIONS,
  DELAY_MS,
  FREEZE_EVERY_MS,
  FREEZE_MS,
  GOOD_REPLIES_FIRST,
  QUEUE_SERVICE_MS,
  QUICK_BEFORE_OPEN,
  QUICK_REPLIES_FIRST,
  SPIN_MS,
  type TruthName,
  WRONG_EVERY,
} from './known.ts';

/** What the scenario `hello` expects, and a wrong body of the same length. */
const RIGHT = '{"hello":"world"}';
const WRONG = '{"hello":"wrong"}';
/** How long the clock is polled before other events are handled: a turn for every reading would create megabytes of garbage. */
const TURN_MS = 0.05;
/**
 * Quick replies end after this time, even if fewer were sent: they must be over before the window, also on a slow machine. A
 * warm-up may end once it has seen two stretches of throughput alike, which takes 0.8 s.
 */
const QUICK_FOR_MS = 700;
/** Requests that are less than this apart are back to back: the time between them is work of the server itself. */
const BACK_TO_BACK_MS = 1;

/** Answers one request, at once or later. `nth` counts requests from 1. */
type Answer = (response: ServerResponse, nth: number) => void;

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/**
 * Sends each reply when it is due. It polls the clock, because a timer fires up to a millisecond late and waking a sleeping
 * virtual CPU takes as long; other events are handled after each turn, so a request waits for nothing but the delay. The load
 * sends its first requests all at once, and a constant delay would keep them together for good, each waiting until the reply
 * before it is written: so the first replies of the connections are spread out.
 */
function delayed({ apart, quick }: { readonly apart: boolean; readonly quick: number }): Answer {
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
    const isFirst = apart && socket !== null && !known.has(socket);
    if (isFirst) known.add(socket);
    const apartMs = isFirst ? (connections++ % DELAY_CONNECTIONS) * (DELAY_MS / DELAY_CONNECTIONS) : 0;
    waiting.push({ response, dueMs: performance.now() + DELAY_MS + apartMs });
    if (waiting.length === 1) setImmediate(watch);
  }, quick);
}

/**
 * Blocks the thread, then replies. For back-to-back requests, reading and writing them is part of the time, so that the truth
 * does not depend on the cost of HTTP: it is one reply in every `spinMs`.
 */
function spun(spinMs: number): Answer {
  let lastMs = 0;
  return afterQuick((response) => {
    const nowMs = performance.now();
    const dueMs = (nowMs - lastMs < BACK_TO_BACK_MS ? lastMs : nowMs) + spinMs;
    while (performance.now() < dueMs);
    lastMs = performance.now();
    reply(response, 200, RIGHT);
  }, QUICK_REPLIES_FIRST);
}

/**
 * A queue with one server: as `spun`, but each reply is due `serviceMs` after the one before it was **due**, so that a moment in
 * which the thread had no CPU is made up for and does not delay all that follow.
 */
function queued(serviceMs: number, quick: number): Answer {
  let lastDueMs = 0;
  return afterQuick((response) => {
    const nowMs = performance.now();
    lastDueMs = (nowMs - lastDueMs < BACK_TO_BACK_MS ? lastDueMs : nowMs) + serviceMs;
    while (performance.now() < lastDueMs);
    reply(response, 200, RIGHT);
  }, quick);
}

/**
 * Freezes for a second in every four, and replies at once otherwise. It sleeps through the second, so that it takes no CPU time
 * from the generator: that would be another fault.
 */
function frozen(): Answer {
  const startMs = performance.now();
  const asleep = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const freeze = (): void => {
    const sinceMs = (performance.now() - startMs) % FREEZE_EVERY_MS;
    if (sinceMs < FREEZE_MS) Atomics.wait(asleep, 0, 0, FREEZE_MS - sinceMs);
    const nextMs = FREEZE_EVERY_MS - ((performance.now() - startMs) % FREEZE_EVERY_MS);
    setTimeout(freeze, nextMs).unref();
  };
  setTimeout(freeze, FREEZE_EVERY_MS).unref();
  return (response) => reply(response, 200, RIGHT);
}

/** Good replies first, then the fault. */
function faulty(fault: Answer): () => Answer {
  return () => (response, nth) => (nth <= GOOD_REPLIES_FIRST ? reply(response, 200, RIGHT) : fault(response, nth));
}

/**
 * Sends the first replies without delay, for a moment of the warm-up. At a hundred requests a second the HTTP code of server and
 * generator would not be compiled by the end of the trial, and its slowness would be added to the known time.
 */
function afterQuick(answer: Answer, quick: number): Answer {
  let firstMs: number | undefined;
  return (response, nth) => {
    firstMs ??= performance.now();
    const isQuick = nth <= quick && performance.now() - firstMs < QUICK_FOR_MS;
    return isQuick ? reply(response, 200, RIGHT) : answer(response, nth);
  };
}

/** Each is made once per server. */
export const answers: Readonly<Record<TruthName, () => Answer>> = {
  'fixed-delay': () => delayed({ apart: true, quick: QUICK_REPLIES_FIRST }),
  // Requests of an open loop are spread out anyway.
  'open-delay': () => delayed({ apart: false, quick: QUICK_BEFORE_OPEN }),
  'known-spin': () => spun(SPIN_MS),
  'known-queue': () => queued(QUEUE_SERVICE_MS, QUICK_BEFORE_OPEN),
  freezing: frozen,
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
