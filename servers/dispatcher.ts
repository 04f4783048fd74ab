/**
 * Hands jobs to workers: the one with the fewest outstanding jobs first. Shared by the fork pool and the thread pool,
 * so that only the transport differs between them.
 *
 * Jobs that arrive in one turn of the event loop travel in one message per worker: sending costs far more per message
 * than per job. A worker may hold several jobs, so it never waits for the next one to travel.
 */
import type { ServerResponse } from 'node:http';
import { joinHeaders, PLAIN_TEXT, type RawHeaders, splitHeaders } from './handler.ts';
import { respond } from './http.ts';

/** Jobs in one message, flat: id, method, url, headers, body, id, method, … */
export type JobBatch = (number | string | Uint8Array)[];
export const JOB_FIELDS = 5;

/** Replies in one message, flat: id, status, headers, body, id, status, … */
export type ReplyBatch = (number | string | Uint8Array)[];
export const REPLY_FIELDS = 4;

/** Where the jobs of one worker go. */
export type SendJobs = (batch: JobBatch) => void;

/** Jobs that one worker may hold. More wait in the front, so that a worker that is lost does not take all with it. */
const MAX_OUTSTANDING = 1024;
/** Jobs that may wait in the front. One more is refused with 503: a queue without a bound is a slow crash. */
const MAX_QUEUED = 16_384;

interface Slot {
  readonly send: SendJobs;
  readonly outstanding: Map<number, ServerResponse>;
  outbox: JobBatch;
}

interface Job {
  readonly method: string;
  readonly url: string;
  readonly headers: string;
  readonly body: Uint8Array;
  readonly response: ServerResponse;
}

export class Dispatcher {
  readonly #slots: Slot[] = [];
  #queue: Job[] = [];
  #lastId = 0;
  #nextSlot = 0;
  #flushing = false;
  readonly #maxOutstanding: number;
  readonly #maxQueued: number;

  constructor(limits: { readonly maxOutstanding?: number; readonly maxQueued?: number } = {}) {
    this.#maxOutstanding = limits.maxOutstanding ?? MAX_OUTSTANDING;
    this.#maxQueued = limits.maxQueued ?? MAX_QUEUED;
  }

  /** Adds a worker. The returned functions take its replies, and take it away when it is lost. */
  attach(send: SendJobs): { settle(replies: ReplyBatch): void; detach(): void } {
    const slot: Slot = { send, outstanding: new Map(), outbox: [] };
    this.#slots.push(slot);
    this.#refill();
    return { settle: (replies) => this.#settle(slot, replies), detach: () => this.#detach(slot) };
  }

  dispatch(method: string, url: string, rawHeaders: RawHeaders, body: Uint8Array, response: ServerResponse): void {
    const slot = this.#leastBusy();
    const job = { method, url, headers: joinHeaders(rawHeaders), body, response };
    if (slot !== undefined) this.#assign(slot, job);
    else if (this.#queue.length < this.#maxQueued) this.#queue.push(job);
    else respond(response, 503, PLAIN_TEXT, 'too many requests are waiting');
  }

  #assign(slot: Slot, job: Job): void {
    const id = ++this.#lastId;
    slot.outstanding.set(id, job.response);
    slot.outbox.push(id, job.method, job.url, job.headers, job.body.byteLength === 0 ? '' : job.body);
    if (this.#flushing) return;
    this.#flushing = true;
    // After the poll phase: by then every request that arrived in this turn has been added.
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    for (const slot of this.#slots) {
      if (slot.outbox.length === 0) continue;
      const batch = slot.outbox;
      slot.outbox = [];
      slot.send(batch);
    }
  }

  #settle(slot: Slot, replies: ReplyBatch): void {
    for (let i = 0; i < replies.length; i += REPLY_FIELDS) {
      const id = Number(replies[i]);
      const response = slot.outstanding.get(id);
      if (response === undefined) continue;
      slot.outstanding.delete(id);
      const body = replies[i + 3];
      respond(
        response,
        Number(replies[i + 1]),
        splitHeaders(String(replies[i + 2])),
        typeof body === 'number' || body === undefined ? '' : body,
      );
    }
    this.#refill();
  }

  #detach(slot: Slot): void {
    this.#slots.splice(this.#slots.indexOf(slot), 1);
    for (const response of slot.outstanding.values()) respond(response, 503, PLAIN_TEXT, 'the worker was lost');
    slot.outstanding.clear();
  }

  #refill(): void {
    if (this.#queue.length === 0) return;
    let taken = 0;
    for (const job of this.#queue) {
      const slot = this.#leastBusy();
      if (slot === undefined) break;
      this.#assign(slot, job);
      taken++;
    }
    this.#queue = this.#queue.slice(taken);
  }

  /** Starts at another worker each time, so that equals take turns. */
  #leastBusy(): Slot | undefined {
    const slots = this.#slots;
    let best: Slot | undefined;
    let fewest = this.#maxOutstanding;
    const start = this.#nextSlot++;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[(start + i) % slots.length];
      if (slot !== undefined && slot.outstanding.size < fewest) {
        fewest = slot.outstanding.size;
        best = slot;
      }
    }
    return best;
  }
}
