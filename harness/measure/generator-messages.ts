/** What the harness and a load generator say to each other, as schemas. */
import { z } from 'zod';
import { failureSchema } from '../store/schema.ts';

/** One request as the generator sends it, and the reply that it must get. */
const plannedRequestSchema = z.object({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE', 'PATCH']),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  /** Bytes of the whole reply on the wire, head and body. */
  replyBytes: z.int(),
  /** The exact body where it is short and plain ASCII, so that it can be compared at no cost; else null. */
  replyBody: z.string().nullable(),
});

export const generatorOrderSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    url: z.url(),
    connections: z.int().min(1),
    requests: z.array(plannedRequestSchema).min(1),
    /** Indexes into `requests`: what one connection sends, over and over. */
    order: z.array(z.int()).min(1),
    timeoutSec: z.number().positive(),
  }),
  /** All connections are accepted: begin to send. */
  z.object({ type: z.literal('go') }),
  /** Begins the measured window. */
  z.object({ type: z.literal('begin'), windowMs: z.number().positive() }),
  /** Sends nothing more, waits for the replies that are due, then reports. */
  z.object({ type: z.literal('finish') }),
]);

export const generatorResultSchema = z.object({
  type: z.literal('result'),
  windowMs: z.number().positive(),
  windowStartMs: z.number(),
  requests: z.int(),
  latencyHistogram: z.string(),
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
  /** Something that makes the trial invalid. */
  z.object({ type: z.literal('fault'), reason: failureSchema }),
  z.object({ type: z.literal('window-over') }),
  generatorResultSchema,
]);

export type PlannedRequest = z.infer<typeof plannedRequestSchema>;
export type GeneratorOrder = z.infer<typeof generatorOrderSchema>;
export type GeneratorNotice = z.infer<typeof generatorNoticeSchema>;
export type GeneratorResult = z.infer<typeof generatorResultSchema>;
