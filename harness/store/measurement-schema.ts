/** What one valid trial recorded, as a schema. */
import { z } from 'zod';

const count = z.int().min(0);
const positive = z.number().positive();
const nonNegative = z.number().min(0);
const share = z.number().min(0);

/** What one event loop did within the window. */
const loop = {
  /** Share of the window in which the event loop was not waiting, 0 to 1. */
  utilisation: share,
  /** CPU time of the thread; null where the platform does not tell threads apart. */
  cpuMs: nonNegative.nullable(),
  /** Time in which the thread was ready to run and had no CPU; null where the platform does not tell. */
  queuedMs: nonNegative.nullable(),
  /** 99th percentile of how late a timer of the loop was; null when none was due. */
  loopDelayP99Ms: nonNegative.nullable(),
  /** Time in which garbage collection held the thread. */
  gcMs: nonNegative,
};

/** A share of the time of a set of CPUs. */
const cpuTime = z.object({ cpus: z.int().min(1), idle: share, steal: share });

const histogram = z.string().regex(/^HISTFA[\w+/]+=*$/, 'must be a compressed HDR histogram in base64');

export const measurementSchema = z.object({
  /** From the start of the server process to its first right reply. */
  startUpMs: positive,
  /** Length of the measured window; with several generators the mean of theirs, weighted by requests. */
  windowMs: positive,
  /** Requests that completed within the window. */
  requests: count,
  requestsPerSec: nonNegative,
  /** HDR histogram of latencies in microseconds of the requests sent within the window, compressed, base64. */
  latencyHistogram: histogram,
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
    /** Of all server processes; a voluntary switch waits for something, an involuntary one lost its CPU. Null on Windows. */
    contextSwitches: z.object({ voluntary: count, involuntary: count }).nullable(),
    front: z.object(loop).nullable(),
    workers: z
      .array(
        z.object({
          ...loop,
          id: count,
          requests: count,
          /** Requests that waited in asynchronous handler code at a time, mean over the window. */
          waiting: nonNegative,
        }),
      )
      .min(1),
  }),
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
   * of resident sizes.
   */
  memory: z.object({ kind: z.enum(['pss', 'rss']), idleBytes: count, peakBytes: count }),
});
