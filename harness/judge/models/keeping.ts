/** Models that lose what they are to keep for their clients do other, lesser work than those that keep it. */
import type { CellResult } from '../schema/capacity.ts';

/** What is lost of so many requests or less is no habit: a client whose connection was closed may have been unlucky. */
const NO_DIFFERENCE = 0.001;

/** Those that keep everything, which can be compared; all of them where none does, or where nothing can be lost. */
export function keeping<Cell extends { readonly result: Pick<CellResult, 'lostShare'> | null }>(
  cells: readonly Cell[],
): readonly Cell[] {
  const isKept = ({ result }: Cell): boolean => (result?.lostShare ?? 0) <= NO_DIFFERENCE;
  return cells.some((one) => one.result !== null && isKept(one)) ? cells.filter(isKept) : cells;
}
