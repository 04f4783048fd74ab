/** Model against model on a terminal: a line per pair. */
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { pairTable } from '../tables/pairs.ts';
import type { ResultTable, Value } from '../tables/table.ts';
import { openNotes, pairLines } from '../words/comparisons.ts';
import { visible } from '../words/escape.ts';
import { paragraph, wrap } from '../words/wrap.ts';
import { type Colours, textTable, widthOf } from './text-table.ts';

/** The second line of a pair that takes two begins with this. */
const SEPARATOR = ' vs ';
/** As tight as it gets without cutting names off. */
const WHOLE_NAMES = { gap: 1, nameLength: Number.POSITIVE_INFINITY };
/** Of the lines in which it is said why a pair is not compared. */
const REASON_WIDTH = 22;

/** The table, and below it what open pairs need; empty where nothing was compared. `margin` as it is written. */
export function comparisonBlock(scenario: ScenarioSummary, margin: string, width: number, c: Colours): string[] {
  const table = pairTable(scenario, false);
  if (table === null) return [];
  const notes = openNotes(pairLines(scenario), margin).flatMap((note) => paragraph(note, width).split('\n').map(c.dim));
  const shapes = [table, withBrokenReasons(table), withBrokenNames(withBrokenReasons(table))];
  const fitting = shapes.find((one) => widthOf(one, WHOLE_NAMES) <= width) ?? shapes[shapes.length - 1] ?? table;
  return [textTable(fitting, width, c), ...notes];
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
