import type { z } from 'zod';
import { issueOf } from '../errors.ts';
import type { Failure } from '../store/schema.ts';

/** Thrown when a trial does not count, with the reason for its record. */
export class FailedTrial extends Error {
  override readonly name = 'FailedTrial';
  readonly reason: Failure;

  constructor(kind: Failure['kind'], message: string) {
    super(message);
    this.reason = { kind, message };
  }
}

/** Throws a FailedTrial for a record that no run file can hold: then code in the server has changed what tells the time there. */
export function checkRecord(schema: z.ZodType, record: unknown): void {
  const { success, error } = schema.safeParse(record);
  if (success) return;
  throw new FailedTrial(
    'server',
    `it recorded what cannot be (${issueOf(error)}); code in the server may change clocks or what Node.js tells of itself`,
  );
}
