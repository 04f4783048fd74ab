/** What the harness and a load generator say to each other, as schemas. */
import { z } from 'zod';
import { arrivalsSchema, connectionModeSchema } from '../store/load-schema.ts';
import { failureSchema } from '../store/schema.ts';

/** One request as the generator sends it, and the reply that it must get. */
const plannedRequestSchema = z.object({
  /** Of the class of request. */
  name: z.string(),
  weight: z.number().positive(),
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE', 'PATCH']),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  /** Bytes of the whole reply on the wire, head and body. */
  replyBytes: z.int(),
  replyBodyBytes: z.int(),
  /** The exact body where it is short and plain ASCII, so that it can be compared at no cost; else null. */
  replyBody: z.string().nullable(),
});

/** What the generator is to send, and how. */
const generatorLoadSchema = z.discriminatedUnion('kind', [
  /** Through autocannon where connections are kept alive. */
  z.object({ kind: z.literal('capacity') }),
  z.object({
    kind: z.literal('rate'),
    /** The part of the load that this generator sends. */
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
    /** Failed requests are counted; else the first one makes the trial invalid. */
    countErrors: z.boolean(),
  }),
]);

export const generatorOrderSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    url: z.url(),
    connections: z.int().min(1),
    connectionMode: connectionModeSchema,
    load: generatorLoadSchema,
    requests: z.array(plannedRequestSchema).min(1),
    /** Indexes into `requests`: what one connection sends in a closed loop, over and over. */
    order: z.array(z.int()).min(1),
    timeoutSec: z.number().positive(),
  }),
  /** All connections are accepted: begin to send, in a closed loop. */
  z.object({ type: z.literal('go') }),
  /** Ends the closed loop, waits for its replies, and then sends on schedule. */
  z.object({ type: z.literal('offer') }),
  /** Begins the measured window. */
  z.object({ type: z.literal('begin'), windowMs: z.number().positive() }),
  /** Sends nothing more, waits for the replies that are due, then reports. */
  z.object({ type: z.literal('finish') }),
]);

/** What a generator recorded of an open loop; the harness adds those of several up. */
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
  open: openRecordSchema.nullable(),
  /** The first thing that makes the trial invalid, in case its own message came too late to be heard. */
  fault: failureSchema.nullable(),
  cpuMs: z.number(),
  utilisation: z.number(),
});

export const generatorNoticeSchema = z.discriminatedUnion('type', [
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
  generatorResultSchema,
]);

export type PlannedRequest = z.infer<typeof plannedRequestSchema>;
export type GeneratorLoad = z.infer<typeof generatorLoadSchema>;
export type OpenRecord = z.infer<typeof openRecordSchema>;
export type GeneratorOrder = z.infer<typeof generatorOrderSchema>;
export type GeneratorNotice = z.infer<typeof generatorNoticeSchema>;
export type GeneratorResult = z.infer<typeof generatorResultSchema>;
