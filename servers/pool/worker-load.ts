/** What the front of a pool knows about the load of one worker, and how many jobs more it should be given. */

/**
 * Jobs ahead of a worker should take it no longer than this. It has to last until the front comes round again, also when
 * both compete for a CPU; and whatever is sent waits behind all that was sent before.
 */
const AHEAD_MS = 4;
/** So that a worker does not wait for its next job to travel. */
const LEAST_AHEAD = 2;
/** So that a worker that is lost does not take too many with it, however fast it is. */
const MOST_AHEAD = 1024;
/** A worker that has not come to a job for so long is in a long one, and more jobs would wait behind it. */
const STUCK_MS = 2;
/** Number of jobs after which an older one counts half in the service time, about. */
const MEMORY_JOBS = 70;

/**
 * A job is _ahead_ of its worker until the worker has run it or, if it is asynchronous, has begun it and can take up
 * others: jobs that wait for something else do not occupy a worker, however many there are.
 */
export class WorkerLoad {
  #ahead = 0;
  #progressAtMs = 0;
  /** Decaying sums. Their quotient is the service time. */
  #busyMs = 0;
  #jobs = 0;

  /** Jobs that were sent and that the worker has not come to. */
  get ahead(): number {
    return this.#ahead;
  }

  /** One more job is on its way. */
  sent(nowMs: number): void {
    if (this.#ahead === 0) this.#progressAtMs = nowMs;
    this.#ahead++;
  }

  /** The worker has come to so many jobs since it was heard of last, and its event loop was busy for so long. */
  progressed(taken: number, busyMs: number, nowMs: number): void {
    this.#progressAtMs = nowMs;
    this.#ahead -= taken;
    const kept = 2 ** (-taken / MEMORY_JOBS);
    this.#busyMs = this.#busyMs * kept + busyMs;
    this.#jobs = this.#jobs * kept + taken;
  }

  /**
   * How long a job would wait that it is given now, as far as can be told: for those ahead of it, and as much longer as the
   * worker has been silent, because a job that has taken long is likely to be one that takes longer.
   */
  waitMs(nowMs: number): number {
    if (this.#ahead === 0) return 0;
    const serviceMs = this.#jobs === 0 ? 0 : this.#busyMs / this.#jobs;
    return this.#ahead * serviceMs + Math.max(0, nowMs - this.#progressAtMs);
  }

  /** How many jobs more it should be given now. */
  room(nowMs: number): number {
    if (this.#ahead > 0 && nowMs - this.#progressAtMs > STUCK_MS) return 0;
    // Nothing is known before the first job is over: 0 ÷ 0.
    const fitting = Math.floor((AHEAD_MS * this.#jobs) / this.#busyMs) || 0;
    return Math.min(Math.max(fitting, LEAST_AHEAD), MOST_AHEAD) - this.#ahead;
  }
}
