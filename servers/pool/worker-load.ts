/** What the front end of a pool knows about the load of one worker, and how many more jobs it should get. */

/**
 * Jobs ahead of a worker should take it no longer than this. It must have work until the front end runs again, also when both
 * compete for a CPU; but whatever is sent waits behind all that was sent before.
 */
const AHEAD_MS = 4;
/** So that a worker does not wait for its next job to arrive. */
const LEAST_AHEAD = 2;
/** So that not too many jobs are lost with a worker, however fast it is. */
const MOST_AHEAD = 1024;
/** A worker that has begun no job for so long is in a long one, and more jobs would wait behind it. */
const STUCK_MS = 2;
/** Half-life, in jobs, of the moving average of the service time. */
const MEMORY_JOBS = 70;

/**
 * A job is _ahead_ of its worker until the worker has run it or, if it is asynchronous, has begun it and can begin others:
 * jobs that wait for something else do not occupy a worker, however many there are.
 */
export class WorkerLoad {
  #ahead = 0;
  #progressAtMs = 0;
  /** Decaying sums; their quotient is the service time. */
  #busyMs = 0;
  #jobs = 0;

  /** Jobs that were sent and that the worker has not begun. */
  get ahead(): number {
    return this.#ahead;
  }

  /** One more job is on its way. */
  sent(nowMs: number): void {
    if (this.#ahead === 0) this.#progressAtMs = nowMs;
    this.#ahead++;
  }

  /** Since its last message the worker has begun so many jobs, and its event loop was busy for so long. */
  progressed(taken: number, busyMs: number, nowMs: number): void {
    this.#progressAtMs = nowMs;
    this.#ahead -= taken;
    const kept = 2 ** (-taken / MEMORY_JOBS);
    this.#busyMs = this.#busyMs * kept + busyMs;
    this.#jobs = this.#jobs * kept + taken;
  }

  /**
   * How long a job that is sent now is expected to wait: for those ahead of it, and as much longer as the worker has been silent,
   * because a job that has taken long is likely to take longer still.
   */
  waitMs(nowMs: number): number {
    if (this.#ahead === 0) return 0;
    const serviceMs = this.#jobs === 0 ? 0 : this.#busyMs / this.#jobs;
    return this.#ahead * serviceMs + Math.max(0, nowMs - this.#progressAtMs);
  }

  /** How many more jobs it should get now. */
  room(nowMs: number): number {
    if (this.#ahead > 0 && nowMs - this.#progressAtMs > STUCK_MS) return 0;
    // Nothing is known before the first job is over: 0 ÷ 0.
    const fitting = Math.floor((AHEAD_MS * this.#jobs) / this.#busyMs) || 0;
    return Math.min(Math.max(fitting, LEAST_AHEAD), MOST_AHEAD) - this.#ahead;
  }
}
