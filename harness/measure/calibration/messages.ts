/** Messages between the harness and the process that times the work of a scenario. */
import { z } from 'zod';

export const calibrationCommandSchema = z.object({
  scenarioUrl: z.string(),
  parameters: z.record(z.string(), z.number()),
  /** A number of iterations to time, or the CPU milliseconds to find the number for. */
  task: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('time'), iterations: z.int().min(1) }),
    z.object({ kind: z.literal('size'), cpuMs: z.number().positive() }),
  ]),
});

export const calibrationResultSchema = z.object({
  iterations: z.int().min(1),
  cpuMs: z.number().positive(),
  samples: z.int().min(1),
});

export type CalibrationCommand = z.infer<typeof calibrationCommandSchema>;
export type CalibrationResult = z.infer<typeof calibrationResultSchema>;
