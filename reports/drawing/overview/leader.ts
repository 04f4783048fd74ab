/** The one that is ahead of all others, by verdicts alone. */
import { isRankable } from '../../../harness/judge/limited-by.ts';
import type { CellSummary, Comparison, ScenarioSummary } from '../../../harness/judge/summary-schema.ts';
import { cellNames } from '../../cells.ts';
import type { OfRun } from '../../runs.ts';
import type { GridCell } from './grid.ts';

/**
 * The setting that serves more than every other ranked one, of several runs in each of them; null where there is none.
 * Also those that there was no room for in the image may be ahead.
 */
export function leaderOf(shown: readonly GridCell[], scenario: ScenarioSummary): string | null {
  const names = cellNames(scenario);
  const ranked = scenario.cells.filter(({ result }) => result !== null && isRankable(result.limitedBy));
  const settings = new Set(shown.map(({ setting }) => setting));
  const leads = (setting: string) =>
    shown.every((cell) => {
      if (cell.setting !== setting) return true;
      const own = ranked.find(({ id }) => names.get(id) === cell.name);
      return own !== undefined && isAhead(own, ranked, scenario.comparisons);
    });
  return [...settings].find(leads) ?? null;
}

function isAhead(
  own: CellSummary & OfRun,
  ranked: readonly (CellSummary & OfRun)[],
  comparisons: readonly Comparison[],
): boolean {
  return ranked
    .filter((other) => other.id !== own.id && other.run === own.run)
    .every((other) =>
      comparisons.some(({ metric, candidate, baseline, verdict }) => {
        if (metric !== 'throughput') return false;
        if (candidate === own.id && baseline === other.id) return verdict === 'better';
        return candidate === other.id && baseline === own.id && verdict === 'worse';
      }),
    );
}
