/** One load in the generator's process, from its start to its end. Nothing of it is left for the next one. */
import { performance } from 'node:perf_hooks';
import { seedFrom } from '../../stats/arrivals.ts';
import { ComparisonSample } from '../../stats/comparison-sample.ts';
import { type Edge, MeasuredWindow } from '../../stats/measured-window.ts';
import { randomStream } from '../../stats/random.ts';
import type { Failure } from '../../store/schema.ts';
import { readThreads, type ThreadReading, threadsBetween } from '../readings/thread-times.ts';
import { encoded, latencyHistogram, recordMs } from './latency-histogram.ts';
import type { Load, LoadListener } from './load.ts';
import type { GeneratorNotice, GeneratorOrder } from './messages.ts';
import { monotonicMs } from './monotonic.ts';
import { startLoad } from './start-load.ts';

const PROGRESS_MS = 100;

type Order<T extends GeneratorOrder['type']> = Extract<GeneratorOrder, { type: T }>;

/** What is read of ourselves and of the server at both edges of the window. */
interface Reading {
  readonly atMs: number;
  readonly cpu: NodeJS.CpuUsage;
  readonly loop: ReturnType<typeof performance.eventLoopUtilization>;
  readonly threads: ReturnType<typeof readThreads>;
}

/** What happened between the two readings. */
interface Between {
  readonly cpuMs: number;
  readonly utilisation: number;
  readonly threads: ThreadReading | null;
}

export class GeneratorSession implements LoadListener {
  readonly #order: Order<'start'>;
  readonly #notify: (notice: GeneratorNotice) => void;
  readonly #sample: ComparisonSample;
  /** Of requests sent within the window of a closed loop. An open loop has its own, which go by due times. */
  readonly #latencies = latencyHistogram();
  readonly #load: Load;
  #startMs = 0;
  #sinceProgress = 0;
  #answered = 0;
  #pids: readonly number[] = [];
  #window: MeasuredWindow | null = null;
  #reading: Reading | null = null;
  #between: Between | null = null;
  #fault: Failure | null = null;
  #stopped = false;
  #progress: NodeJS.Timeout | undefined;
  #edgeTimer: NodeJS.Timeout | undefined;

  constructor(order: Order<'start'>, notify: (notice: GeneratorNotice) => void) {
    this.#order = order;
    this.#notify = (notice) => {
      if (!this.#stopped) notify(notice);
    };
    this.#sample = new ComparisonSample(randomStream(seedFrom(order.seed, 'comparisons')));
    this.#load = startLoad(order, this, this.#sample);
  }

  connected(): void {
    this.#notify({ type: 'connected' });
  }

  reply(index: number, startedMs: number, endedMs: number): void {
    this.completed(index, endedMs);
    const window = this.#window;
    if (window !== null && startedMs >= window.startMs && startedMs < window.endMs) {
      recordMs(this.#latencies, endedMs - startedMs);
    }
  }

  completed(index: number, endedMs: number): void {
    this.#sinceProgress++;
    this.#answered++;
    if (this.#window !== null) this.#passed(this.#window, this.#window.completed(index, endedMs));
  }

  fault(reason: Failure): void {
    // The first fault decides; an error can repeat tens of thousands of times a second.
    if (this.#fault !== null) return;
    this.#fault = reason;
    this.#notify({ type: 'fault', reason });
  }

  go(): void {
    this.#startMs = monotonicMs();
    this.#load.go();
    this.#progress = setInterval(() => {
      this.#sample.tick(monotonicMs());
      this.#notify({ type: 'progress', completions: this.#sinceProgress });
      this.#sinceProgress = 0;
    }, PROGRESS_MS);
  }

  async offer(): Promise<void> {
    await this.#load.open?.offer();
    this.#notify({ type: 'offering' });
  }

  /** The window begins now or later, and ends while the load runs on. */
  begin({ windowMs, longestMs, pids }: Order<'begin'>): void {
    const orderedMs = monotonicMs();
    // What is due in an open loop does not wait for replies, so its mix is that of the schedule.
    const byMix = this.#load.open === null;
    this.#pids = pids;
    const window = new MeasuredWindow(this.#order.requests, { windowMs, longestMs, byMix, orderedMs });
    this.#window = window;
    this.#passed(window, window.tick(orderedMs));
    this.#await(window);
  }

  async finish(): Promise<void> {
    const [window, between] = [this.#window, this.#between];
    if (window === null || between === null) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#order.timeoutSec * 1000 + PROGRESS_MS);
    });
    await Promise.race([this.#load.drain(), late]);
    clearTimeout(timer);
    const { startMs, endMs, requests, longestGapMs, mix, fault } = window;
    this.#notify({
      type: 'result',
      windowMs: endMs - startMs,
      windowStartMs: startMs - this.#startMs,
      requests,
      longestGapMs,
      mix: this.#load.open === null ? [...mix] : [],
      compared: this.#sample.compared,
      sent: this.#answered + (this.#load.open?.unanswered() ?? 0),
      ...(this.#load.open?.record() ?? { latencyHistogram: encoded(this.#latencies), open: null }),
      fault: this.#fault ?? (fault === null ? null : { kind: 'mix', message: fault }),
      ...between,
    });
  }

  /** Ends the load at once. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#progress);
    clearTimeout(this.#edgeTimer);
    this.#load.close();
  }

  #await(window: MeasuredWindow): void {
    clearTimeout(this.#edgeTimer);
    if (window.dueMs === Number.POSITIVE_INFINITY) return;
    this.#edgeTimer = setTimeout(
      () => {
        this.#passed(window, window.tick(monotonicMs()));
        this.#await(window);
      },
      Math.max(0, window.dueMs - monotonicMs()),
    );
  }

  #passed(window: MeasuredWindow, edge: Edge): void {
    switch (edge) {
      case null:
        return;
      case 'begins':
        this.#reading = this.#read();
        this.#load.open?.inWindow(window);
        break;
      case 'ends':
        this.#between = this.#since(this.#reading);
        this.#load.open?.inWindow(window);
        this.#notify({ type: 'window-over' });
        break;
      default:
        edge satisfies never;
    }
    this.#await(window);
  }

  #read(): Reading {
    const threads = readThreads(this.#pids);
    return { atMs: monotonicMs(), cpu: process.cpuUsage(), loop: performance.eventLoopUtilization(), threads };
  }

  #since(earlier: Reading | null): Between {
    if (earlier === null) throw new Error('a window ended that had not begun');
    const { user, system } = process.cpuUsage(earlier.cpu);
    const { utilization } = performance.eventLoopUtilization(earlier.loop);
    const threads = readThreads(this.#pids);
    return {
      cpuMs: (user + system) / 1000,
      utilisation: utilization,
      threads: threadsBetween(earlier.threads, threads, monotonicMs() - earlier.atMs),
    };
  }
}
