/** The physical limit of a scenario, and the timing of its work that it may follow from, as schemas. */
import { z } from 'zod';

const count = z.int().min(0);
const positive = z.number().positive();

export const limitSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('cpu'),
    requestsPerSec: positive,
    /** CPUs that the workers can use at once, or those of the server where `inPool`. */
    cpus: positive,
    kernelCpuMs: positive,
    /** The libuv pool does the work, so that any number of workers may use all these CPUs. */
    inPool: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal('waiting'),
    requestsPerSec: positive,
    connections: count,
    waitingMs: positive,
  }),
]);

/** CPU time of one request's kernel, measured with so many CPUs busy. */
export const timingSchema = z.object({ kernelCpuMs: positive, samples: count, cpus: count });

/** The work of a scenario was timed again, because a trial showed that the first timing was wrong. */
export const calibrationSchema = z.object({
  type: z.literal('calibration'),
  /** Id of the scenario plan. */
  scenario: z.string().min(1),
  calibration: timingSchema,
  limit: limitSchema.nullable(),
});
