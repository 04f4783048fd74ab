/** Several load generators that act as one: the load is split among them, and their recordings are merged. */
import { mergeHistograms } from '../../stats/latency.ts';
import type { Failure, Measurement } from '../../store/schema.ts';
import type { Trace } from '../../store/fault-schema.ts';
import type { Generator, LoadControl } from './generator.ts';
import { mergeSlices } from './latency-slices.ts';
import type { GeneratorLoad, GeneratorResult, OpenRecord } from './messages.ts';
import { mergeTraces } from './traces.ts';

/** What all generators together recorded. */
export interface LoadResult
  extends Pick<
      Measurement,
      | 'windowMs'
      | 'requests'
      | 'requestsPerSec'
      | 'latencyHistogram'
      | 'latencySlices'
      | 'generators'
      | 'mix'
      | 'longestGapMs'
      | 'compared'
    >,
    Pick<GeneratorResult, 'threads' | 'lost'> {
  /** Requests of the whole load, from the first to the last. */
  readonly sent: number;
  readonly open: MergedOpen | null;
  readonly trace: Trace | null;
  /** From the start of the load to that of the window. */
  readonly windowStartMs: number;
  readonly fault: Failure | null;
}

export type Generators = LoadControl<LoadResult, void>;

/** Several generators as one. `onStopped` is called for each, with whether it is fit for another load. */
export function combined(all: readonly Generator[], onStopped: (index: number, isIdle: boolean) => void): Generators {
  let stopping: Promise<void> | undefined;
  const stopped = async (): Promise<void> => {
    await Promise.all(all.map(async (one, i) => onStopped(i, await one.stop())));
  };
  const fault = Promise.race(all.map((one) => one.fault));
  fault.catch(() => {}); // It is handled by those that race against it, if any.
  let split: readonly number[] = [];
  return {
    async connect(target, signal) {
      split = splitConnections(target.connections, all.length);
      const loads = splitLoad(target.load, all.length);
      await Promise.all(
        all.map((one, i) =>
          one.connect(
            {
              ...target,
              connections: split[i] ?? 0,
              load: loads[i] ?? target.load,
              seed: target.seed + i,
              share: { index: i, of: all.length },
            },
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
      return mergeResults(await Promise.all(all.map((one) => one.finish(signal))), split);
    },
    stop() {
      stopping ??= stopped();
      return stopping;
    },
  };
}

/** Distributes connections over generators: their sum is exact, and no two shares differ by more than one. */
export function splitConnections(connections: number, generators: number): readonly number[] {
  const each = Math.floor(connections / generators);
  const left = connections % generators;
  return Array.from({ length: generators }, (_, i) => each + (i < left ? 1 : 0));
}

/** The share of each generator: capacity load is split by connections alone, a rate into streams that add up to it. */
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

/** Adds up the nth counts of all sources, and passes each sum on when all have reported theirs. */
export function inStep(sources: number, onSum: (sum: number) => void): (source: number, count: number) => void {
  const waiting = Array.from({ length: sources }, (): number[] => []);
  return (source, count) => {
    waiting[source]?.push(count);
    while (waiting.every((counts) => counts.length > 0)) {
      onSum(waiting.reduce((sum, counts) => sum + (counts.shift() ?? 0), 0));
    }
  };
}

function mergeResults(results: readonly GeneratorResult[], connections: readonly number[]): LoadResult {
  const sum = (of: (result: GeneratorResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const requests = sum((one) => one.requests);
  // Windows differ by the time that a message takes, so each rate is over its own window.
  const requestsPerSec = sum((one) => (one.requests * 1000) / one.windowMs);
  return {
    requests,
    requestsPerSec,
    windowMs: requests === 0 ? sum((one) => one.windowMs) / results.length : (requests * 1000) / requestsPerSec,
    windowStartMs: sum((one) => one.windowStartMs) / results.length,
    latencyHistogram: mergeHistograms(results.map((one) => one.latencyHistogram)),
    latencySlices: mergeSlices(results.map((one) => one.latencySlices)),
    open: mergeOpen(results.flatMap(({ open }) => (open === null ? [] : [open]))),
    trace: mergeTraces(results.flatMap(({ trace }) => (trace === null ? [] : [trace]))),
    mix: (results[0]?.mix ?? []).map(({ name }, i) => ({
      name,
      requests: sum(({ mix }) => mix[i]?.requests ?? 0),
    })),
    // While one of them had a reply, the server was not at a standstill.
    longestGapMs: Math.min(...results.map((one) => one.longestGapMs)),
    lost: sum(({ lost }) => lost),
    compared: sum(({ compared }) => compared),
    sent: sum(({ sent }) => sent),
    threads: results[0]?.threads ?? null,
    fault: results.find((one) => one.fault !== null)?.fault ?? null,
    generators: results.map(({ requests, cpuMs, utilisation }, i) => ({
      connections: connections[i] ?? 0,
      requests,
      cpuMs,
      utilisation,
    })),
  };
}

/** As a measurement has it, but for the time-out, which generators do not report. */
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
