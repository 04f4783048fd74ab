/** What is derived from the trials of an open loop, as schemas. */
import { z } from 'zod';
import { arrivalsSchema, connectionModeSchema, sloSchema } from '../../store/load-schema.ts';
import { failureSchema, type Immutable, styleSchema } from '../../store/schema.ts';
import { rateMetricSchemas } from '../metrics/derived.ts';
import { estimateSchema } from '../metrics/metric.ts';
import { limitedBySchema, percentilesSchema } from './capacity.ts';

export const rateResultSchema = z.object({
  /** Requests that were due within the windows of all trials: the sample behind the percentiles. */
  requests: z.int().min(1),
  servedPerSec: estimateSchema,
  /** Whether the server kept up with what was offered, in every trial. If not, latency grows with the length of the window. */
  keptUp: z.boolean(),
  /** From when a request was due to its reply. */
  latency: percentilesSchema,
  /** By class of request; empty where there is one class only. */
  classes: z.array(z.object({ name: z.string(), requests: z.int(), unfinished: z.int(), latency: percentilesSchema })),
  /** From when a request was given to a connection to its reply. */
  serviceMs: z.object({ p50: z.number(), p99: z.number().nullable() }),
  /** How late the generator itself was. */
  sendDelayMs: z.object({ p50: z.number(), p99: z.number().nullable() }),
  /** Requests without a reply within the limit, all trials together. */
  unfinished: z.int().min(0),
  errors: z.int().min(0),
  /** At most in use at a time, and requests that waited for one, over all trials. */
  connections: z.object({ most: z.int(), waited: z.int() }),
  /** Requests due and not yet answered when the window began and when it ended: the most of any trial. */
  backlog: z.object({ start: z.int().min(0), end: z.int().min(0) }),
  ...rateMetricSchemas,
  limitedBy: limitedBySchema,
  trials: z
    .array(
      z.object({
        round: z.int().min(0),
        servedPerSec: z.number(),
        p50Ms: z.number(),
        p99Ms: z.number().nullable(),
        /** Of the class that the scenario names first, which is what users notice; of all requests where there is one class. */
        ofFirstClass: z.object({ p50Ms: z.number().nullable(), p99Ms: z.number().nullable() }),
        cpuMsPerRequest: z.number(),
        /** Whether code was warm before the rate was offered. */
        steady: z.boolean(),
        limitedBy: limitedBySchema,
      }),
    )
    .min(1),
});

/** A cell of an open loop with all its trials. */
export const rateCellSchema = z.object({
  id: z.string(),
  model: z.string(),
  style: styleSchema,
  /** Null where it is not known. */
  workers: z.int().min(1).nullable(),
  connections: z.int().min(1),
  connectionMode: connectionModeSchema,
  offeredPerSec: z.number().positive(),
  trialsOk: z.int().min(0),
  trialsFailed: z.int().min(0),
  /** Those that were measured again because others disturbed them; not among the failed ones. */
  trialsDisturbed: z.int().min(0),
  givenUp: failureSchema.nullable(),
  result: rateResultSchema.nullable(),
});

/** One rate that every model was offered. */
export const commonRateSchema = z.object({
  offeredPerSec: z.number().positive(),
  /** Share of the capacity of the slowest ranked model; null when the rate was asked for as a number, or had to be lowered. */
  share: z.number().nullable(),
  /** What it comes to, in plain words. */
  sentence: z.string(),
  /** Ids of rate cells, in the order of the models. */
  cells: z.array(z.string()),
});

/** The highest rate that a model sustains within an SLO. */
export const sustainedSchema = z.object({
  /** Id of the capacity cell. */
  cell: z.string(),
  model: z.string(),
  connectionMode: connectionModeSchema,
  outcome: z.discriminatedUnion('kind', [
    /** Every trial up to `low` met the SLO, and every trial from `high` on broke it; `estimate` is the highest rate confirmed. */
    z.object({
      kind: z.literal('found'),
      estimate: z.number().positive(),
      low: z.number().positive(),
      high: z.number().positive(),
      brokeAt: z.number().positive(),
      /** What was broken there, in one line with figures. */
      brokeBy: z.string(),
    }),
    /** Broken at the lowest rate that was tried. */
    z.object({ kind: z.literal('none'), triedPerSec: z.number().positive(), brokeBy: z.string() }),
    /** Met at the highest rate that was tried. */
    z.object({ kind: z.literal('all'), triedPerSec: z.number().positive(), why: z.string() }),
    /** There is no result, or not yet. `metPerSec` is the highest rate at which it is known to be met; null when there is none. */
    z.object({ kind: z.literal('untold'), metPerSec: z.number().positive().nullable(), why: z.string() }),
  ]),
  /** Trials of the search. */
  trials: z.int().min(0),
});

/** Everything about latency in one scenario. */
export const latencySummarySchema = z.object({
  arrivals: arrivalsSchema,
  /** What shares of capacity are of; null without such rates. */
  basis: z.object({ model: z.string(), requestsPerSec: z.number().positive(), ranked: z.boolean() }).nullable(),
  /** What rates were lowered to, because the generators could not offer them; null when none was. */
  cappedAt: z.number().positive().nullable(),
  common: z.array(commonRateSchema),
  /** Every rate that was offered, whatever for: common rates, sweep and search. By model, then by rate. */
  cells: z.array(rateCellSchema),
  /** Ids of the rate cells of a sweep; empty without one. */
  sweep: z.array(z.string()),
  slo: z.object({ asked: sloSchema, sentence: z.string(), models: z.array(sustainedSchema) }).nullable(),
});

export type RateResult = Immutable<z.infer<typeof rateResultSchema>>;
export type RateCell = Immutable<z.infer<typeof rateCellSchema>>;
export type CommonRate = Immutable<z.infer<typeof commonRateSchema>>;
export type Sustained = Immutable<z.infer<typeof sustainedSchema>>;
export type LatencySummary = Immutable<z.infer<typeof latencySummarySchema>>;
