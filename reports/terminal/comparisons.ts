/** Model against model on a terminal: a line per pair. */
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { pairTable } from '../tables/pairs.ts';
import { plainText, type ResultTable, type Value } from '../tables/table.ts';
import { openNotes, pairLines } from '../words/comparisons.ts';
import { visible } from '../words/escape.ts';
import { paragraph, WIDTH, wrap } from '../words/wrap.ts';
import { type Colours, textTable } from './text-table.ts';

/** The second line of a pair that takes two begins with this. */
const SEPARATOR = ' vs ';
const TIGHTEST_GAP = 1;
/** Of the lines in which it is said why a pair is not compared. */
const REASON_WIDTH = 22;

/** The table, and below it what open pairs need; empty where nothing was compared. `margin` as it is written. */
export function comparisonBlock(scenario: ScenarioSummary, margin: string, c: Colours): string[] {
  const table = pairTable(scenario, false);
  if (table === null) return [];
  const notes = openNotes(pairLines(scenario), margin).flatMap((note) => paragraph(note).split('\n').map(c.dim));
  const shapes = [table, withBrokenReasons(table), withBrokenNames(withBrokenReasons(table))];
  const fitting = shapes.find((one) => widthOf(one) <= WIDTH) ?? shapes[shapes.length - 1] ?? table;
  return [textTable(fitting, WIDTH, c), ...notes];
}

/** In the tightest setting. */
function widthOf({ columns, rows }: ResultTable): number {
  const widths = columns.map(({ head }, i) => {
    const texts = rows.flatMap((row) =>
      i === 0 ? row.name : row.kind === 'measured' ? (row.values[i - 1] ?? '') : '',
    );
    const lines = [...head, ...texts].flatMap((text) => plainText(text).split('\n'));
    return Math.max(...lines.map((line) => visible(line).length));
  });
  return widths.reduce((sum, one) => sum + one, 0) + (columns.length - 1) * TIGHTEST_GAP;
}

function withBrokenReasons({ columns, rows }: ResultTable): ResultTable {
  const broken = (value: Value): Value =>
    typeof value !== 'string' && value.look === 'invalid'
      ? { ...value, text: wrap(visible(value.text), REASON_WIDTH).join('\n') }
      : value;
  return {
    columns,
    rows: rows.map((row) => (row.kind === 'measured' ? { ...row, values: row.values.map(broken) } : row)),
  };
}

/** In one line pairs can be read at a glance, so this is the last to be done. */
function withBrokenNames({ columns, rows }: ResultTable): ResultTable {
  return {
    columns,
    rows: rows.map((row) => ({ ...row, name: row.name.replace(SEPARATOR, `\n${SEPARATOR.trimStart()}`) })),
  };
}
