/** Single values of flags, checked, and the nearest known name for one that is misspelt. */
import { closest, distance } from 'fastest-levenshtein';
import { UserError } from '../../errors.ts';

/** A smaller difference may come from compilation or memory layout alone. */
export const DEFAULT_MARGIN = '3%';
const MOST = 1;

/** Reads `3%` or `0.03` as a share. Throws UserError. */
export function parseMargin(text: string, flag = '--margin'): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  const share = Number(digits) / (unit === '%' ? 100 : 1);
  if (share > 0 && share <= MOST) return share;
  throw new UserError(`${flag} ${text}: give a share above 0 and up to 100%, for example 3%`);
}

/** Worse by how much fails; null where nothing was given, and the margin decides. Throws UserError. */
export function parseFailAbove(text: string | undefined, margin: number): number | null {
  if (text === undefined) return null;
  const share = parseMargin(text, '--fail-above');
  if (share >= margin) return share;
  const within = `${Number((margin * 100).toPrecision(3))}%`;
  throw new UserError(
    `--fail-above ${text}: what is within the margin of ${within} is not told apart; give more, or --margin ${text} as well`,
  );
}

/** An integer within bounds, both included. Throws a UserError that names the flag. */
export function integerFlag(flag: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UserError(`${flag} ${value}: give a whole number from ${min} to ${max}`);
}

/** The known name that is so near that it was meant; null when none is. */
export function nearestName(name: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const nearest = closest(name, [...known]);
  // One letter is near to every short name, and says nothing of what was meant.
  const most = Math.min(Math.max(2, Math.floor(name.length / 3)), name.length - 1);
  return distance(name, nearest) <= most ? nearest : null;
}

/** ` Did you mean 'cluster'?` when a known name is near, or else all of them. Starts with a space. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (nearest !== null) return ` Did you mean '${nearest}'?`;
  return known.length === 0 ? '' : ` Known: ${known.join(', ')}.`;
}
