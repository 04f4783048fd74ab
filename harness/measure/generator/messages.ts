/** Messages between the harness and a load generator, as schemas. */
import { z } from 'zod';
import type { RequestClass } from '../../../scenarios/scenario.ts';
import { traceSchema } from '../../store/fault-schema.ts';
import {
  arrivalsSchema,
  bodyOf,
  bodySchema,
  connectionModeSchema,
  headersSchema,
  methodSchema,
} from '../../store/load-schema.ts';
import { failureSchema } from '../../store/schema.ts';
import { threadReadingSchema } from '../../store/server-schema.ts';

/** One request as the generator sends it, and the reply that it must receive. */
const plannedRequestSchema = z.object({
  /** Of the class of request. */
  name: z.string(),
  weight: z.number().positive(),
  method: methodSchema,
  path: z.string(),
  headers: headersSchema,
  body: bodySchema,
  bodies: z.array(bodySchema).min(1).nullable(),
  varies: z.boolean(),
  /**
   * What its reply must be; the body in base64, null where it varies by itself. `lost`: another that is right as well and counted, with
   * which the server says that it does not know the client any more; null where there is none.
   */
  reply: z.object({ status: z.int(), body: z.string().nullable(), lost: z.string().nullable() }),
});

/** What the generator is to send, and how. */
const generatorLoadSchema = z.discriminatedUnion('kind', [
  /** Through autocannon where connections are kept alive. */
  z.object({ kind: z.literal('capacity') }),
  z.object({
    kind: z.literal('rate'),
    /** The share of the load that this generator sends. */
    stream: z.object({
      kind: arrivalsSchema,
      requestsPerSec: z.number().positive(),
      index: z.int().min(0),
      of: z.int().min(1),
      seed: z.int().min(0),
    }),
    /** Of this generator. */
    mostConnections: z.int().min(1),
    /** Requests under way at a time while it warms up, in a closed loop. */
    warmUpRequests: z.int().min(1),
    /** Whether failed requests are counted; otherwise the first one makes the trial invalid. */
    countErrors: z.boolean(),
    /** Whether a trace is recorded: then nothing that the server does is a fault of the trial, once the schedule runs. */
    trace: z.boolean(),
  }),
]);

export const generatorCommandSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    url: z.url(),
    connections: z.int().min(1),
    connectionMode: connectionModeSchema,
    load: generatorLoadSchema,
    requests: z.array(plannedRequestSchema).min(1),
    /** Which of the generators that act as one this is: requests that vary are numbered over all of them. */
    share: z.object({ index: z.int().min(0), of: z.int().min(1) }),
    /** For everything random. */
    seed: z.int().min(0),
    timeoutSec: z.number().positive(),
  }),
  /** All connections are accepted: begin to send, in a closed loop. */
  z.object({ type: z.literal('go') }),
  /** Ends the closed loop, waits for its replies, and then sends on schedule. */
  z.object({ type: z.literal('offer') }),
  /** Begins the measured window, now or when the mix of requests is right. */
  z.object({
    type: z.literal('begin'),
    /** When instead, on the monotonic clock that all processes share. A trace is of exactly the window from then on. */
    atMs: z.number().nullable(),
    windowMs: z.number().positive(),
    /** A window that waits for the right mix of requests ends after this at the latest. */
    longestMs: z.number().positive(),
    /** Processes whose threads are read at both edges of the window. */
    pids: z.array(z.int().positive()),
  }),
  /** Sends nothing more, waits for the replies that are due, then reports. */
  z.object({ type: z.literal('finish') }),
  /** Ends the load at once. The process is as it was before the load. */
  z.object({ type: z.literal('stop') }),
]);

/** What a generator recorded of an open loop; the harness adds up the records of several. */
export const openRecordSchema = z.object({
  windowOffsetMs: z.number(),
  due: z.int(),
  serviceHistogram: z.string(),
  sendDelayHistogram: z.string(),
  classes: z.array(z.object({ name: z.string(), due: z.int(), latencyHistogram: z.string(), unfinished: z.int() })),
  unfinished: z.int(),
  errors: z.int(),
  backlog: z.object({ start: z.int(), end: z.int() }),
  connections: z.object({ most: z.int(), waited: z.int() }),
});

export const generatorResultSchema = z.object({
  type: z.literal('result'),
  windowMs: z.number().positive(),
  windowStartMs: z.number(),
  requests: z.int(),
  latencyHistogram: z.string(),
  latencySlices: z.object({ sliceMs: z.number(), slices: z.array(z.array(z.int())) }),
  open: openRecordSchema.nullable(),
  /** Where the load has one, and the window a time at which it began. */
  trace: traceSchema.nullable(),
  /** Of a closed loop, the requests that completed within the window by class, in the order of the scenario. */
  mix: z.array(z.object({ name: z.string(), requests: z.int() })),
  longestGapMs: z.number(),
  /** Of the same requests, those that were answered as by a server that did not know the client any more. */
  lost: z.int(),
  /** Of the whole load, from its first request to its last reply: replies that were compared in full, and requests. */
  compared: z.int(),
  sent: z.int(),
  threads: threadReadingSchema.nullable(),
  /** The first thing that makes the trial invalid, in case its own message came too late. */
  fault: failureSchema.nullable(),
  cpuMs: z.number(),
  utilisation: z.number(),
});

export const generatorEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** Every connection is open, and nothing has been sent yet. */
  z.object({ type: z.literal('connected') }),
  /** Completions since the last progress message. */
  z.object({ type: z.literal('progress'), completions: z.int() }),
  /** The schedule runs. */
  z.object({ type: z.literal('offering') }),
  /** Something that makes the trial invalid. */
  z.object({ type: z.literal('fault'), reason: failureSchema }),
  z.object({ type: z.literal('window-over') }),
  /** The load has ended, and nothing is left of it. */
  z.object({ type: z.literal('stopped') }),
  generatorResultSchema,
]);

export type PlannedRequest = z.infer<typeof plannedRequestSchema>;

/** What is sent, without the reply. */
export function requestOf({ reply: _, body, bodies, ...rest }: PlannedRequest): RequestClass {
  return { ...rest, body: bodyOf(body), bodies: bodies?.map(bodyOf) ?? null };
}

export type GeneratorLoad = z.infer<typeof generatorLoadSchema>;
export type OpenRecord = z.infer<typeof openRecordSchema>;
export type GeneratorCommand = z.infer<typeof generatorCommandSchema>;
export type GeneratorEvent = z.infer<typeof generatorEventSchema>;
export type GeneratorResult = z.infer<typeof generatorResultSchema>;
