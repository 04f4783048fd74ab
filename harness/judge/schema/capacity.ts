/** What is derived from the valid trials of one cell, as a schema. */
import { z } from 'zod';
import type { Immutable } from '../../store/schema.ts';
import { metricSchemas, trialSchemas } from '../metrics/derived.ts';
import { estimateSchema } from '../metrics/metric.ts';

/**
 * What held a trial back. Only `workers`, `front`, `thread-pool` and `server` are the server itself, the last where only its outside
 * is known; nothing else is ranked. `offered-rate` is what limits an open loop in which nothing was at its end.
 */
export const limitedBySchema = z.object({
  by: z.enum([
    'workers',
    'front',
    'thread-pool',
    'server',
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
  ...metricSchemas,
  limitedBy: limitedBySchema,
  /** The label of each valid trial, in the order in which they were measured. */
  trials: z
    .array(
      z.object({
        round: z.int().min(0),
        requestsPerSec: z.number(),
        impliedPerSec: z.number(),
        ...trialSchemas,
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

export type LimitedBy = Immutable<z.infer<typeof limitedBySchema>>;
export type CellResult = Immutable<z.infer<typeof resultSchema>>;

export type Percentile = Immutable<z.infer<typeof percentileSchema>>;
export type Percentiles = Immutable<z.infer<typeof percentilesSchema>>;
