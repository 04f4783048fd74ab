/** What is derived from the valid trials of one cell, as a schema. */
import { z } from 'zod';
import type { Immutable } from '../../store/schema.ts';

/** A figure over the trials of a cell. The trial is the unit: `trials` is how many there were. */
export const estimateSchema = z.object({
  /** Huber's estimate of location on the log scale: the odd trial out hardly moves it. */
  point: z.number(),
  /** Ends of the interval; both null with fewer than three trials. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Confidence level of the interval. */
  level: z.number(),
  trials: z.int().min(1),
  /** Lowest and highest trial. */
  min: z.number(),
  max: z.number(),
});

/**
 * What held a trial back. Only `workers`, `front` and `thread-pool` are the server itself; nothing else is ranked. `offered-rate` is what
 * limits an open loop in which nothing was at its end.
 */
export const limitedBySchema = z.object({
  by: z.enum([
    'workers',
    'front',
    'thread-pool',
    'offered-rate',
    'generator',
    'machine',
    'connections',
    'upstream',
    'unclear',
  ]),
  /** The figures behind the label, in one line. */
  evidence: z.string(),
});

/**
 * CPU time per request in milliseconds by who used it. Medians over trials: they describe what `cpuMsPerRequest` is made of,
 * have no interval and are not judged.
 */
const cpuByRoleSchema = z.object({
  /** The front of a pool or the primary of a cluster; null without one, or where threads are not told apart. */
  front: z.number().nullable(),
  /** The threads that run handler code; null where threads are not told apart. */
  workers: z.number().nullable(),
  /** The other threads of the server: garbage collection, compilation, the thread pool. Null where not told apart. */
  helpers: z.number().nullable(),
  generators: z.number(),
  /** What the scenario started beside the server; null when there is none, or where the system does not tell. */
  services: z.number().nullable(),
});

/** A percentile of latency in milliseconds: from the merged histograms, with an interval over trials. */
const percentileSchema = z.object({
  ms: z.number(),
  /** Ends of the 95% interval; null with fewer trials than an interval takes. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** It lies among the requests without a reply, so the truth is this or more. */
  atLeast: z.boolean(),
});

/** A percentile that the sample cannot support is null. */
export const percentilesSchema = z.object({
  p50: percentileSchema.nullable(),
  p90: percentileSchema.nullable(),
  p99: percentileSchema.nullable(),
  p999: percentileSchema.nullable(),
  /** null without a single sample: every request of the window was sent before it. */
  maxMs: z.number().nullable(),
});

export const resultSchema = z.object({
  requestsPerSec: estimateSchema,
  /** Of the physical limit of the scenario; null where it has none. */
  shareOfLimit: z.number().nullable(),
  /**
   * Requests per second that the CPU time per request would allow with the generator elsewhere: derived, not measured.
   * `boundBy` says what would end first: the CPUs, the one thread of the front, or the threads of the workers.
   */
  impliedCapacity: z.object({ requestsPerSec: estimateSchema, boundBy: z.enum(['cpus', 'front', 'workers']) }),
  /**
   * At full load, from when a request was sent. Percentiles are of the merged histograms of all trials, with intervals over
   * trials; one with too few samples is null.
   */
  latencyMs: percentilesSchema,
  cpuMsPerRequest: estimateSchema,
  cpuByRole: cpuByRoleSchema,
  /** From the start of the server process to its first right reply. */
  startUpMs: estimateSchema,
  /** Of the process tree, before the load and at its highest under load. */
  memory: z.object({
    kind: z.enum(['pss', 'rss']),
    idleBytes: estimateSchema,
    peakBytes: estimateSchema,
    /**
     * What the process of the front has of both; medians over trials: descriptive, no interval. Null without such a process,
     * where it holds the workers too, or where a trial does not tell.
     */
    front: z.object({ idleBytes: z.number(), peakBytes: z.number() }).nullable(),
  }),
  /** Shares of the window in which event loops were not waiting: mean over workers, median over trials. Descriptive, no interval. */
  utilisation: z.object({ front: z.number().nullable(), workers: z.number() }),
  /**
   * 99th percentile of how late timers were, in milliseconds, in the worst worker of a trial; median over trials.
   * Descriptive, no interval.
   */
  loopDelayP99Ms: z.object({ front: z.number().nullable(), workers: z.number().nullable() }),
  /** Per request, medians over trials: descriptive, no interval. Null where the system does not tell. */
  contextSwitches: z.object({ voluntary: z.number(), involuntary: z.number() }).nullable(),
  /** Share of the window in which garbage collection held a worker, mean over workers, median over trials. Descriptive, no interval. */
  gcShare: z.number(),
  /** Shares of the requests by worker, largest first, mean over trials; they sum to 1. */
  workerShares: z.array(z.number()).min(1),
  /** Jain's index of the requests by worker, mean over trials: 1 is even, 1/n is all on one of n. */
  fairness: z.number(),
  limitedBy: limitedBySchema,
  /** The label of each valid trial, in the order in which they were measured. */
  trials: z
    .array(
      z.object({
        round: z.int().min(0),
        requestsPerSec: z.number(),
        impliedPerSec: z.number(),
        cpuMsPerRequest: z.number(),
        peakBytes: z.number(),
        /** Whether it is in the requests per second of a ranked cell: not when something other than the server limited it. */
        counted: z.boolean(),
        /** Whether code was warm and throughput at a level that held before its window began. */
        steady: z.boolean(),
        /** Others took CPUs from it, and that may be why the server was not its limit. */
        disturbed: z.boolean(),
        /** So far from the other trials, in requests per second, that it hardly counts. It is in every figure all the same. */
        outlier: z.boolean(),
        limitedBy: limitedBySchema,
      }),
    )
    .min(1),
});

export type Estimate = Immutable<z.infer<typeof estimateSchema>>;
export type LimitedBy = Immutable<z.infer<typeof limitedBySchema>>;
export type CellResult = Immutable<z.infer<typeof resultSchema>>;

export type Percentile = Immutable<z.infer<typeof percentileSchema>>;
export type Percentiles = Immutable<z.infer<typeof percentilesSchema>>;
