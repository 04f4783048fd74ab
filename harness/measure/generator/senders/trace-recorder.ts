/** What is recorded of an open loop while faults are put into the server: what became of each request, in bins of time. */
import { bandOf, LATENCY_BANDS, packedBands } from '../../../judge/traces/latency-bands.ts';
import type { Loss, Trace } from '../../../store/fault-schema.ts';

/** Fine enough to tell when it was over, and doubled in long windows, so that no trial takes more than some ten kilobytes of a run file. */
const BIN_MS = 20;
const MOST_BINS = 1000;

export const TIMED_OUT: Loss = { kind: 'timeout', status: null };

/** All times are on the monotonic clock. Which of them are in the window is decided when it is over. */
export class TraceRecorder {
  readonly #due: number[] = [];
  /** Of good replies: when the request was due, and when they came. */
  readonly #good: { readonly due: number[]; readonly ended: number[] } = { due: [], ended: [] };
  readonly #lost = new Map<string, { readonly loss: Loss; readonly due: number[] }>();
  readonly #closedIdle: number[] = [];
  readonly #opened: number[] = [];

  due(dueMs: number): void {
    this.#due.push(dueMs);
  }

  good(dueMs: number, endedMs: number): void {
    this.#good.due.push(dueMs);
    this.#good.ended.push(endedMs);
  }

  lost(dueMs: number, loss: Loss): void {
    const key = `${loss.kind} ${loss.status}`;
    const known = this.#lost.get(key);
    if (known === undefined) this.#lost.set(key, { loss, due: [dueMs] });
    else known.due.push(dueMs);
  }

  closedIdle(atMs: number): void {
    this.#closedIdle.push(atMs);
  }

  opened(atMs: number): void {
    this.#opened.push(atMs);
  }

  /** Of the requests that were due from `startMs` on, for so long. */
  trace(startMs: number, windowMs: number): Trace {
    const binMs = binFor(windowMs);
    const bins = Math.ceil(windowMs / binMs);
    /** Outside of the window it is no bin. */
    const binOf = (atMs: number): number => (atMs < startMs + windowMs ? Math.floor((atMs - startMs) / binMs) : -1);
    const counted = (times: readonly number[]): number[] => {
      const counts = Array.from({ length: bins }, () => 0);
      for (const atMs of times) {
        const bin = binOf(atMs);
        if (bin >= 0) counts[bin] = (counts[bin] ?? 0) + 1;
      }
      return counts;
    };
    const latencies = Array.from({ length: bins }, () => new Uint32Array(LATENCY_BANDS));
    for (const [i, dueMs] of this.#good.due.entries()) {
      const counts = latencies[binOf(dueMs)];
      const band = bandOf((this.#good.ended[i] ?? dueMs) - dueMs);
      if (counts !== undefined) counts[band] = (counts[band] ?? 0) + 1;
    }
    const lost = [...this.#lost.values()].map(({ loss, due }) => ({ ...loss, bins: sparse(counted(due)) }));
    return {
      binMs,
      due: counted(this.#due),
      latencies: latencies.map(packedBands),
      answered: counted(this.#good.ended),
      lost: lost.filter((one) => one.bins.length > 0),
      closedIdle: sparse(counted(this.#closedIdle)),
      opened: sparse(counted(this.#opened)),
    };
  }
}

function binFor(windowMs: number): number {
  let binMs = BIN_MS;
  while (windowMs / binMs > MOST_BINS) binMs *= 2;
  return binMs;
}

/** Counts by number of their bin, without the empty ones. */
export function sparse(counts: readonly number[]): number[] {
  return counts.flatMap((count, bin) => (count === 0 ? [] : [bin, count]));
}
