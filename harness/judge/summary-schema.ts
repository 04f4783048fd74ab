/** What `summary.json` holds: everything derived from a run file that a reader or a report needs. */
import { z } from 'zod';
import { environmentSchema, failureSchema, limitSchema, SCHEMA_VERSION } from '../store/schema.ts';

/** A figure over the trials of a cell. The trial is the unit: `trials` is how many there were. */
export const spreadSchema = z.object({
  median: z.number(),
  min: z.number(),
  max: z.number(),
  trials: z.int().min(1),
});

/** What held a cell back. Only `workers`, `front` and `connections` say something about the server itself. */
export const limitedBySchema = z.object({
  by: z.enum(['workers', 'front', 'generator', 'machine', 'connections', 'unclear']),
  /** The figures behind the label, in one line. */
  evidence: z.string(),
});

export const resultSchema = z.object({
  requestsPerSec: spreadSchema,
  /** Of the physical limit of the scenario; null where it has none. */
  shareOfLimit: z.number().nullable(),
  /** From the merged histograms of all trials, in milliseconds. A percentile with too few samples is null. */
  latencyMs: z.object({
    p50: z.number(),
    p90: z.number().nullable(),
    p99: z.number().nullable(),
    p999: z.number().nullable(),
    max: z.number(),
  }),
  cpuMsPerRequest: spreadSchema,
  memory: z.object({ kind: z.enum(['pss', 'rss']), bytes: spreadSchema }),
  /** Shares of the requests by worker, largest first, mean over trials; they sum to 1. */
  workerShares: z.array(z.number()).min(1),
  /** Jain's index of the requests by worker, mean over trials: 1 is even, 1/n is all on one of n. */
  fairness: z.number(),
  limitedBy: limitedBySchema,
});

export const cellSummarySchema = z.object({
  id: z.string(),
  model: z.string(),
  style: z.enum(['alone', 'replicated', 'offload']),
  workers: z.int().min(1),
  connections: z.int().min(1),
  trialsOk: z.int().min(0),
  trialsFailed: z.int().min(0),
  /** null when no trial is valid. */
  result: resultSchema.nullable(),
});

export const warningSchema = z.object({
  code: z.enum(['oversubscribed', 'uneven-connections', 'unsteady', 'not-ranked', 'failed-trials', 'over-limit']),
  message: z.string(),
  nextStep: z.string(),
});

export const summarySchema = z.object({
  tool: z.literal('fourways'),
  schema: z.literal(SCHEMA_VERSION),
  version: z.string(),
  startedAt: z.iso.datetime(),
  preset: z.string(),
  seed: z.int(),
  rounds: z.int().min(1),
  complete: z.boolean(),
  environment: environmentSchema,
  scenarios: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      question: z.string(),
      parameters: z.record(z.string(), z.number()),
      limit: limitSchema.nullable(),
      /** The answer in plain words. */
      sentence: z.string(),
      cells: z.array(cellSummarySchema).min(1),
    }),
  ),
  warnings: z.array(warningSchema),
  failures: z.array(z.object({ cell: z.string(), round: z.int(), reason: failureSchema })),
});

export type Spread = Readonly<z.infer<typeof spreadSchema>>;
export type LimitedBy = Readonly<z.infer<typeof limitedBySchema>>;
export type CellResult = Readonly<z.infer<typeof resultSchema>>;
export type CellSummary = Readonly<z.infer<typeof cellSummarySchema>>;
export type Warning = Readonly<z.infer<typeof warningSchema>>;
export type Summary = Readonly<z.infer<typeof summarySchema>>;
export type ScenarioSummary = Readonly<Summary['scenarios'][number]>;
