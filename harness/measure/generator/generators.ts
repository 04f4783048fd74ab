/** Several load generators that act as one: the load is split among them, and what they recorded is merged. */
import { mergeHistograms } from '../../stats/latency.ts';
import type { Failure, Measurement } from '../../store/schema.ts';
import type { Generator, LoadTarget, WindowRequest } from './generator.ts';
import type { GeneratorLoad, GeneratorResult, OpenRecord } from './messages.ts';

/** What all generators together recorded of the window. */
export interface LoadResult
  extends Pick<
      Measurement,
      | 'windowMs'
      | 'requests'
      | 'requestsPerSec'
      | 'latencyHistogram'
      | 'generators'
      | 'mix'
      | 'longestGapMs'
      | 'compared'
    >,
    Pick<GeneratorResult, 'threads'> {
  /** Requests of the whole load, from the first to the last. */
  readonly sent: number;
  readonly open: MergedOpen | null;
  /** From the start of the load to that of the window. */
  readonly windowStartMs: number;
  readonly fault: Failure | null;
}

export interface Generators {
  connect(target: LoadTarget, signal: AbortSignal): Promise<void>;
  /** Begins to send. `onProgress` is called about every 100 ms with the completions since the last call. */
  go(onProgress: (completions: number) => void): void;
  /** Of an open loop: ends the closed loop that warms up, and resolves when requests are sent on schedule. */
  offer(signal: AbortSignal): Promise<void>;
  /** Rejects with a FailedTrial as soon as the load meets something that makes the trial invalid. Never resolves. */
  readonly fault: Promise<never>;
  /** Resolves when the window is over, which with several classes of requests may be later than its length says. */
  measure(window: WindowRequest, signal: AbortSignal): Promise<void>;
  /** Collects the replies that are still due, and the figures. */
  finish(signal: AbortSignal): Promise<LoadResult>;
  /** Ends the load, and gives the processes back. Also when called again, resolves when that is done. */
  stop(): Promise<void>;
}

/** Several generators as one. `onStopped` is told of each whether it is fit for another load. */
export function asOne(all: readonly Generator[], onStopped: (index: number, isIdle: boolean) => void): Generators {
  let stopping: Promise<void> | undefined;
  const stopped = async (): Promise<void> => {
    await Promise.all(all.map(async (one, i) => onStopped(i, await one.stop())));
  };
  const fault = Promise.race(all.map((one) => one.fault));
  fault.catch(() => {}); // Whoever races against it hears of it; before that nobody needs to.
  let split: readonly number[] = [];
  return {
    async connect(target, signal) {
      split = splitConnections(target.connections, all.length);
      const loads = splitLoad(target.load, all.length);
      await Promise.all(
        all.map((one, i) =>
          one.connect(
            { ...target, connections: split[i] ?? 0, load: loads[i] ?? target.load, seed: target.seed + i },
            signal,
          ),
        ),
      );
    },
    go(onProgress) {
      const add = inStep(all.length, onProgress);
      for (const [i, one] of all.entries()) one.go((completions) => add(i, completions));
    },
    fault,
    async offer(signal) {
      await Promise.all(all.map((one) => one.offer(signal)));
    },
    async measure(window, signal) {
      // One reading of the server is enough.
      await Promise.all(all.map((one, i) => one.measure({ ...window, pids: i === 0 ? window.pids : [] }, signal)));
    },
    async finish(signal) {
      const results = await Promise.all(all.map((one) => one.finish(signal)));
      const sum = (of: (result: (typeof results)[number]) => number): number =>
        results.reduce((total, result) => total + of(result), 0);
      const requests = sum((one) => one.requests);
      // Windows differ by the time that a message takes, so each rate is over its own window.
      const requestsPerSec = sum((one) => (one.requests * 1000) / one.windowMs);
      return {
        requests,
        requestsPerSec,
        windowMs: requests === 0 ? sum((one) => one.windowMs) / all.length : (requests * 1000) / requestsPerSec,
        windowStartMs: sum((one) => one.windowStartMs) / all.length,
        latencyHistogram: mergeHistograms(results.map((one) => one.latencyHistogram)),
        open: mergeOpen(results.flatMap(({ open }) => (open === null ? [] : [open]))),
        mix: (results[0]?.mix ?? []).map(({ name }, i) => ({
          name,
          requests: sum(({ mix }) => mix[i]?.requests ?? 0),
        })),
        // When nobody had a reply, none of them had one.
        longestGapMs: Math.min(...results.map((one) => one.longestGapMs)),
        compared: sum(({ compared }) => compared),
        sent: sum(({ sent }) => sent),
        threads: results[0]?.threads ?? null,
        fault: results.find((one) => one.fault !== null)?.fault ?? null,
        generators: results.map(({ requests, cpuMs, utilisation }, i) => ({
          connections: split[i] ?? 0,
          requests,
          cpuMs,
          utilisation,
        })),
      };
    },
    stop() {
      stopping ??= stopped();
      return stopping;
    },
  };
}

/** The part of each generator: capacity load is split by connections alone, a rate into streams that add up to it. */
function splitLoad(load: GeneratorLoad, generators: number): readonly GeneratorLoad[] {
  if (load.kind === 'capacity') return Array.from({ length: generators }, () => load);
  const most = splitConnections(load.mostConnections, generators);
  return most.map((mostConnections, index) => ({
    ...load,
    mostConnections,
    stream: { ...load.stream, index, of: generators },
    warmUpRequests: Math.ceil(load.warmUpRequests / generators),
  }));
}

/** Adds up the nth count of each source, and passes the sum on when all have told theirs. */
export function inStep(sources: number, onSum: (sum: number) => void): (source: number, count: number) => void {
  const waiting = Array.from({ length: sources }, (): number[] => []);
  return (source, count) => {
    waiting[source]?.push(count);
    while (waiting.every((counts) => counts.length > 0)) {
      onSum(waiting.reduce((sum, counts) => sum + (counts.shift() ?? 0), 0));
    }
  };
}

/** As a measurement has it, but for the limit, which no generator has to tell. */
export type MergedOpen = Omit<NonNullable<Measurement['open']>, 'timeoutMs'>;

/** null without a record. All records are of the same classes, in the same order. */
export function mergeOpen(records: readonly OpenRecord[]): MergedOpen | null {
  const [first] = records;
  if (first === undefined) return null;
  const sum = (of: (record: OpenRecord) => number): number => records.reduce((total, one) => total + of(one), 0);
  return {
    windowOffsetMs: sum(({ windowOffsetMs }) => windowOffsetMs) / records.length,
    due: sum(({ due }) => due),
    serviceHistogram: mergeHistograms(records.map((one) => one.serviceHistogram)),
    sendDelayHistogram: mergeHistograms(records.map((one) => one.sendDelayHistogram)),
    classes: first.classes.map(({ name }, i) => ({
      name,
      due: sum(({ classes }) => classes[i]?.due ?? 0),
      latencyHistogram: mergeHistograms(records.flatMap(({ classes }) => classes[i]?.latencyHistogram ?? [])),
      unfinished: sum(({ classes }) => classes[i]?.unfinished ?? 0),
    })),
    unfinished: sum(({ unfinished }) => unfinished),
    errors: sum(({ errors }) => errors),
    backlog: { start: sum(({ backlog }) => backlog.start), end: sum(({ backlog }) => backlog.end) },
    connections: {
      most: sum(({ connections }) => connections.most),
      waited: sum(({ connections }) => connections.waited),
    },
  };
}

/** Shares connections out among generators: their sum is exact, and no two differ by more than one. */
export function splitConnections(connections: number, generators: number): readonly number[] {
  const each = Math.floor(connections / generators);
  const left = connections % generators;
  return Array.from({ length: generators }, (_, i) => each + (i < left ? 1 : 0));
}
