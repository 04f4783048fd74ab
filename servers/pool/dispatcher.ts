/**
 * Gives each job to the worker that is expected to reach it first, and no worker more than it will finish soon. The other jobs
 * wait here in a queue. Shared by the fork pool and the thread pool, so that only the transport differs between them.
 *
 * Jobs that arrive in one turn of the event loop travel in one message per worker: sending costs far more per message
 * than per job.
 */
import type { ServerResponse } from 'node:http';
import { joinHeaders, splitHeaders } from '../http/handler.ts';
import { PLAIN_TEXT, type RawHeaders } from '../http/reply.ts';
import { respond } from '../http/server.ts';
import { WorkerLoad } from './worker-load.ts';

/** Jobs in one message, flat: id, method, url, headers, body, id, method, … */
export type JobBatch = (number | string | Uint8Array)[];
export const JOB_FIELDS = 5;

/**
 * What a worker reports in one message, flat. First how many jobs it has begun since the message before, and for how
 * many milliseconds its event loop was busy; then the replies, if any: id, status, headers, body, id, status, …
 */
export type ReplyBatch = (number | string | Uint8Array)[];
/** The same as the front end receives it. A large body may be in pieces, and is sent on in them: joining would copy it. */
export type ReceivedReplies = readonly (ReplyBatch[number] | readonly Uint8Array[])[];
export const REPLY_FIELDS = 4;

/** Where the jobs of one worker go. */
export type SendJobs = (batch: JobBatch) => void;

/** Where the bytes of a reply go when it has been sent. */
type GiveBack = (body: Uint8Array) => void;

/** Jobs that may wait in the front end. More are refused with 503: an unbounded queue only delays the crash. */
const MAX_QUEUED = 16_384;
const NONE_LEFT = 'no worker is left';

/** What the front end can do with one worker. */
interface Attached {
  /** Takes its replies. */
  settle(replies: ReceivedReplies): void;
  /** Gives it no more jobs, and resolves when it has answered those that it has. */
  retire(): Promise<void>;
  /** To be called when it is gone: the jobs that it has not answered fail. */
  detach(): void;
}

interface Slot {
  readonly send: SendJobs;
  readonly giveBack: GiveBack;
  readonly load: WorkerLoad;
  /** All that it has not answered, including asynchronous jobs that wait for something. */
  readonly outstanding: Map<number, ServerResponse>;
  outbox: JobBatch;
  /** Called when the last outstanding job of one that is to get no more was answered. */
  onRetired: (() => void) | undefined;
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
  #planned = false;
  /** Whether there is no worker and none will come. */
  #isHopeless = false;
  readonly #maxQueued: number;

  constructor(maxQueued: number = MAX_QUEUED) {
    this.#maxQueued = maxQueued;
  }

  /** Adds a worker. */
  attach(send: SendJobs, giveBack: GiveBack = () => {}): Attached {
    const load = new WorkerLoad();
    const slot: Slot = { send, giveBack, load, outstanding: new Map(), outbox: [], onRetired: undefined };
    this.#slots.push(slot);
    this.#plan();
    return {
      settle: (replies) => this.#settle(slot, replies),
      retire: () => this.#retire(slot),
      detach: () => this.#detach(slot),
    };
  }

  /** No worker is left and none will come: every request is refused from now on. */
  giveUp(): void {
    this.#isHopeless = true;
    for (const { response } of this.#queue.splice(0)) respond(response, 503, PLAIN_TEXT, NONE_LEFT);
  }

  dispatch(method: string, url: string, rawHeaders: RawHeaders, body: Uint8Array, response: ServerResponse): void {
    if (this.#isHopeless) {
      respond(response, 503, PLAIN_TEXT, NONE_LEFT);
      return;
    }
    this.#queue.push({ method, url, headers: joinHeaders(rawHeaders), body, response });
    this.#plan();
  }

  /** After the poll phase: by then every request and every reply that has arrived in this turn has been read. */
  #plan(): void {
    if (this.#planned || this.#queue.length === 0) return;
    this.#planned = true;
    setImmediate(() => this.#handOut());
  }

  #handOut(): void {
    this.#planned = false;
    const nowMs = performance.now();
    let taken = 0;
    for (const job of this.#queue) {
      const slot = this.#freest(nowMs);
      if (slot === undefined) break;
      const id = ++this.#lastId;
      slot.outstanding.set(id, job.response);
      slot.load.sent(nowMs);
      slot.outbox.push(id, job.method, job.url, job.headers, job.body.byteLength === 0 ? '' : job.body);
      taken++;
    }
    for (const job of this.#queue.slice(taken + this.#maxQueued)) {
      respond(job.response, 503, PLAIN_TEXT, 'too many requests are waiting');
    }
    this.#queue = this.#queue.slice(taken, taken + this.#maxQueued);
    for (const slot of this.#slots) {
      if (slot.outbox.length === 0) continue;
      const batch = slot.outbox;
      slot.outbox = [];
      slot.send(batch);
    }
  }

  #settle(slot: Slot, [taken, busyMs, ...replies]: ReceivedReplies): void {
    slot.load.progressed(Number(taken), Number(busyMs), performance.now());
    for (let i = 0; i < replies.length; i += REPLY_FIELDS) {
      const id = Number(replies[i]);
      const response = slot.outstanding.get(id);
      if (response === undefined) continue;
      slot.outstanding.delete(id);
      const [status, headers, body] = [Number(replies[i + 1]), splitHeaders(String(replies[i + 2])), replies[i + 3]];
      if (body instanceof Uint8Array) respond(response, status, headers, body, () => slot.giveBack(body));
      else respond(response, status, headers, typeof body === 'object' ? body : String(body));
    }
    if (slot.outstanding.size === 0) slot.onRetired?.();
    this.#plan();
  }

  #retire(slot: Slot): Promise<void> {
    this.#remove(slot);
    return new Promise((resolve) => {
      slot.onRetired = resolve;
      if (slot.outstanding.size === 0) resolve();
    });
  }

  #remove(slot: Slot): void {
    const at = this.#slots.indexOf(slot);
    if (at >= 0) this.#slots.splice(at, 1);
  }

  #detach(slot: Slot): void {
    this.#remove(slot);
    for (const response of slot.outstanding.values()) respond(response, 503, PLAIN_TEXT, 'the worker was lost');
    slot.outstanding.clear();
  }

  /** Starts at another worker each time, so that ties rotate. Undefined when no worker should get more now. */
  #freest(nowMs: number): Slot | undefined {
    const slots = this.#slots;
    let best: Slot | undefined;
    let leastMs = Number.POSITIVE_INFINITY;
    const start = this.#nextSlot++;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[(start + i) % slots.length];
      if (slot === undefined || slot.load.room(nowMs) <= 0) continue;
      const waitMs = slot.load.waitMs(nowMs);
      // On a tie, the one with fewer jobs that wait for something else.
      if (best !== undefined && (waitMs > leastMs || (waitMs === leastMs && !hasFewer(slot, best)))) continue;
      best = slot;
      leastMs = waitMs;
    }
    return best;
  }
}

function hasFewer(one: Slot, other: Slot): boolean {
  if (one.load.ahead !== other.load.ahead) return one.load.ahead < other.load.ahead;
  return one.outstanding.size < other.outstanding.size;
}
