import { UserError } from '../errors.ts';

/** A whole number within bounds. Throws a UserError that names the flag. */
export function whole(flag: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UserError(`${flag} ${value}: give a whole number from ${min} to ${max}`);
}
