/** One load in the generator's process, from its start to its end. Nothing of it is left for the next one. */
import { performance } from 'node:perf_hooks';
import { seedFrom } from '../../stats/arrivals.ts';
import { ComparisonSample } from '../../stats/comparison-sample.ts';
import { encoded, latencyHistogram, recordMs } from '../../stats/latency.ts';
import { type Edge, MeasuredWindow } from '../../stats/measured-window.ts';
import { randomStream } from '../../stats/random.ts';
import type { Failure } from '../../store/schema.ts';
import type { ThreadReading } from '../../store/server-schema.ts';
import { readThreads, threadsBetween } from '../readings/threads.ts';
import { SliceRecorder } from './latency-slices.ts';
import { type Load, type LoadListener, monotonicMs } from './load.ts';
import type { GeneratorCommand, GeneratorEvent } from './messages.ts';

const PROGRESS_MS = 100;

type StartCommand = Command<'start'>;
type Command<T extends GeneratorCommand['type']> = Extract<GeneratorCommand, { type: T }>;

/** Starts the load of a command. */
type StartLoad = (command: StartCommand, listener: LoadListener, sample: ComparisonSample) => Load;

/** What is read of this process and of the server at both edges of the window. */
interface Reading {
  readonly atMs: number;
  readonly cpu: NodeJS.CpuUsage;
  readonly loop: ReturnType<typeof performance.eventLoopUtilization>;
  readonly threads: ReturnType<typeof readThreads>;
}

/** What happened between the two readings. */
interface Difference {
  readonly cpuMs: number;
  readonly utilisation: number;
  readonly threads: ThreadReading | null;
}

export class GeneratorSession implements LoadListener {
  readonly #command: StartCommand;
  readonly #notify: (event: GeneratorEvent) => void;
  readonly #sample: ComparisonSample;
  /** Of requests sent within the window of a closed loop. An open loop records its own, by due times. */
  readonly #latencies = latencyHistogram();
  readonly #slices = new SliceRecorder();
  readonly #load: Load;
  #startMs = 0;
  #sinceProgress = 0;
  #answered = 0;
  #lost = 0;
  #pids: readonly number[] = [];
  /** The window that a trace is of; null without one. */
  #traced: { readonly startMs: number; readonly windowMs: number } | null = null;
  #window: MeasuredWindow | null = null;
  #reading: Reading | null = null;
  #difference: Difference | null = null;
  #fault: Failure | null = null;
  #stopped = false;
  #progress: NodeJS.Timeout | undefined;
  #edgeTimer: NodeJS.Timeout | undefined;

  constructor(command: StartCommand, start: StartLoad, notify: (event: GeneratorEvent) => void) {
    this.#command = command;
    this.#notify = (event) => {
      if (!this.#stopped) notify(event);
    };
    this.#sample = new ComparisonSample(randomStream(seedFrom(command.seed, 'comparisons')));
    this.#load = start(command, this, this.#sample);
  }

  connected(): void {
    this.#notify({ type: 'connected' });
  }

  reply(index: number, startedMs: number, endedMs: number, isLost: boolean): void {
    this.completed(index, endedMs, isLost);
    const window = this.#window;
    if (window !== null && startedMs >= window.startMs && startedMs < window.endMs) {
      recordMs(this.#latencies, endedMs - startedMs);
      this.#slices.record(startedMs - window.startMs, endedMs - startedMs);
    }
  }

  completed(index: number, endedMs: number, isLost: boolean): void {
    this.#sinceProgress++;
    this.#answered++;
    const window = this.#window;
    if (window === null) return;
    const before = window.requests;
    this.#passed(window, window.completed(index, endedMs));
    if (isLost) this.#lost += window.requests - before;
  }

  fault(reason: Failure): void {
    // Only the first fault counts; an error can repeat tens of thousands of times a second.
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
  begin({ atMs, windowMs, longestMs, pids }: Command<'begin'>): void {
    const nowMs = monotonicMs();
    // An open loop does not wait for replies, so its mix is that of the schedule.
    const byMix = this.#load.open === null;
    this.#pids = pids;
    const window = new MeasuredWindow(this.#command.requests, { windowMs, longestMs, byMix, orderedMs: atMs ?? nowMs });
    this.#traced = atMs === null ? null : { startMs: atMs, windowMs };
    this.#window = window;
    this.#passed(window, window.tick(nowMs));
    this.#await(window);
  }

  async finish(): Promise<void> {
    const [window, difference] = [this.#window, this.#difference];
    if (window === null || difference === null) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#command.timeoutSec * 1000 + PROGRESS_MS);
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
      lost: this.#lost,
      mix: this.#load.open === null ? [...mix] : [],
      compared: this.#sample.compared,
      sent: this.#answered + (this.#load.open?.unanswered() ?? 0),
      ...(this.#load.open?.record() ?? {
        latencyHistogram: encoded(this.#latencies),
        latencySlices: this.#slices.slices(endMs - startMs),
        open: null,
      }),
      trace: this.#traced && (this.#load.open?.trace(this.#traced.startMs, this.#traced.windowMs) ?? null),
      fault: this.#fault ?? (fault === null ? null : { kind: 'mix', message: fault }),
      ...difference,
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
        this.#difference = this.#since(this.#reading);
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

  #since(earlier: Reading | null): Difference {
    if (earlier === null) throw new Error('a window ended before it began');
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

/**
 * autocannon sends capacity load on keep-alive connections. It can send nothing else, so the rest is our own. Only what sends
 * this load is loaded: to load both takes a generator longer than all else until it is ready.
 */
export async function senderOf({ load, connectionMode }: StartCommand): Promise<StartLoad> {
  if (load.kind === 'capacity' && connectionMode === 'keep-alive') {
    const { AutocannonLoad } = await import('./senders/autocannon.ts');
    return (command, listener, sample) => new AutocannonLoad(command, listener, sample);
  }
  const { rateLoad, reconnectingLoad } = await import('./senders/own-load.ts');
  if (load.kind === 'capacity') return reconnectingLoad;
  return (command, listener, sample) => rateLoad(command, load, listener, sample);
}
