/** Model against model on a terminal: a line per pair. */
import { COSTS } from '../../harness/judge/metrics/derived.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import type { Column, ResultTable, TableRow } from '../tables/table.ts';
import {
  NO_RATIO,
  openNotes,
  type PairLine,
  pairLines,
  type RatioText,
  withInterval,
  withWord,
} from '../words/comparisons.ts';
import { visible } from '../words/escape.ts';
import { given } from '../words/figures.ts';
import { paragraph, WIDTH } from '../words/wrap.ts';
import { type Colours, textTable } from './text-table.ts';

/** The second line of a pair that takes two begins with this. */
const SEPARATOR = ' vs ';
const TIGHTEST_GAP = 1;

const COLUMNS: readonly Column[] = [
  { head: ['', 'pair'], align: 'left' },
  { head: ['throughput', 'ratio'], align: 'right' },
  { head: ['', 'verdict'], align: 'left', meaning: 'label' },
  { head: ['rounds to', 'settle it'], align: 'right' },
  ...COSTS.map(({ title }): Column => ({ head: inTwoLines(title), align: 'left' })),
];
const TO_SETTLE = 3;

/** The table, and below it what inconclusive pairs need; empty where nothing was compared. */
export function comparisonBlock(scenario: ScenarioSummary, c: Colours): string[] {
  const lines = pairLines(scenario);
  if (lines.length === 0) return [];
  const notes = openNotes(lines).flatMap((note) => paragraph(note).split('\n').map(c.dim));
  return [textTable(table(lines), WIDTH, c), ...notes];
}

/** Pairs in one line where that fits, because then they can be read at a glance. */
function table(lines: readonly PairLine[]): ResultTable {
  const isOpen = lines.some(({ roundsToSettle }) => roundsToSettle !== null);
  const kept = <T>(values: readonly T[]): T[] => values.filter((_, i) => isOpen || i !== TO_SETTLE);
  const costs = COSTS.map((_, of) => aligned(lines.map((line) => line.costs[of] ?? NO_RATIO)));
  const texts = lines.map(({ pair, ratio, verdictText, roundsToSettle }, i) => {
    const rounds = roundsToSettle === null ? '' : given(roundsToSettle);
    return kept([visible(pair), withInterval(ratio), verdictText, rounds, ...costs.map((texts) => texts[i] ?? '')]);
  });
  const columns = kept(COLUMNS);
  const widths = columns.map(({ head }, i) =>
    Math.max(...[...head, ...texts.map((row) => row[i] ?? '')].map(lengthOf)),
  );
  const isNarrow = widths.reduce((sum, one) => sum + one, 0) + (columns.length - 1) * TIGHTEST_GAP > WIDTH;
  const rows = texts.map(([pair = '', ...values], i): TableRow => {
    const name = isNarrow ? pair.replace(SEPARATOR, `\n${SEPARATOR.trimStart()}`) : pair;
    return { kind: 'measured', name, mark: lines[i]?.verdict === 'invalid' ? 'invalid' : null, values };
  });
  return { columns, rows };
}

function inTwoLines(title: string): [string, string] {
  const cut = title.lastIndexOf(' ');
  return cut === -1 ? ['', title] : [title.slice(0, cut), title.slice(cut + 1)];
}

/** The words one below the other. */
function aligned(ratios: readonly RatioText[]): string[] {
  const widest = Math.max(...ratios.map(({ point }) => point.length));
  return ratios.map((ratio) => withWord({ ...ratio, point: ratio.point.padStart(widest) }));
}

function lengthOf({ length }: string): number {
  return length;
}
