/** What is said of faults: one entry for each fault of a scenario, its models in order, the best first. */
import { z } from 'zod';
import { faultSchema, LOSSES } from '../../store/fault-schema.ts';
import type { Immutable } from '../../store/schema.ts';

/** A mean over faults, with its 95% interval. */
const estimate = z.object({ point: z.number(), low: z.number(), high: z.number() });

export const faultedModelSchema = z.object({
  /** Id of the cell. */
  cell: z.string(),
  model: z.string(),
  /** Whether workers that die are replaced. */
  restarts: z.boolean(),
  /** Valid trials, and the faults in them: a server that is gone gets no more. */
  trials: z.int().min(0),
  faults: z.int().min(0),
  /** Why there is no figure: the model cannot take this fault, or its trials failed; null where there are figures. */
  unable: z.string().nullable(),
  /** Of one fault; null without a valid trial. */
  figures: z
    .object({
      /** Requests without a good reply because of it, beyond the poison itself. */
      lost: estimate,
      /** Good replies that came later than before it: more than two bands above the p99 of that time, and than 10 ms. */
      late: estimate,
      /** What clients saw of the lost ones, per fault, most first. */
      seen: z.array(z.object({ kind: z.enum(LOSSES), status: z.int().nullable(), mean: z.number() })),
      /** Idle connections that were closed, per fault. */
      closedIdle: z.number(),
      /** Longest time without any good reply, beyond the longest before the fault; the median over faults and the longest. */
      outageMs: z.object({ median: z.number(), longest: z.number() }),
      /** From the fault until rate and latency were those of before; null where they never were in more than half of the trials. */
      recoveryMs: estimate.nullable(),
      /** Faults after which they were. */
      recovered: z.int().min(0),
      /** Trials at whose end it did not answer any more. */
      down: z.int().min(0),
      /** Workers per fault; null where it is not known. */
      workers: z.object({ lost: z.number(), replaced: z.number() }).nullable(),
    })
    .nullable(),
  /** Against the model that loses least: `best` is that one, `level` is not shown to lose more, `worse` is. Null without figures. */
  verdict: z.enum(['best', 'level', 'worse']).nullable(),
});

export const faultSummarySchema = z.object({
  fault: faultSchema,
  /** The same for every model. */
  requestsPerSec: z.number().positive(),
  /** What it costs each model, in plain words, the best first. */
  sentence: z.string(),
  models: z.array(faultedModelSchema).min(1),
});

export type FaultSummary = Immutable<z.infer<typeof faultSummarySchema>>;
export type FaultedModel = FaultSummary['models'][number];
