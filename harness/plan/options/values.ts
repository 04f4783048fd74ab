/** Single values of flags, checked, and the nearest known name for one that is misspelt. */
import { closest, distance } from 'fastest-levenshtein';
import { UserError } from '../../errors.ts';

/** A smaller difference may come from compilation or memory layout alone. */
export const DEFAULT_MARGIN = '3%';
const MOST = 1;

/** Reads `3%` or `0.03` as a share. Throws UserError. */
export function parseMargin(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  const share = Number(digits) / (unit === '%' ? 100 : 1);
  if (share > 0 && share <= MOST) return share;
  throw new UserError(`--margin ${text}: give a share above 0 and up to 100%, for example 3%`);
}

/** An integer within bounds, both included. Throws a UserError that names the flag. */
export function integerFlag(flag: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UserError(`${flag} ${value}: give a whole number from ${min} to ${max}`);
}

/** ` Did you mean 'cluster'?` when a known name is near, else all known names. Starts with a space; empty when none are known. */
export function didYouMean(given: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const nearest = closest(given, [...known]);
  const near = distance(given, nearest) <= Math.max(2, Math.floor(given.length / 3));
  return near ? ` Did you mean '${nearest}'?` : ` Known: ${known.join(', ')}.`;
}
