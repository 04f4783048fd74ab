/** How requests are sent, and what replies must be, as schemas. */
import { z } from 'zod';
import { faultLoadSchema, faultSchema } from './fault-schema.ts';

const positive = z.number().positive();

export const methodSchema = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);

/** By name; a list is several of that name. */
export const headersSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** The body of a request: text, or bytes that are none. */
export const bodySchema = z.union([z.string(), z.object({ base64: z.base64() })]);

export type StoredBody = z.infer<typeof bodySchema>;

export function storedBody(body: string | Uint8Array): StoredBody {
  return typeof body === 'string' ? body : { base64: Buffer.from(body).toString('base64') };
}

export function bodyOf(stored: Readonly<StoredBody>): string | Uint8Array {
  return typeof stored === 'string' ? stored : Buffer.from(stored.base64, 'base64');
}

export const connectionModeSchema = z.enum(['keep-alive', 'per-request']);

/** When the requests of an open loop are due: at random with the given mean (Poisson), or evenly spaced. */
export const arrivalsSchema = z.enum(['poisson', 'constant']);

export const loadSchema = z.discriminatedUnion('kind', [
  /** Closed loop: each connection sends its next request when the reply to the last one has come. */
  z.object({ kind: z.literal('capacity') }),
  /** Open loop: requests are due on a schedule that waits for nothing. */
  z.object({
    kind: z.literal('rate'),
    requestsPerSec: positive,
    arrivals: arrivalsSchema,
    /** Length of the measured window. */
    measureMs: positive,
    /** Failed requests are counted, as a search for a limit wants it; else the first one makes the trial invalid. */
    countErrors: z.boolean(),
    /** Connections at most; a request that finds all in use waits for one, and its latency counts from its due time. */
    mostConnections: z.int().min(1),
  }),
  faultLoadSchema,
]);

/** What must hold at a rate for it to count as sustained. */
export const sloSchema = z.object({
  /** As it was given. */
  text: z.string(),
  limits: z
    .array(
      z.object({
        /** null for the requests of all classes together. */
        requestClass: z.string().nullable(),
        percentile: z.enum(['p50', 'p90', 'p99', 'p999']),
        limitMs: positive,
      }),
    )
    .min(1),
  /** Share of the requests that may fail or have no reply, 0 to 1. */
  errors: z.number().min(0).max(1),
});

/** A rate that every model is offered. A share is one of the capacity of the slowest ranked model. */
export const rateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('share'), share: positive }),
  z.object({ kind: z.literal('number'), requestsPerSec: positive }),
]);

/** How latency is measured at given rates, after the capacity. */
export const latencyPlanSchema = z.object({
  arrivals: arrivalsSchema,
  rounds: z.int().min(1),
  /** Length of the measured window of a trial; where it may be stretched, the least. */
  measureMs: positive,
  /** Whether windows become longer at low rates, so that there are requests enough for a percentile. */
  mayStretch: z.boolean(),
  /** Connections that an open loop may open. */
  mostConnections: z.int().min(1),
  /** Whether each model is offered a range of rates up to its capacity. */
  sweep: z.boolean(),
  /** Whether a scenario whose requests per second tell nothing of the server is measured at one rate that all models can carry. */
  equalWork: z.boolean().default(false),
  slo: sloSchema.nullable(),
});

/** Faults that were asked for. Which rate they are measured at follows from the capacity, unless it was given. */
export const faultPlanSchema = z.object({
  /** Each with the time before the first of them. */
  faults: z.array(faultSchema.extend({ beforeMs: positive })).min(1),
  /** With workers that are replaced, without, or both. */
  restarts: z.array(z.boolean()).min(1),
  /** A line for the shell with which a command reloads itself, by its name: there it runs as that command does. */
  reloads: z.array(z.object({ name: z.string().min(1), line: z.string().min(1) })),
  rate: rateSchema,
  arrivals: arrivalsSchema,
  rounds: z.int().min(1),
  /** After each fault, once it is over. */
  eachMs: positive,
  mostConnections: z.int().min(1),
});

/** What replies must be, beside being the same under every model; `request` is a name, null for every request. */
export const expectationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('status'), request: z.string().nullable(), status: z.int().min(200).max(599) }),
  /** The text is in the body. */
  z.object({ kind: z.literal('body'), request: z.string().nullable(), text: z.string().min(1) }),
  /** The whole body of another reply that is right: that of a server which has lost what it was to keep for the client. */
  z.object({ kind: z.literal('lost'), request: z.string().nullable(), text: z.string().min(1) }),
]);
