/** What is recorded of an open loop: the requests that were due within the window, whenever they end. */
import { encoded, type LatencyHistogram, latencyHistogram, recordMs } from '../../../stats/latency.ts';
import { SliceRecorder } from '../latency-slices.ts';
import type { OpenLoad, Window } from '../load.ts';
import type { Loss } from '../../../store/fault-schema.ts';
import type { Prepared } from './connections.ts';
import { TIMED_OUT, type TraceRecorder } from './trace-recorder.ts';

/** The part of a request that is recorded. */
interface Recorded {
  readonly dueMs: number;
  /** When it was sent on a connection; null before. */
  readonly sentMs: number | null;
  readonly prepared: Prepared;
}

interface ClassRecord {
  readonly name: string;
  readonly latencies: LatencyHistogram;
  due: number;
  unfinished: number;
}

export class OpenRecorder {
  readonly #timeoutMs: number;
  readonly #trace: TraceRecorder | null;
  readonly #classes: readonly ClassRecord[];
  readonly #latencies = latencyHistogram();
  readonly #slices = new SliceRecorder();
  readonly #services = latencyHistogram();
  readonly #sendDelays = latencyHistogram();
  readonly #backlog = { start: 0, end: 0 };
  readonly #used = { most: 0, waited: 0 };
  #window: Window | undefined;
  #due = 0;
  #unfinished = 0;
  #errors = 0;

  constructor(classes: readonly Prepared[], timeoutMs: number, trace: TraceRecorder | null = null) {
    this.#timeoutMs = timeoutMs;
    this.#trace = trace;
    this.#classes = classes.map(({ request: { name } }) => ({
      name,
      latencies: latencyHistogram(),
      due: 0,
      unfinished: 0,
    }));
  }

  /** `outstanding`: requests that are due and not answered at this moment. */
  inWindow(window: Window, outstanding: number): void {
    this.#backlog[this.#window === undefined ? 'start' : 'end'] = outstanding;
    this.#window = window;
  }

  /** When the window ended, on the monotonic clock. */
  get endMs(): number {
    return this.#window?.endMs ?? Number.NEGATIVE_INFINITY;
  }

  counts({ dueMs }: Recorded): boolean {
    return this.#window !== undefined && dueMs >= this.#window.startMs && dueMs < this.#window.endMs;
  }

  due(request: Recorded, sendDelayMs: number, hasToWait: boolean): void {
    this.#trace?.due(request.dueMs);
    if (!this.counts(request)) return;
    this.#due++;
    this.#classOf(request).due++;
    recordMs(this.#sendDelays, sendDelayMs);
    if (hasToWait) this.#used.waited++;
  }

  /** Connections in use at this moment. */
  busy(count: number): void {
    if (this.#window !== undefined && count > this.#used.most) this.#used.most = count;
  }

  good(request: Recorded, endedMs: number): void {
    this.#trace?.good(request.dueMs, endedMs);
    if (this.counts(request)) this.#ended(request, endedMs - request.dueMs, endedMs - (request.sentMs ?? endedMs));
  }

  failed(request: Recorded, loss: Loss): void {
    this.#trace?.lost(request.dueMs, loss);
    if (this.counts(request)) this.#errors++;
  }

  /** No reply within the time-out: it counts with that time, which is the least that it took. */
  unfinished(request: Recorded): void {
    this.#trace?.lost(request.dueMs, TIMED_OUT);
    if (!this.counts(request)) return;
    this.#unfinished++;
    this.#classOf(request).unfinished++;
    const waitedMs = (request.sentMs ?? request.dueMs + this.#timeoutMs) - request.dueMs;
    this.#ended(request, this.#timeoutMs, this.#timeoutMs - waitedMs);
  }

  /** `startMs`: when the schedule began. */
  record(startMs: number): ReturnType<OpenLoad['record']> {
    return {
      latencyHistogram: encoded(this.#latencies),
      latencySlices: this.#slices.slices(this.endMs - (this.#window?.startMs ?? this.endMs)),
      open: {
        windowOffsetMs: Math.max(0, (this.#window?.startMs ?? startMs) - startMs),
        due: this.#due,
        serviceHistogram: encoded(this.#services),
        sendDelayHistogram: encoded(this.#sendDelays),
        classes: this.#classes.map(({ name, due, unfinished, latencies }) => ({
          name,
          due,
          unfinished,
          latencyHistogram: encoded(latencies),
        })),
        unfinished: this.#unfinished,
        errors: this.#errors,
        backlog: { ...this.#backlog },
        connections: { ...this.#used },
      },
    };
  }

  #ended(request: Recorded, latencyMs: number, serviceMs: number): void {
    recordMs(this.#latencies, latencyMs);
    this.#slices.record(request.dueMs - (this.#window?.startMs ?? request.dueMs), latencyMs);
    recordMs(this.#classOf(request).latencies, latencyMs);
    recordMs(this.#services, serviceMs);
  }

  #classOf({ prepared: { index } }: Recorded): ClassRecord {
    const found = this.#classes[index];
    if (found === undefined) throw new Error(`there is no class ${index}`);
    return found;
  }
}
