/** Model against model as a table, for every report. */
import { COSTS } from '../../harness/judge/metrics/derived.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { type PairLine, pairLines } from '../words/comparisons.ts';
import type { Column, Look, ResultTable } from './table.ts';

const COLUMNS: readonly Column[] = [
  { head: ['', 'models'], align: 'left', meaning: 'name' },
  { head: ['', 'requests/s'], align: 'left', meaning: 'difference' },
  ...COSTS.map(({ title }): Column => ({ head: inTwoLines(title), align: 'left', meaning: 'difference' })),
];

/** A row per pair; null where nothing was compared. `hasHints`: with what to change beside what is not compared. */
export function pairTable(scenario: ScenarioSummary, hasHints: boolean): ResultTable | null {
  const lines = pairLines(scenario);
  if (lines.length === 0) return null;
  return {
    columns: COLUMNS,
    rows: lines.map(({ pair, throughput, state, costs, hint }) => ({
      kind: 'measured',
      name: pair,
      mark: state === 'not-compared' ? 'not compared' : null,
      values: [{ text: throughput, look: LOOKS[state], next: hasHints ? hint : null }, ...costs],
    })),
  };
}

const LOOKS = { settled: 'decided', open: 'open', 'not-compared': 'invalid' } as const satisfies Record<
  PairLine['state'],
  Look
>;

function inTwoLines(title: string): [string, string] {
  const cut = title.lastIndexOf(' ');
  return cut === -1 ? ['', title] : [title.slice(0, cut), title.slice(cut + 1)];
}
