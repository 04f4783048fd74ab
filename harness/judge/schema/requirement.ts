/** What became of a requirement at one cell, as a schema. */
import { z } from 'zod';
import type { Immutable } from '../../store/schema.ts';

export const requirementSchema = z.object({
  /** As it was given to `--require`. */
  asked: z.string(),
  /** Id of the cell that it was judged at; null when there is none. */
  cell: z.string().nullable(),
  /** What is asked of the cell: `p99<50ms`. */
  condition: z.string(),
  operator: z.enum(['<', '<=', '>', '>=']),
  limit: z.number(),
  /** Of the limit and of the figure. Memory is in bytes here, whatever it was asked in. */
  unit: z.enum(['ms', 'requests/s', 'bytes', 'trials', 'ratio']),
  /** The figure; null when there is none. */
  point: z.number().nullable(),
  /** Ends of its interval; each null when it is not known. A number of failed trials is a count, and has none. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Met or broken when the whole interval lies on that side of the limit. */
  verdict: z.enum(['met', 'broken', 'untold']),
  /** Why it is untold, or what to know about a broken one, in one line; null when there is nothing to add. */
  reason: z.string().nullable(),
});

export type JudgedRequirement = Immutable<z.infer<typeof requirementSchema>>;
