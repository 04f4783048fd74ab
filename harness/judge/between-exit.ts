/** What a comparison of two runs comes to for a script. */
import { unevenFailures } from './between-failures.ts';
import type { Between } from './between-schema.ts';

/**
 * 1 when any cell is worse; 3 when a cell works in base and not in head, or when nothing at all could be compared, and with
 * `strict` also when anything is left open or trials failed more often on one side; else 0.
 */
export function betweenExitCode({ cells }: Between, { strict }: { readonly strict: boolean }): 0 | 1 | 3 {
  if (cells.some(({ verdict }) => verdict === 'worse')) return 1;
  const judged = cells.flatMap(({ comparisons }) => comparisons).filter(({ verdict }) => verdict !== 'control');
  const isSilent = judged.every(({ verdict, ratio }) => verdict === 'invalid' || ratio === null);
  const isOpen =
    judged.some(({ verdict }) => verdict === 'inconclusive' || verdict === 'invalid') ||
    cells.some((cell) => unevenFailures(cell) !== null);
  const isLost = cells.some(({ lostInHead }) => lostInHead);
  return isLost || isSilent || (strict && isOpen) ? 3 : 0;
}
