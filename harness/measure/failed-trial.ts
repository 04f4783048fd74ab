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
