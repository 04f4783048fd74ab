import type { Failure } from '../store/schema.ts';

/** A trial that does not count, with the reason that goes into its record. */
export class FailedTrial extends Error {
  override readonly name = 'FailedTrial';
  readonly reason: Failure;

  constructor(kind: Failure['kind'], message: string) {
    super(message);
    this.reason = { kind, message };
  }
}
