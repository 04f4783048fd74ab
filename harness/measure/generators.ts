/** Several load generators that act as one: the load is split among them, and what they recorded is merged. */
import { splitConnections } from '../plan/split.ts';
import { mergeHistograms } from '../stats/latency.ts';
import type { Failure, Measurement } from '../store/schema.ts';
import { type LoadTarget, spawnGenerator } from './generator.ts';
import type { GeneratorLoad } from './generator-messages.ts';
import type { Keeper } from './keeper.ts';
import { type MergedOpen, mergeOpen } from './merge-open.ts';
import type { SenderChoice } from './start-load.ts';

/** What all generators together recorded of the window. */
export interface LoadResult
  extends Pick<Measurement, 'windowMs' | 'requests' | 'requestsPerSec' | 'latencyHistogram' | 'generators'> {
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
  measure(windowMs: number, signal: AbortSignal): Promise<void>;
  /** Collects the replies that are still due, and the figures. */
  finish(signal: AbortSignal): Promise<LoadResult>;
  stop(): Promise<void>;
}

/** Spawns `count` generators for such a load on these CPUs, or any; resolves when all are ready to start. */
export async function spawnGenerators(
  keeper: Keeper,
  count: number,
  choice: SenderChoice,
  cpus: readonly number[] | null,
  signal: AbortSignal,
): Promise<Generators> {
  const spawning = await Promise.allSettled(
    Array.from({ length: count }, () => spawnGenerator(keeper, choice, cpus, signal)),
  );
  const all = spawning.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async (): Promise<void> => void (await Promise.all(all.map((one) => one.stop())));
  const refused = spawning.find((one) => one.status === 'rejected');
  if (refused !== undefined) {
    await stop();
    throw refused.reason;
  }
  const fault = Promise.race(all.map((one) => one.fault));
  fault.catch(() => {}); // Whoever races against it hears of it; before that nobody needs to.
  let split: readonly number[] = [];
  return {
    async connect(target, signal) {
      split = splitConnections(target.connections, all.length);
      const loads = splitLoad(target.load, all.length);
      await Promise.all(
        all.map((one, i) =>
          one.connect({ ...target, connections: split[i] ?? 0, load: loads[i] ?? target.load }, signal),
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
    async measure(windowMs, signal) {
      await Promise.all(all.map((one) => one.measure(windowMs, signal)));
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
        fault: results.find((one) => one.fault !== null)?.fault ?? null,
        generators: results.map(({ requests, cpuMs, utilisation }, i) => ({
          connections: split[i] ?? 0,
          requests,
          cpuMs,
          utilisation,
        })),
      };
    },
    stop,
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
