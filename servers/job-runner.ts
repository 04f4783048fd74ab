/** The worker's side of a pool: runs jobs one after the other, and sends replies back in few messages, and soon. */
import { performance } from 'node:perf_hooks';
import { JOB_FIELDS, type JobBatch, type ReplyBatch } from './dispatcher.ts';
import { joinHeaders, type LoadedHandler } from './handler.ts';
import { startLoopProbe } from './loop-probe.ts';
import type { WorkerUsage } from './model.ts';
import { RouteTimes } from './route-times.ts';

/** How long jobs are run before the event loop turns, so that orders and new jobs come in between. */
const TURN_MS = 2;
/**
 * How long a finished reply may wait for company, by what is known of the jobs after it. Each message wakes the front,
 * which takes a CPU from a worker; but a reply must not wait for a job that may take long.
 */
const PATIENCE_MS = 0.5;

export interface JobRunner {
  accept(batch: JobBatch): void;
  usage(id: number): WorkerUsage;
}

/** `send` is given bodies as the handler returned them: bytes are still the handler's, which may return them again. */
export function jobRunner(handler: LoadedHandler, send: (replies: ReplyBatch) => void): JobRunner {
  const probe = startLoopProbe();
  const times = new RouteTimes();
  const inbox: JobBatch[] = [];
  let batch: JobBatch = [];
  let next = 0;
  let replies: ReplyBatch = [];
  let oldestReplyAtMs = 0;
  let answered = 0;
  let taken = 0;
  let activeMs = 0;
  let running = false;
  let flushPlanned = false;

  const flush = (): void => {
    flushPlanned = false;
    if (replies.length === 0 && taken === 0) return;
    const { active } = performance.eventLoopUtilization();
    const message: ReplyBatch = [taken, active - activeMs, ...replies];
    activeMs = active;
    taken = 0;
    replies = [];
    send(message);
  };

  /** Once in a turn of the event loop, for all that happens in it. */
  const planFlush = (): void => {
    if (flushPlanned) return;
    flushPlanned = true;
    setImmediate(flush);
  };

  const start = (id: number): void => {
    const body = batch[next + 4];
    handler.handle(
      String(batch[next + 1]),
      String(batch[next + 2]),
      String(batch[next + 3]),
      body instanceof Uint8Array ? body : NO_BODY,
      (status, rawHeaders, reply) => {
        answered++;
        if (replies.length === 0) oldestReplyAtMs = performance.now();
        replies.push(id, status, joinHeaders(rawHeaders), reply);
        // A handler that answered later: wait for others of the same turn.
        if (!running) planFlush();
      },
    );
  };

  const hasNext = (): boolean => {
    if (next < batch.length) return true;
    batch = inbox.shift() ?? NO_JOBS;
    next = 0;
    return batch.length > 0;
  };

  /** Runs jobs until the event loop should turn. `sinceMs` is when the turn began. */
  const run = (sinceMs: number): void => {
    let nowMs = performance.now();
    while (hasNext()) {
      if (nowMs - sinceMs >= TURN_MS) {
        flush();
        setImmediate(runTurn);
        return;
      }
      const url = String(batch[next + 2]);
      if (replies.length > 0 && nowMs - oldestReplyAtMs + times.expectedMs(url) > PATIENCE_MS) flush();
      const startedAtMs = nowMs;
      const answeredBefore = answered;
      start(Number(batch[next]));
      next += JOB_FIELDS;
      if (answered === answeredBefore) {
        // An asynchronous handler. Most of its work may be in promises that are settled already: let them run before
        // the next job, so that it does not delay this reply.
        void settled.then(() =>
          process.nextTick(() => {
            taken++;
            times.record(url, performance.now() - startedAtMs);
            run(sinceMs);
          }),
        );
        return;
      }
      taken++;
      nowMs = performance.now();
      times.record(url, nowMs - startedAtMs);
    }
    running = false;
    if (replies.length > 0) flush();
    else planFlush();
  };
  const runTurn = (): void => run(performance.now());

  return {
    accept(jobs) {
      inbox.push(jobs);
      if (running) return;
      running = true;
      runTurn();
    },
    usage: (id) => ({ ...probe.usage(0), id, requests: answered, waitingMs: handler.waitingMs() }),
  };
}

const NO_BODY = new Uint8Array(0);
const NO_JOBS: JobBatch = [];
const settled = Promise.resolve();
