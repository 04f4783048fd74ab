/** Where a run took place, as a schema: what a reader needs to judge whether its figures carry over. */
import { z } from 'zod';

const positive = z.number().positive();
const cpuIds = z.array(z.int().min(0)).min(1);

export const environmentSchema = z.object({
  node: z.string(),
  v8: z.string(),
  uv: z.string(),
  platform: z.string(),
  arch: z.string(),
  kernel: z.string(),
  cpuModel: z.string(),
  /** Cores of the host; null where the system does not tell cores and hardware threads apart. */
  physicalCpus: z.int().min(1).nullable(),
  /** Whether hardware threads share cores (SMT); null where the system does not tell. */
  smt: z.boolean().nullable(),
  /** CPUs that this process may use, and what decided it. */
  availableCpus: z.object({
    /** Whole CPUs, a part of one counted as one: those of the server, and those reserved for generators. */
    count: z.int().min(1),
    /** The same with the fraction that a quota may leave. */
    capacity: positive,
    host: z.int().min(1),
    decidedBy: z.enum(['host', 'affinity', 'quota']),
  }),
  /** Numbers of the CPUs that the scheduler may put this process on; null where the system does not tell. */
  affinity: cpuIds.nullable(),
  /** CPUs that the control group grants (`cpu.max`); null without a quota. */
  quotaCpus: positive.nullable(),
  /** Frequency governor of the first CPU, such as `performance`; null where there is none. */
  governor: z.string().nullable(),
  /** What the system runs inside of, such as `kvm` or `docker`; null when nothing is known of any. */
  virtualisation: z.string().nullable(),
  /** What the kernel takes the time from, such as `tsc`; null where the system does not tell. */
  clockSource: z.string().nullable(),
  /** Load average over one minute before the run; null where there is none. */
  loadBefore: z.number().min(0).nullable(),
  memoryBytes: z.int().min(0),
  /** Value of UV_THREADPOOL_SIZE; null for the default of 4. */
  uvThreadpoolSize: z.string().nullable(),
  /** What the Node.js of the servers was started with. Files that were written before it could be given do not have it. */
  servers: z
    .object({
      /** Values of `--node-arg`. */
      nodeArgs: z.array(z.string()),
      /** Names of the variables that were given with `--env`. Their values may be secrets, and are not stored. */
      env: z.array(z.string()),
      /** Value of NODE_OPTIONS, which only the servers get; null when it is not set. */
      nodeOptions: z.string().nullable(),
      /** Versions of `--runtime`, which the servers run on; empty where that is `node`. */
      runtimes: z.array(z.string()).default([]),
    })
    .default({ nodeArgs: [], env: [], nodeOptions: null, runtimes: [] }),
  /** Files that one process may hold open; null without a limit, or where the system does not tell. */
  openFiles: z.int().min(1).nullable(),
  /** Commit of the folder in which the run was started; null outside a git repository. */
  git: z.object({ commit: z.string(), dirty: z.boolean() }).nullable(),
});

/** Where load generators run: on the CPUs of the server, or on CPUs reserved for them. */
export const placementSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('shared'),
    generators: z.int().min(1),
    /** Asked for, too few CPUs to reserve any, or no way to reserve one. */
    why: z.enum(['asked', 'few-cpus', 'no-taskset']),
  }),
  z.object({
    kind: z.literal('isolated'),
    generators: z.int().min(1),
    /** Whether it was asked for, or done because there are CPUs enough. */
    why: z.enum(['asked', 'automatic']),
    serverCpus: cpuIds,
    /** Upstream services of a scenario run here as well. */
    generatorCpus: cpuIds,
  }),
]);
