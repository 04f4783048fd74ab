/** Faults that are put into a server under load, and what was recorded around them, as schemas. */
import { z } from 'zod';

const count = z.int().min(0);
const positive = z.number().positive();
const nonNegative = z.number().min(0);

/** All that `--fault` can name. */
export const FAULT_KINDS = ['kill', 'crash', 'block', 'loop', 'oom', 'leak', 'reload', 'upstream-stall'] as const;

export const faultSchema = z.object({
  kind: z.enum(FAULT_KINDS),
  /** How long it lasts, of those that last: `block` and `upstream-stall`; null of the others. */
  lastsMs: positive.nullable(),
  /** How often it is put into one trial. */
  times: z.int().min(1),
});

/** An open loop before, during and after faults. The window is `beforeMs`, and then `eachMs` for each of them. */
export const faultLoadSchema = z.object({
  kind: z.literal('fault'),
  fault: faultSchema,
  /** Whether the model replaces a worker that has died. */
  restarts: z.boolean(),
  requestsPerSec: positive,
  arrivals: z.enum(['poisson', 'constant']),
  mostConnections: z.int().min(1),
  beforeMs: positive,
  eachMs: positive,
});

/** What a client saw of a request that had no good reply. */
export const LOSSES = ['reset', 'refused', 'status', 'timeout', 'wrong-reply'] as const;
/** `status`: the number of a reply that was another than the right one; null of everything else. */
const lossSchema = z.object({ kind: z.enum(LOSSES), status: z.int().nullable() });

/** Number of a bin, then a count, and so on; bins without any are left out. */
const sparse = z.array(count);

/** What the generators recorded, in bins of time from the start of the window. */
export const traceSchema = z.object({
  binMs: positive,
  /** Requests that were due in each bin. */
  due: z.array(count).min(1),
  /** Of those, the ones with a good reply by band of latency from when they were due, packed as `latencySlices` are. */
  latencies: z.array(z.array(z.int())),
  /** Good replies by the bin in which they came; those after the window are in no bin. */
  answered: z.array(count),
  /** Requests without a good reply, by what the client saw, in the bins in which they were due. */
  lost: z.array(lossSchema.extend({ bins: sparse })),
  /** Connections on which no request was under way and that the server closed, and those opened since the window began. */
  closedIdle: sparse,
  opened: sparse,
});

/** One fault in a trial. */
export const injectedSchema = z.object({
  /** From the start of the window to when it was put in. */
  atMs: nonNegative,
  /** Of a poison, what became of that request: it is not among those of the trace. `answered`: it had a reply. Null of other faults. */
  poison: z.enum(['answered', ...LOSSES]).nullable(),
  /** Of `reload`, when it was over, from the same start; null of other faults, and where it never was. */
  overMs: nonNegative.nullable(),
});

/** What a valid trial with faults recorded. */
export const faultRecordSchema = z.object({
  windowMs: positive,
  trace: traceSchema,
  injected: z.array(injectedSchema).min(1),
  /** Processes or threads that ran handler code and ended, and those that took their place; null where it is not known. */
  workers: z.object({ lost: count, replaced: count }).nullable(),
  /** Whether the server answered a request after the window, and how it had ended where it had. */
  isUp: z.boolean(),
  end: z.string().nullable(),
  /** A generator was late by so much at most: what it cannot tell of the server. */
  sendDelayMs: nonNegative,
});

export type Loss = Readonly<z.infer<typeof lossSchema>>;
export type Trace = z.infer<typeof traceSchema>;
export type Fault = Readonly<z.infer<typeof faultSchema>>;
export type FaultKind = Fault['kind'];
