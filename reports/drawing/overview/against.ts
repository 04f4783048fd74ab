/** A cell beside the one that runs in a single process, as far as a verdict allows. */
import type { CellSummary, Comparison, ScenarioSummary } from '../../../harness/judge/summary-schema.ts';
import type { OfRun } from '../../runs.ts';

export interface Against {
  /** Model of the baseline. */
  readonly baseline: string;
  /** Requests per second ÷ those of the baseline; null when the pair is invalid or has too few rounds in common. */
  readonly ratio: number | null;
  readonly verdict: Comparison['verdict'];
}

/** The one process of the same run with the same connections; null for that process itself, and where there is none. */
export function baselineOf(cell: CellSummary & OfRun, { cells }: ScenarioSummary): CellSummary | null {
  if (cell.style === 'alone') return null;
  const isAlike = (other: CellSummary & OfRun) =>
    other.run === cell.run && other.connections === cell.connections && other.connectionMode === cell.connectionMode;
  return cells.find((other) => other.style === 'alone' && isAlike(other)) ?? null;
}

/** The verdict on throughput, whichever of the two was judged as the candidate. */
export function againstBaseline(cell: CellSummary, scenario: ScenarioSummary): Against | null {
  const baseline = baselineOf(cell, scenario);
  if (baseline === null) return null;
  const of = (candidate: CellSummary, other: CellSummary) =>
    scenario.comparisons.find(
      (one) => one.metric === 'throughput' && one.candidate === candidate.id && one.baseline === other.id,
    );
  const judged = of(cell, baseline);
  const turned = of(baseline, cell);
  const named = { baseline: baseline.model };
  if (judged !== undefined) return { ...named, ratio: judged.ratio?.point ?? null, verdict: judged.verdict };
  if (turned === undefined) return null;
  const ratio = turned.ratio === null ? null : 1 / turned.ratio.point;
  return { ...named, ratio, verdict: opposite(turned.verdict) };
}

function opposite(verdict: Comparison['verdict']): Comparison['verdict'] {
  if (verdict === 'better') return 'worse';
  return verdict === 'worse' ? 'better' : verdict;
}
