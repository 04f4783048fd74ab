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

const SHORTEST_MS = 100;
const LONGEST_MS = 600_000;
const HOUR_MS = 3_600_000;
const LONGEST_BUDGET_MS = 24 * HOUR_MS;

/** Reads `500ms`, `5s`, `2m` or `1h`. Throws a UserError that names the flag. */
export function milliseconds(flag: string, text: string, longestMs = LONGEST_MS): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim()) ?? [];
  const scale = { ms: 1, s: 1000, m: 60_000, h: HOUR_MS }[unit ?? ''] ?? Number.NaN;
  const value = Number(digits) * scale;
  if (value >= SHORTEST_MS && value <= longestMs) return value;
  const longest = longestMs < HOUR_MS ? `${longestMs / 60_000}m` : `${longestMs / HOUR_MS}h`;
  throw new UserError(`${flag} ${text}: give a time from 100ms to ${longest}, for example 5s`);
}

/** In milliseconds. Throws UserError. */
export function parseBudget(text: string): number {
  return milliseconds('--budget', text, LONGEST_BUDGET_MS);
}

/** The value when it is known. Throws a UserError with the nearest one. */
export function oneOf<T extends string>(flag: string, name: string, known: readonly T[]): T {
  const found = known.find((one) => one === name);
  if (found !== undefined) return found;
  throw new UserError(`${flag} ${name}: unknown value.${didYouMean(name, known)}`);
}

/** A list without repeats; undefined when nothing was given, so that a default can take its place. */
export function withoutRepeats(flag: string, values: readonly string[] | undefined): readonly string[] | undefined {
  if (values === undefined) return undefined;
  if (values.length === 0) throw new UserError(`${flag} needs a name; give one, or leave the flag out`);
  return [...new Set(values)];
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
