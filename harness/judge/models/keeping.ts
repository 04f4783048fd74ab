/** Models that lose what they are to keep for their clients do other, lesser work than those that keep it. */
import type { CellResult } from '../schema/capacity.ts';

/** What is lost beyond the least is no difference up to here: a client whose connection was closed may have been unlucky. */
const NO_DIFFERENCE = 0.001;

/** Those that lose the least, which can be compared; all of them where nothing can be lost. */
export function keeping<Cell extends { readonly result: Pick<CellResult, 'lostShare'> | null }>(
  cells: readonly Cell[],
): readonly Cell[] {
  const least = Math.min(...cells.flatMap(({ result }) => result?.lostShare ?? []));
  return cells.filter(({ result }) => result === null || (result.lostShare ?? least) <= least + NO_DIFFERENCE);
}
