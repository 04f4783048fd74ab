/** Of which cells it is worth knowing what got slower. */
import { runMetric } from '../metrics/derived.ts';
import type { Change, ChangeCell } from '../schema/change.ts';

/** CPU time has nothing to do with them. */
const UNEXPLAINED: readonly string[] = ['peak-memory', 'start-up'];
/** Profiles of one cell take some fifteen seconds. */
const MOST_CELLS = 3;

/**
 * Those that are worse in what CPU profiles can explain: the worst first, and one of each scenario and model, which has the same code at
 * every load.
 */
export function slowerCells({ cells }: Pick<Change, 'cells'>): readonly string[] {
  const worse = cells
    .map((cell) => ({ cell, by: worstOf(cell) }))
    .filter(({ by }) => by > 1)
    .toSorted((a, b) => b.by - a.by);
  const first = new Map<string, string>();
  for (const { cell } of worse) {
    const code = `${cell.scenario}\n${cell.model}`;
    if (!first.has(code)) first.set(code, cell.id);
  }
  return [...first.values()].slice(0, MOST_CELLS);
}

/** How many times as bad the worst of its figures is; 1 when none is shown to be worse. */
function worstOf({ comparisons }: ChangeCell): number {
  const factors = comparisons.flatMap(({ metric, verdict, ratio }) => {
    if (verdict !== 'worse' || ratio === null || UNEXPLAINED.includes(metric)) return [];
    return [runMetric(metric).good === 'more' ? 1 / ratio.point : ratio.point];
  });
  return Math.max(1, ...factors);
}
