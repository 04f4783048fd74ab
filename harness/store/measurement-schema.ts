/** What one valid trial recorded, as a schema. */
import { z } from 'zod';
import { serverSchema } from './server-schema.ts';

const count = z.int().min(0);
const positive = z.number().positive();
const nonNegative = z.number().min(0);
const share = z.number().min(0);

/** A share of the time of a set of CPUs. */
const cpuTime = z.object({ cpus: z.int().min(1), idle: share, steal: share });

const histogram = z.string().regex(/^HISTFA[\w+/]+=*$/, 'must be a compressed HDR histogram in base64');

/** What the open loop recorded of the requests that were due within the window. */
const openLoopSchema = z.object({
  /** From the start of the schedule to that of the window: with the seed it tells when each request was due. */
  windowOffsetMs: nonNegative,
  /** Requests that were due within the window. */
  due: count,
  /** From when a request was given to a connection, the opening of a new one included, to its reply. */
  serviceHistogram: histogram,
  /** From when a request was due to when the generator took it in hand: how late the generator itself was. */
  sendDelayHistogram: histogram,
  /** By class of request, in the order of the scenario; their latencies add up to those of all. */
  classes: z.array(z.object({ name: z.string(), due: count, latencyHistogram: histogram, unfinished: count })),
  /** Requests without a reply when the limit passed; their latencies are in the histograms as that limit. */
  unfinished: count,
  timeoutMs: positive,
  /** Requests that failed; only counted where the plan says how many may. Not in the histograms. */
  errors: count,
  /** Requests that were due and not yet answered, when the window began and when it ended. */
  backlog: z.object({ start: count, end: count }),
  /** Connections in use at a time, at most, and requests that had to wait for one. */
  connections: z.object({ most: count, waited: count }),
});

export const measurementSchema = z.object({
  /** From the start of the server process to its first right reply; null of a server that ran already. */
  startUpMs: positive.nullable(),
  /** Length of the measured window; with several generators the mean of theirs, weighted by requests. */
  windowMs: positive,
  /** Requests that completed within the window. */
  requests: count,
  requestsPerSec: nonNegative,
  /**
   * HDR histogram of latencies in microseconds, compressed, base64: of the requests sent within the window, or under rate
   * load of those due within it, counted from when they were due.
   */
  latencyHistogram: histogram,
  /**
   * How many of the same requests took how long, by the slice of the window in which they were sent or due: of each slice the
   * number of the lowest band of latency, then the counts from there on, with a run of empty bands as its negative length. Band n begins at 10^(n/10) microseconds. Null in files
   * that were written before it was recorded.
   */
  latencySlices: z
    .object({ sliceMs: positive, slices: z.array(z.array(z.int())).min(1) })
    .nullable()
    .default(null),
  /** Of a closed loop, the requests that completed within the window by class, in the order of the scenario; else empty. */
  mix: z.array(z.object({ name: z.string(), requests: count })),
  /** The longest time within the window without a reply. */
  longestGapMs: nonNegative,
  /**
   * Of the same requests, those that were answered as by a server that had lost what it was to keep for the client; null where no
   * reply says so, and in files that were written before it was counted.
   */
  lost: count.nullable().default(null),
  /** Replies of the whole load that were compared in full; of all others status and length were checked. */
  compared: count,
  /**
   * Requests that the server answered from the start of the load to its end and that the generators had not sent; null where
   * it does not tell what it answered.
   */
  strangers: count.nullable(),
  /** Whether code was warm and throughput was at a level that held before the window began. */
  steady: z.boolean(),
  /** Completions per `binMs` since the load began, warm-up included; the window begins at `windowStartMs`. */
  timeline: z.object({ binMs: positive, completions: z.array(count), windowStartMs: nonNegative }),
  server: serverSchema,
  generators: z.array(z.object({ connections: count, requests: count, cpuMs: nonNegative, utilisation: share })).min(1),
  /** Services that the scenario started. Their busiest thread tells whether they could do more. Null without `/proc`. */
  services: z.array(z.object({ cpuMs: nonNegative, busiestThread: share })).nullable(),
  /** CPU time of the harness itself. */
  harnessCpuMs: nonNegative,
  /** Of the CPUs that this process may use, within the window; null without `/proc/stat`. */
  machine: cpuTime.nullable(),
  /** Of the CPUs of the server, where the generators have CPUs of their own; else null. */
  serverCpus: cpuTime.nullable(),
  /**
   * Memory of the server's process tree before the load and at its highest under load: proportional set size, or a sum
   * of resident sizes. `front` is what the process of the front had of both, so the workers had the rest; null without such
   * a process, where its threads are those of the workers too, and in files that were written before it was told.
   */
  memory: z.object({
    kind: z.enum(['pss', 'rss']),
    idleBytes: count,
    peakBytes: count,
    front: z.object({ idleBytes: count, peakBytes: count }).nullable().default(null),
  }),
  /** What only an open loop has; null under capacity load. */
  open: openLoopSchema.nullable(),
});
