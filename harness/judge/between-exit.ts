/** What a comparison of two runs comes to for a script. */
import type { Between } from './between-schema.ts';

/**
 * 1 when any cell is worse; 3 when a cell that worked in base has no valid trial in head, or when nothing at all could be
 * compared, and with `strict` also when anything is left open; else 0.
 */
export function betweenExitCode({ cells }: Between, { strict }: { readonly strict: boolean }): 0 | 1 | 3 {
  if (cells.some(({ verdict }) => verdict === 'worse')) return 1;
  const judged = cells.flatMap(({ comparisons }) => comparisons).filter(({ verdict }) => verdict !== 'control');
  const isSilent = judged.every(({ verdict, ratio }) => verdict === 'invalid' || ratio === null);
  const isOpen = judged.some(({ verdict }) => verdict === 'inconclusive' || verdict === 'invalid');
  const isLost = cells.some(({ lostInHead }) => lostInHead);
  return isLost || isSilent || (strict && isOpen) ? 3 : 0;
}
