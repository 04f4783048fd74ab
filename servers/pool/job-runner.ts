/** The worker's side of a pool: runs jobs one after the other, and sends replies back soon, in few messages. */
import { performance } from 'node:perf_hooks';
import { joinHeaders, type LoadedHandler } from '../http/handler.ts';
import { whole } from '../http/reply.ts';
import type { WorkerUsage } from '../model.ts';
import { startLoopProbe } from '../usage.ts';
import { JOB_FIELDS, type JobBatch, type ReplyBatch } from './dispatcher.ts';
import { RouteTimes } from './route-times.ts';

/** How long jobs are run before the event loop turns, so that commands and new jobs come in between. */
const TURN_MS = 2;
/**
 * How long a finished reply may wait for others, by the expected time of the jobs after it. Each message wakes the front end,
 * which takes a CPU from a worker; but a reply must not wait for a job that may take long.
 */
const PATIENCE_MS = 0.5;

/** Runs the jobs of one worker. `send` is given bodies as the handler returned them: bytes may be returned again. */
export class JobRunner {
  readonly #handler: LoadedHandler;
  readonly #send: (replies: ReplyBatch) => void;
  readonly #probe = startLoopProbe();
  readonly #times = new RouteTimes();
  readonly #inbox: JobBatch[] = [];
  #batch: JobBatch = [];
  #next = 0;
  #replies: ReplyBatch = [];
  #oldestReplyAtMs = 0;
  #answered = 0;
  /** Jobs that were begun since the message before. */
  #taken = 0;
  #activeMs = 0;
  #running = false;
  #flushPlanned = false;

  constructor(handler: LoadedHandler, send: (replies: ReplyBatch) => void) {
    this.#handler = handler;
    this.#send = send;
  }

  accept(jobs: JobBatch): void {
    this.#inbox.push(jobs);
    if (this.#running) return;
    this.#running = true;
    this.#runTurn();
  }

  usage(id: number): WorkerUsage {
    return { ...this.#probe.usage(0), id, requests: this.#answered, waitingMs: this.#handler.waitingMs() };
  }

  #runTurn(): void {
    this.#run(performance.now());
  }

  /** Runs jobs until the event loop should turn. `sinceMs` is when the turn began. */
  #run(sinceMs: number): void {
    let nowMs = performance.now();
    while (this.#hasNext()) {
      if (nowMs - sinceMs >= TURN_MS) {
        this.#flush();
        setImmediate(() => this.#runTurn());
        return;
      }
      const url = String(this.#batch[this.#next + 2]);
      const waits = this.#replies.length > 0;
      if (waits && nowMs - this.#oldestReplyAtMs + this.#times.expectedMs(url) > PATIENCE_MS) this.#flush();
      const startedAtMs = nowMs;
      const answeredBefore = this.#answered;
      this.#start(Number(this.#batch[this.#next]));
      this.#next += JOB_FIELDS;
      if (this.#answered === answeredBefore) {
        // An asynchronous handler. Most of its work may be in promises that are settled already: let them run before
        // the next job, so that it does not delay this reply.
        void settled.then(() =>
          process.nextTick(() => {
            this.#taken++;
            this.#times.record(url, performance.now() - startedAtMs);
            this.#run(sinceMs);
          }),
        );
        return;
      }
      this.#taken++;
      nowMs = performance.now();
      this.#times.record(url, nowMs - startedAtMs);
    }
    this.#running = false;
    if (this.#replies.length > 0) this.#flush();
    else this.#planFlush();
  }

  #hasNext(): boolean {
    if (this.#next < this.#batch.length) return true;
    this.#batch = this.#inbox.shift() ?? NO_JOBS;
    this.#next = 0;
    return this.#batch.length > 0;
  }

  #start(id: number): void {
    const batch = this.#batch;
    const next = this.#next;
    const body = batch[next + 4];
    this.#handler.handle(
      String(batch[next + 1]),
      String(batch[next + 2]),
      String(batch[next + 3]),
      body instanceof Uint8Array ? body : NO_BODY,
      whole((status, rawHeaders, reply) => {
        this.#answered++;
        if (this.#replies.length === 0) this.#oldestReplyAtMs = performance.now();
        this.#replies.push(id, status, joinHeaders(rawHeaders), reply);
        // A handler that answered later: wait for others of the same turn.
        if (!this.#running) this.#planFlush();
      }),
    );
  }

  /** Once in a turn of the event loop, for all that happens in it. */
  #planFlush(): void {
    if (this.#flushPlanned) return;
    this.#flushPlanned = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#flushPlanned = false;
    if (this.#replies.length === 0 && this.#taken === 0) return;
    const { active } = performance.eventLoopUtilization();
    const message: ReplyBatch = [this.#taken, active - this.#activeMs, ...this.#replies];
    this.#activeMs = active;
    this.#taken = 0;
    this.#replies = [];
    this.#send(message);
  }
}

const NO_BODY = new Uint8Array(0);
const NO_JOBS: JobBatch = [];
const settled = Promise.resolve();
