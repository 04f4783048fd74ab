/**
 * Which replies are compared with what they must be, byte for byte. Status and length of every reply are checked anyway.
 *
 * All of them are below 1,000 a second, and so are the first thousands of a load. Above that a sample at random is, so large
 * that comparing takes about one hundredth of the generator's time, but never fewer than 1,200 a second: 1% of wrong replies
 * would stay unseen among 1,000 that are compared with a probability of 0.99^1000 = 0.00004. At random, because what is
 * wrong may come round as regularly as a sample that is counted off.
 */
const FIRST_REPLIES = 4000;
const LEAST_PER_SEC = 1200;
/** How far back the rate of replies is looked at. */
const BACK_MS = 1000;

/** Measured on a CPU of 2020: what it costs to compare, and a hundredth of what it costs to send a request and read a reply. */
const COMPARE_NS = { call: 80, perByte: 0.05 } as const;
const ALLOWED_NS = { perReply: 70, perByte: 0.005 } as const;
/** Bodies up to this length are compared without a call, in next to no time. */
export const SHORT_BYTES = 48;

interface Span {
  readonly fromMs: number;
  readonly replies: number;
  readonly bytes: number;
}

export class ComparisonSample {
  readonly #random: () => number;
  /** What had come by the beginning of each span that is looked at, oldest first. */
  #spans: readonly Span[] = [];
  #replies = 0;
  #bytes = 0;
  #share = 1;
  #compared = 0;

  /** `random` gives numbers in [0, 1), from a seed. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Replies that were compared in full, from the first byte to the last. */
  get compared(): number {
    return this.#compared;
  }

  /** Numbers in [0, 1). */
  random(): number {
    return this.#random();
  }

  /** Whether the next reply, with a body of so many bytes, is to be compared in full. */
  wants(bytes: number): boolean {
    this.#replies++;
    this.#bytes += bytes;
    return bytes <= SHORT_BYTES || this.#share >= 1 || this.#replies <= FIRST_REPLIES || this.#random() < this.#share;
  }

  /** Counts a reply that was compared in full. */
  count(): void {
    this.#compared++;
  }

  /** Told the time several times a second. */
  tick(nowMs: number): void {
    const now = { fromMs: nowMs, replies: this.#replies, bytes: this.#bytes };
    const [oldest = now] = this.#spans;
    const elapsedMs = nowMs - oldest.fromMs;
    if (elapsedMs >= BACK_MS / 2) {
      const replies = Math.max(1, now.replies - oldest.replies);
      const bytes = (now.bytes - oldest.bytes) / replies;
      const allowed = ALLOWED_NS.perReply + ALLOWED_NS.perByte * bytes;
      const needed = COMPARE_NS.call + COMPARE_NS.perByte * bytes;
      this.#share = Math.max(allowed / needed, (LEAST_PER_SEC * elapsedMs) / 1000 / replies);
    }
    this.#spans = [...this.#spans.filter(({ fromMs }) => nowMs - fromMs < BACK_MS), now];
  }
}
