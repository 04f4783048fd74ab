/** Messages from child processes, as schemas: nothing that crosses a process boundary is believed unread. */
import { z } from 'zod';
import type { HostNotice } from '../../servers/host-protocol.ts';
import { failureSchema } from '../store/schema.ts';

const loop = {
  activeMs: z.number(),
  idleMs: z.number(),
  threadCpuUs: z.number().nullable(),
  queuedUs: z.number().nullable(),
  gcMs: z.number(),
  loopDelayP99Ms: z.number().nullable(),
  connections: z.int(),
};

export const hostNoticeSchema: z.ZodType<HostNotice> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), port: z.int().min(1).max(65_535), workers: z.int().min(1) }),
  z.object({ type: z.literal('failed'), message: z.string(), code: z.string().nullable() }),
  z.object({
    type: z.literal('snapshot'),
    ticket: z.int(),
    snapshot: z.object({
      processes: z.array(
        z.object({
          pid: z.int(),
          atMs: z.number(),
          userUs: z.number(),
          systemUs: z.number(),
          switches: z.object({ voluntary: z.number(), involuntary: z.number() }).nullable(),
          rssBytes: z.number(),
        }),
      ),
      front: z.object(loop).nullable(),
      workers: z.array(z.object({ ...loop, id: z.int(), requests: z.int(), waitingMs: z.number() })),
      lostWorkers: z.int(),
    }),
  }),
]);

export const serviceNoticeSchema = z.object({ type: z.literal('ready'), port: z.int().min(1).max(65_535) });

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

export const calibrationOrderSchema = z.object({
  scenarioUrl: z.string(),
  parameters: z.record(z.string(), z.number()),
  /** A number of iterations to time, or the CPU milliseconds to find the number for. */
  task: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('time'), iterations: z.int().min(1) }),
    z.object({ kind: z.literal('size'), cpuMs: z.number().positive() }),
  ]),
});

export const calibrationNoticeSchema = z.object({
  iterations: z.int().min(1),
  cpuMs: z.number().positive(),
  samples: z.int().min(1),
});

export type CalibrationOrder = z.infer<typeof calibrationOrderSchema>;
export type CalibrationNotice = z.infer<typeof calibrationNoticeSchema>;
