/**
 * What a run file holds, line by line, as schemas. The types of everything stored are derived from here, and
 * `docs/schema/` is written from here, so that file, type and documentation cannot disagree.
 */
import { z } from 'zod';

/** Raised when an older reader could misread a newer file. */
export const SCHEMA_VERSION = 1;

const count = z.int().min(0);
const positive = z.number().positive();
const nonNegative = z.number().min(0);
const share = z.number().min(0);

export const limitSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('cpu'),
    requestsPerSec: positive,
    /** CPUs that the workers can use at once. */
    cpus: positive,
    kernelCpuMs: positive,
  }),
  z.object({
    kind: z.literal('waiting'),
    requestsPerSec: positive,
    connections: count,
    waitingMs: positive,
  }),
]);

export const scenarioPlanSchema = z.object({
  /** Name and parameters, for example `cpu:ms=10`. */
  id: z.string().min(1),
  name: z.string().min(1),
  question: z.string(),
  parameters: z.record(z.string(), z.number()),
  requestClasses: z.array(z.string()),
  /** Work units per request, handed identically to every model. */
  iterations: count,
  /** CPU time of one request's kernel, measured with all CPUs busy; null without a kernel. */
  calibration: z.object({ kernelCpuMs: positive, samples: count, cpus: count }).nullable(),
  limit: limitSchema.nullable(),
});

export const cellSchema = z.object({
  id: z.string().min(1),
  /** Id of the scenario plan. */
  scenario: z.string().min(1),
  model: z.string().min(1),
  style: z.enum(['alone', 'replicated', 'offload']),
  workers: z.int().min(1),
  connections: z.int().min(1),
  load: z.object({ kind: z.literal('capacity') }),
});

export const environmentSchema = z.object({
  node: z.string(),
  v8: z.string(),
  uv: z.string(),
  platform: z.string(),
  arch: z.string(),
  kernel: z.string(),
  cpuModel: z.string(),
  /** CPUs that this process may use, and what said so. */
  availableCpus: z.object({
    /** Whole CPUs: the default number of workers. */
    count: z.int().min(1),
    /** The same with the fraction that a quota may leave. */
    capacity: positive,
    host: z.int().min(1),
    decidedBy: z.enum(['host', 'affinity', 'quota']),
  }),
  memoryBytes: count,
  /** Value of UV_THREADPOOL_SIZE; null for the default of 4. */
  uvThreadpoolSize: z.string().nullable(),
});

export const manifestSchema = z.object({
  type: z.literal('manifest'),
  tool: z.literal('fourways'),
  schema: z.literal(SCHEMA_VERSION),
  version: z.string(),
  startedAt: z.iso.datetime(),
  preset: z.string(),
  seed: count,
  rounds: z.int().min(1),
  warmUpCapMs: positive,
  measureMs: positive,
  scenarios: z.array(scenarioPlanSchema).min(1),
  cells: z.array(cellSchema).min(1),
  environment: environmentSchema,
});

/** Why a trial does not count. */
export const failureSchema = z.object({
  kind: z.enum([
    'not-ready',
    'wrong-reply',
    'status',
    'timeout',
    'connection-closed',
    'connection-error',
    'lost-worker',
    'no-requests',
    'generator',
    'server',
    'upstream',
  ]),
  /** One line for people. */
  message: z.string(),
});

const workerWindowSchema = z.object({
  id: count,
  requests: count,
  /** Share of the window in which the event loop was not waiting, 0 to 1. */
  utilisation: share,
  /** CPU time of the thread; null where the platform does not tell threads apart. */
  cpuMs: nonNegative.nullable(),
});

export const measurementSchema = z.object({
  /** Length of the measured window. */
  windowMs: positive,
  /** Requests that completed within the window. */
  requests: count,
  requestsPerSec: nonNegative,
  /** HDR histogram of latencies in microseconds of the requests sent within the window, compressed, base64. */
  latencyHistogram: z.string().regex(/^HISTFA[\w+/]+=*$/, 'must be a compressed HDR histogram in base64'),
  /** Whether throughput was steady before the window began, or the cap ended the warm-up. */
  steady: z.boolean(),
  /** Completions per `binMs` since the load began, warm-up included; the window begins at `windowStartMs`. */
  timeline: z.object({ binMs: positive, completions: z.array(count), windowStartMs: nonNegative }),
  server: z.object({
    /** CPU time of all server processes within the window. */
    cpuMs: nonNegative,
    userMs: nonNegative,
    systemMs: nonNegative,
    /** CPU time of all server processes ÷ requests they answered. */
    cpuMsPerRequest: nonNegative,
    front: z.object({ utilisation: share, cpuMs: nonNegative.nullable() }).nullable(),
    workers: z.array(workerWindowSchema).min(1),
  }),
  generator: z.object({ cpuMs: nonNegative, utilisation: share }),
  /** Of all CPUs of the host within the window; null without `/proc/stat`. */
  machine: z.object({ cpus: z.int().min(1), idle: share, steal: share }).nullable(),
  /** Memory of the server's process tree while under load: proportional set size, or a sum of resident sizes. */
  memory: z.object({ kind: z.enum(['pss', 'rss']), bytes: count }),
});

export const trialSchema = z.object({
  type: z.literal('trial'),
  cell: z.string().min(1),
  /** From 0. */
  round: count,
  startedAt: z.iso.datetime(),
  /** Wall time of each phase; a phase that was not reached is absent. */
  phasesMs: z.partialRecord(
    z.enum(['spawn', 'verify', 'connect', 'warmUp', 'measure', 'verifyAfter', 'stop']),
    nonNegative,
  ),
  outcome: z.discriminatedUnion('status', [
    z.object({ status: z.literal('ok'), measurement: measurementSchema }),
    z.object({ status: z.literal('failed'), reason: failureSchema }),
  ]),
});

export const endSchema = z.object({
  type: z.literal('end'),
  at: z.iso.datetime(),
  reason: z.enum(['complete', 'interrupted', 'stopped']),
});

export const lineSchema = z.discriminatedUnion('type', [manifestSchema, trialSchema, endSchema]);

type Immutable<T> = T extends readonly (infer E)[]
  ? readonly Immutable<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Immutable<T[K]> }
    : T;

export type Limit = Immutable<z.infer<typeof limitSchema>>;
export type ScenarioPlan = Immutable<z.infer<typeof scenarioPlanSchema>>;
export type Cell = Immutable<z.infer<typeof cellSchema>>;
export type Environment = Immutable<z.infer<typeof environmentSchema>>;
export type Manifest = Immutable<z.infer<typeof manifestSchema>>;
export type Failure = Immutable<z.infer<typeof failureSchema>>;
export type Measurement = Immutable<z.infer<typeof measurementSchema>>;
export type Trial = Immutable<z.infer<typeof trialSchema>>;
export type End = Immutable<z.infer<typeof endSchema>>;
export type Line = Manifest | Trial | End;

/** Everything that a report needs: the content of one run file. */
export interface Run {
  readonly manifest: Manifest;
  readonly trials: readonly Trial[];
  /** null when the run was killed. */
  readonly end: End | null;
}
