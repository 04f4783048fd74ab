/** Percentiles of latency over the trials of a cell, as a schema: the same under capacity load and at a given rate. */
import { z } from 'zod';
import type { Immutable } from '../store/schema.ts';

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

export type Percentile = Immutable<z.infer<typeof percentileSchema>>;
export type Percentiles = Immutable<z.infer<typeof percentilesSchema>>;
