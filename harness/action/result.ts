/** What the measuring step hands over to the one that tells of it. */
import { z } from 'zod';
import { changeSchema } from '../judge/schema/change.ts';

export const RESULT_FILE = 'gate.json';

export const resultSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('compared'),
    exitCode: z.int(),
    change: changeSchema,
    notes: z.array(z.string()),
  }),
  /** There was no base, so head was measured alone. */
  z.object({ kind: z.literal('baseline'), exitCode: z.int(), why: z.string(), summary: z.string() }),
  /** Nothing could be measured. */
  z.object({ kind: z.literal('failed'), exitCode: z.int(), what: z.string(), lines: z.array(z.string()) }),
]);

export type Result = z.infer<typeof resultSchema>;

export function outcomeOf(result: Result): string {
  switch (result.kind) {
    case 'compared':
      return result.change.outcome;
    case 'baseline':
      return 'baseline';
    case 'failed':
      return 'broken';
    default:
      return result satisfies never;
  }
}
