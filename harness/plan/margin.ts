import { UserError } from '../errors.ts';

/** Less than this is what a change of the compiler or of the layout of memory does. */
export const DEFAULT_MARGIN = '3%';
const MOST = 1;

/** Reads `3%` or `0.03` as a share. Throws UserError. */
export function parseMargin(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  const share = Number(digits) / (unit === '%' ? 100 : 1);
  if (share > 0 && share <= MOST) return share;
  throw new UserError(`--margin ${text}: give a share above 0 and up to 100%, for example 3%`);
}
