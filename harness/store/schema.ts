/**
 * What a run file holds, line by line, as schemas. The types of everything stored are derived from here, and
 * `docs/schema/` is written from here, so that file, type and documentation cannot disagree.
 */
import { z } from 'zod';
import { environmentSchema, placementSchema } from './environment-schema.ts';
import { failureSchema } from './failure-schema.ts';
import { faultRecordSchema } from './fault-schema.ts';
import { calibrationSchema, limitSchema, timingSchema } from './limit-schema.ts';
import {
  connectionModeSchema,
  bodySchema,
  headersSchema,
  expectationSchema,
  faultPlanSchema,
  latencyPlanSchema,
  loadSchema,
  methodSchema,
  rateSchema,
  type sloSchema,
} from './load-schema.ts';
import { measurementSchema } from './measurement-schema.ts';

/** Raised when an older reader could misread a newer file. */
export const SCHEMA_VERSION = 5;
/** Of what is said about trials: 1 by pairs, 2 by comparisons with the best. */
export const RULES = 2;

/** That of a model; `external` for a command or an address, of which only the outside is known. */
export const styleSchema = z.enum(['alone', 'replicated', 'offload', 'external']);

const count = z.int().min(0);
const positive = z.number().positive();
const nonNegative = z.number().min(0);

/** A request as it was asked for. */
const askedSchema = z.object({
  name: z.string().min(1),
  weight: positive,
  method: methodSchema,
  path: z.string().startsWith('/'),
  headers: headersSchema,
  body: bodySchema,
  /** Sent in turn instead of it; null where there is one body. */
  bodies: z.array(bodySchema).min(1).nullable().default(null),
  /** Whether `{{n}}`, `{{uuid}}`, `{{client}}` and `{{visit}}` stand for something else in each request. */
  varies: z.boolean().default(false),
});

export const scenarioPlanSchema = z.object({
  /** Name and parameters, for example `cpu:ms=10`. */
  id: z.string().min(1),
  name: z.string().min(1),
  /** Where the scenario comes from, so that a run can be resumed: a registered name, or a file as it was given. */
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('built-in') }),
    z.object({ kind: z.literal('file'), path: z.string(), sha256: z.string() }),
    /** A service of the user, with the requests to send to it; `file` is null where only commands and addresses serve it. */
    z.object({
      kind: z.literal('service'),
      file: z.object({ path: z.string(), sha256: z.string() }).nullable(),
      requests: z.array(askedSchema).min(1),
      verify: z.enum(['learned', 'status']),
      expect: z.array(expectationSchema).default([]),
    }),
  ]),
  /** What a request asks for; null when the scenario does not say, and in files written before it could. */
  inWords: z.string().nullable().default(null),
  parameters: z.record(z.string(), z.number()),
  /** Where the server of the user is that it was measured with, without user and password; null for one of our own, or none. */
  given: z.string().nullable().default(null),
  /** In the order of the scenario. Weights are relative to each other: they say what mix of requests was asked for. */
  requestClasses: z.array(
    z.object({
      name: z.string(),
      weight: positive,
      /** Its replies come in pieces from a server that sends them itself. */
      isChunked: z.boolean().optional(),
    }),
  ),
  /** Work units per request, handed identically to every model. */
  iterations: count,
  /** CPU time of one request's kernel, measured with all CPUs busy; null without a kernel. */
  calibration: timingSchema.nullable(),
  limit: limitSchema.nullable(),
  /** Offered to every model alike, once their capacity is known. */
  rates: z.array(rateSchema),
});

/** A model that is a file of the user. All others are built in. */
const ownModelSchema = z.object({
  name: z.string().min(1),
  /** As it was given, so that a run can be resumed. */
  path: z.string(),
  sha256: z.string(),
  /** What it says of how much there is to run it; null when it says nothing. */
  effort: z.object({ rank: z.number(), why: z.string() }).nullable(),
});

/** A server that is not a model: a command that is started for each trial, or one that runs already. */
const externalSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('command'),
    name: z.string().min(1),
    /** For a shell; `{port}` stands for the port. */
    line: z.string().min(1),
    /** Path that it answers once it is ready. */
    ready: z.string().startsWith('/'),
  }),
  z.object({ kind: z.literal('address'), name: z.string().min(1), port: z.int().min(1).max(65_535) }),
]);

/** A model whose servers run on a Node.js of `--runtime`. */
const onRuntimeSchema = z.object({
  /** That of its cells: the model alone where there is one Node.js only. */
  name: z.string().min(1),
  /** A built-in one, or a file of the user. */
  model: z.string().min(1),
  /** `path` as it was given, so that a run can be resumed. */
  runtime: z.object({ path: z.string().min(1), version: z.string().min(1) }),
});

export const cellSchema = z.object({
  id: z.string().min(1),
  /** Id of the scenario plan. */
  scenario: z.string().min(1),
  model: z.string().min(1),
  style: styleSchema,
  /** Null where it is not known, because the server is not a model. */
  workers: z.int().min(1).nullable(),
  /** Kept busy by capacity load; open from the start under rate load, which opens more when all are in use. */
  connections: z.int().min(1),
  connectionMode: connectionModeSchema,
  load: loadSchema,
  /** Where its server and its generators run. */
  placement: placementSchema,
  /** Why the model cannot run this scenario, found before the first trial, so that it has none; null when it can. */
  unable: failureSchema.nullable(),
});

/** Points of one workload along one quantity, everything else being the same. */
export const seriesSchema = z.object({
  along: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('workers') }),
    z.object({ kind: z.literal('connections') }),
    z.object({ kind: z.literal('parameter'), name: z.string().min(1) }),
  ]),
  /** What is the same at all points, such as `2 ms of CPU per request`. */
  of: z.string().min(1),
  /** Ascending; each is a scenario of the plan. */
  points: z.array(z.object({ scenario: z.string().min(1), value: nonNegative })).min(2),
});

export const manifestSchema = z.object({
  type: z.literal('manifest'),
  tool: z.literal('fourways'),
  schema: z.literal(SCHEMA_VERSION),
  version: z.string(),
  /** Those by which it was judged while it was measured. */
  rules: z.int().min(1).default(1),
  startedAt: z.iso.datetime(),
  preset: z.string(),
  seed: count,
  /** Planned from the start; those that are added follow from what was measured. */
  rounds: z.int().min(1),
  /** For measuring on until every scenario is answered; null when the number of rounds was given. */
  budgetMs: positive.nullable(),
  /** A ratio from 1 ÷ (1 + margin) to 1 + margin makes no difference that matters. */
  margin: positive,
  /** What `fourways ab` fails above, as a share; null where the margin decides. */
  failAbove: positive.nullable().default(null),
  /** How often a failed trial is tried again. */
  retries: count,
  /** A request without a reply after this long is lost; null where that follows from the work. */
  timeoutMs: positive.nullable().default(null),
  measureMs: positive,
  scenarios: z.array(scenarioPlanSchema).min(1),
  /** Files that were written before there were any do not have it. */
  ownModels: z.array(ownModelSchema).default([]),
  /** Commands and addresses, which stand beside the models in every cell. */
  externals: z.array(externalSchema).default([]),
  /** Every model with every Node.js of `--runtime`; empty where servers run on the Node.js of the harness. */
  runtimes: z.array(onRuntimeSchema).default([]),
  /** Which scenarios are points of one workload; files that were written before there were any do not have it. */
  series: z.array(seriesSchema).default([]),
  /** Whether more rounds go to where a model comes to be ahead of the single process, rather than to the answer of every scenario. */
  breakEven: z.boolean().default(false),
  /** Those of capacity load. Which rates are offered follows from what they serve, so those cells are added later. */
  cells: z.array(cellSchema).min(1),
  latency: latencyPlanSchema,
  /** What is put into every model under load, after its capacity and latency; empty in most runs. */
  faults: faultPlanSchema.nullable().default(null),
  environment: environmentSchema,
  /** Where cells run unless a scenario needs it to be otherwise; each cell says it for itself. */
  placement: placementSchema,
  /** Work that is the same in every run, measured once in each round beside the cells; null in files that were written before there was any. */
  yardstick: z.object({ cell: cellSchema, plan: scenarioPlanSchema }).nullable().default(null),
  /** One side of `fourways ab`: measured trial by trial, or at the same time, with the run of the other side; null otherwise. */
  ab: z.object({ id: z.string(), side: z.enum(['base', 'head']), duet: z.boolean() }).nullable(),
});

/** What serves the rate that shares are of. */
const basisSchema = z.object({
  cell: z.string(),
  requestsPerSec: positive,
  ranked: z.boolean(),
  /** In an `ab`: the slower side, which carries so much alone. In a duet it served less, because both shared the CPUs. */
  side: z.enum(['base', 'head']).optional(),
});

/** Cells that were added to the plan because of what had been measured by then. */
export const additionSchema = z.object({
  type: z.literal('addition'),
  /** Counts up; additions with the same number are measured together, in common rounds. */
  batch: count,
  /** Id of the scenario plan. */
  scenario: z.string().min(1),
  why: z.discriminatedUnion('kind', [
    /** The same rates for every model. `basis` is the rate that shares are of; null when every rate was asked for as a number. */
    z.object({
      kind: z.literal('common'),
      basis: basisSchema.nullable(),
      /** Rates that the generators could not offer, and what was offered instead of them; null when there are none. */
      cappedAt: positive.nullable(),
    }),
    /** More rounds of capacity for pairs that were not settled. */
    z.object({ kind: z.literal('unsettled') }),
    z.object({ kind: z.literal('sweep') }),
    z.object({ kind: z.literal('slo') }),
    /** Faults, at one rate that every model can carry; `basis` as of common rates. */
    z.object({ kind: z.literal('faults'), basis: basisSchema.nullable() }),
  ]),
  cells: z.array(cellSchema),
  /** Rounds in which each of these cells is visited, beside those that it has been given before. */
  rounds: z.array(count).min(1),
});

export { failureSchema };

/** What every trial has, whatever it measures. */
const attemptSchema = z.object({
  cell: z.string().min(1),
  /** From 0. */
  round: count,
  /** From 0; above it, the trials of this visit before it failed. */
  attempt: count,
  startedAt: z.iso.datetime(),
  /** How far the system clock was moved while the trial ran. Every measured time is on a clock that cannot be moved. */
  clockStepMs: z.number(),
  /** Wall time of each phase; a phase that was not reached is absent. */
  phasesMs: z.partialRecord(
    z.enum(['spawn', 'verify', 'connect', 'warmUp', 'leadIn', 'measure', 'verifyAfter', 'stop']),
    nonNegative,
  ),
});

const failedSchema = z.object({ status: z.literal('failed'), reason: failureSchema });

export const trialSchema = attemptSchema.extend({
  type: z.literal('trial'),
  outcome: z.discriminatedUnion('status', [
    z.object({ status: z.literal('ok'), measurement: measurementSchema }),
    failedSchema,
  ]),
});

/** A trial of a cell with faults: what they did to the server is the result. */
export const faultTrialSchema = attemptSchema.extend({
  type: z.literal('fault-trial'),
  outcome: z.discriminatedUnion('status', [
    z.object({ status: z.literal('ok'), record: faultRecordSchema }),
    failedSchema,
  ]),
});

/** A run that had ended was taken up again. */
export const resumeSchema = z.object({
  type: z.literal('resume'),
  at: z.iso.datetime(),
  /** Takes the place of that in the plan, where more was given. */
  budgetMs: positive.optional(),
});

export const endSchema = z.object({
  type: z.literal('end'),
  at: z.iso.datetime(),
  reason: z.enum(['complete', 'interrupted', 'stopped']),
});

export const lineSchema = z.discriminatedUnion('type', [
  manifestSchema,
  additionSchema,
  calibrationSchema,
  trialSchema,
  faultTrialSchema,
  resumeSchema,
  endSchema,
]);

export type Immutable<T> = T extends readonly (infer E)[]
  ? readonly Immutable<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Immutable<T[K]> }
    : T;

/** A request to a service, as it was asked for. */
export type AskedRequest = Immutable<z.infer<typeof askedSchema>>;
export type ReplyExpectation = Immutable<z.infer<typeof expectationSchema>>;
export type Limit = Immutable<z.infer<typeof limitSchema>>;
export type ScenarioPlan = Immutable<z.infer<typeof scenarioPlanSchema>>;
export type Cell = Immutable<z.infer<typeof cellSchema>>;
export type Environment = Immutable<z.infer<typeof environmentSchema>>;
export type Placement = Immutable<z.infer<typeof placementSchema>>;
export type Rate = Immutable<z.infer<typeof rateSchema>>;
export type Slo = Immutable<z.infer<typeof sloSchema>>;
export type LatencyPlan = Immutable<z.infer<typeof latencyPlanSchema>>;
export type FaultPlan = Immutable<z.infer<typeof faultPlanSchema>>;
export type FaultRecord = Immutable<z.infer<typeof faultRecordSchema>>;
export type Addition = Immutable<z.infer<typeof additionSchema>>;
export type External = Immutable<z.infer<typeof externalSchema>>;
export type Manifest = Immutable<z.infer<typeof manifestSchema>>;
export type Failure = Immutable<z.infer<typeof failureSchema>>;
export type Measurement = Immutable<z.infer<typeof measurementSchema>>;
/** A new timing of the work of one scenario, which takes the place of that in its plan. */
export type Recalibration = Immutable<z.infer<typeof calibrationSchema>>;
export type Trial = Immutable<z.infer<typeof trialSchema>>;
export type FaultTrial = Immutable<z.infer<typeof faultTrialSchema>>;
export type End = Immutable<z.infer<typeof endSchema>>;
type Resume = Immutable<z.infer<typeof resumeSchema>>;
export type Line = Manifest | Addition | Recalibration | Trial | FaultTrial | Resume | End;

/** Everything that a report needs: the content of one run file. */
export interface Run {
  /** With the newest timing of the work of each scenario. */
  readonly manifest: Manifest;
  readonly additions: readonly Addition[];
  /** Those of its cells. */
  readonly trials: readonly Trial[];
  /** Those of the yardstick, whose rounds count through the whole run; none when left out. */
  readonly yardstick?: readonly Trial[] | undefined;
  /** Those of cells with faults; none when left out. */
  readonly faulted?: readonly FaultTrial[] | undefined;
  /** null when the run was killed, or is being resumed. */
  readonly end: End | null;
}
