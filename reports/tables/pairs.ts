/** Model against model as a table, for the page and for markdown. */
import { COSTS } from '../../harness/judge/metrics/derived.ts';
import type { Comparison, ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { pairLines, type RatioText, withInterval, withWord } from '../words/comparisons.ts';
import type { Column, Look, ResultTable } from './table.ts';

const COLUMNS: readonly Column[] = [
  { head: ['', 'models'], align: 'left', meaning: 'name' },
  { head: ['', 'throughput'], align: 'right', meaning: 'interval' },
  { head: ['', 'verdict'], align: 'left' },
  ...COSTS.map(({ title }): Column => ({ head: ['', title], align: 'left', meaning: 'interval' })),
  { head: ['', 'reason'], align: 'left', meaning: 'prose' },
];

/** A row per pair with its reason; null where nothing was compared. Without `costIntervals` the costs are points only. */
export function pairTable(scenario: ScenarioSummary, costIntervals: boolean): ResultTable | null {
  const lines = pairLines(scenario);
  if (lines.length === 0) return null;
  const cost = (ratio: RatioText) =>
    costIntervals ? [withWord(ratio), ratio.interval].join(' ').trim() : withWord(ratio);
  return {
    columns: COLUMNS,
    rows: lines.map(({ pair, ratio, isDerived, verdict, verdictText, costs, reason, hint }) => ({
      kind: 'measured',
      name: pair,
      mark: null,
      values: [
        isDerived ? { text: withInterval(ratio), look: 'derived' } : withInterval(ratio),
        { text: verdictText, look: lookOf(verdict) },
        ...costs.map(cost),
        { text: reason, next: hint },
      ],
    })),
  };
}

/** The word says it all; the look is for finding it. */
function lookOf(verdict: Comparison['verdict']): Look {
  switch (verdict) {
    case 'better':
    case 'worse':
    case 'equivalent':
      return 'decided';
    case 'inconclusive':
      return 'open';
    case 'invalid':
      return 'invalid';
    default:
      return verdict satisfies never;
  }
}
