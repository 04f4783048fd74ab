/** Several load generators that act as one: connections are split among them, and what they recorded is merged. */
import { splitConnections } from '../plan/split.ts';
import { mergeHistograms } from '../stats/latency.ts';
import type { Failure, Measurement } from '../store/schema.ts';
import { type LoadTarget, spawnGenerator } from './generator.ts';
import type { Keeper } from './keeper.ts';

/** What all generators together recorded of the window. */
export interface LoadResult
  extends Pick<Measurement, 'windowMs' | 'requests' | 'requestsPerSec' | 'latencyHistogram' | 'generators'> {
  /** From the start of the load to that of the window. */
  readonly windowStartMs: number;
  readonly fault: Failure | null;
}

export interface Generators {
  connect(target: LoadTarget, signal: AbortSignal): Promise<void>;
  /** Begins to send. `onProgress` is called about every 100 ms with the completions since the last call. */
  go(onProgress: (completions: number) => void): void;
  /** Rejects with a FailedTrial as soon as the load meets something that makes the trial invalid. Never resolves. */
  readonly fault: Promise<never>;
  measure(windowMs: number, signal: AbortSignal): Promise<void>;
  /** Collects the replies that are still due, and the figures. */
  finish(signal: AbortSignal): Promise<LoadResult>;
  stop(): Promise<void>;
}

/** Spawns `count` generators on these CPUs, or any; resolves when all are ready to start. */
export async function spawnGenerators(
  keeper: Keeper,
  count: number,
  cpus: readonly number[] | null,
  signal: AbortSignal,
): Promise<Generators> {
  const spawning = await Promise.allSettled(Array.from({ length: count }, () => spawnGenerator(keeper, cpus, signal)));
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
      await Promise.all(all.map((one, i) => one.connect({ ...target, connections: split[i] ?? 0 }, signal)));
    },
    go(onProgress) {
      const add = inStep(all.length, onProgress);
      for (const [i, one] of all.entries()) one.go((completions) => add(i, completions));
    },
    fault,
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
