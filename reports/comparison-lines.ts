/** Model against model, in words: what the page and markdown list, and the hints that the terminal shows. */
import type { Comparison, ScenarioSummary } from '../harness/judge/summary-schema.ts';
import { cellNames } from './cells.ts';
import { MISSING, multiple } from './figures.ts';

/** One comparison, ready to be written. */
export interface ComparisonLine {
  /** `cluster vs single`. */
  readonly pair: string;
  readonly metric: string;
  readonly ratio: string;
  /** Whether the ratio is one of figures that were not measured. */
  readonly isDerived: boolean;
  readonly verdict: Comparison['verdict'];
  readonly reason: string;
  readonly hint: string | null;
}

export const COMPARISON_HEADS = ['models', 'metric', 'ratio', 'verdict', 'reason'] as const;

/** One line per comparison, in the order of the summary. A ratio of implied capacities is derived, and says so. */
export function comparisonLines(scenario: ScenarioSummary): ComparisonLine[] {
  const names = cellNames(scenario);
  const nameOf = (id: string) => names.get(id) ?? id;
  return scenario.comparisons.map(({ candidate, baseline, metric, ratio, verdict, reason, hint }) => {
    const isDerived = metric === 'implied-capacity';
    return {
      pair: `${nameOf(candidate)} vs ${nameOf(baseline)}`,
      metric: isDerived ? 'implied capacity' : 'throughput',
      ratio: ratio === null ? MISSING : `${isDerived ? '≈' : ''}${multiple(ratio)}`,
      isDerived,
      verdict,
      reason,
      hint,
    };
  });
}

/** What to change so that invalid comparisons become valid, each once. */
export function hintsOf({ comparisons }: ScenarioSummary): string[] {
  const hints = comparisons.flatMap(({ verdict, hint }) => (verdict === 'invalid' && hint !== null ? [hint] : []));
  return [...new Set(hints)];
}
