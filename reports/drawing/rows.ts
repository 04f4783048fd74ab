import type { CellResult, CellSummary } from '../../harness/judge/schema/summary.ts';
import { cellNames, failedText, notRanked } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { shorten } from '../words/wrap.ts';
import type { ChartInput } from './input.ts';
import { INK, modelColours } from './theme.ts';

const LABEL_LENGTH = 40;

/** One row of a chart with one row per cell. */
export interface Row {
  readonly cell: CellSummary;
  /** What the axis says; distinct within a chart, because it is also the key of the axis. */
  readonly label: string;
  readonly colour: string;
}

/** A row with figures. */
export interface MeasuredRow extends Row {
  readonly result: CellResult;
}

/** Rows in the order of the summary. */
export function rows({ scenario, summary }: ChartInput): Row[] {
  const colourOf = modelColours(summary);
  const names = cellNames(scenario);
  const labels = rowLabels(scenario.cells.map((cell) => names.get(cell.id) ?? cell.model));
  return scenario.cells.map((cell, i) => ({ cell, label: labels[i] ?? '', colour: colourOf(cell.model) }));
}

/** What an axis says for these names: short, visible, and distinct. */
export function rowLabels(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const label = distinct(shorten(visible(name), LABEL_LENGTH), taken);
    taken.add(label);
    return label;
  });
}

/** Only the rows with at least one valid trial. */
export function measuredRows(all: readonly Row[]): MeasuredRow[] {
  return all.flatMap((row) => (row.cell.result === null ? [] : [{ ...row, result: row.cell.result }]));
}

/** What a chart of trials gives where there is none. */
export const NOTHING_MEASURED = { kind: 'omitted', reason: 'no model has a valid trial' } as const;

/** What must be said in a row beside its figures, or instead of them; null for an ordinary row. */
export function rowNote({ cell }: Row): string | null {
  return cell.result === null ? failedText(cell) : notRanked(cell);
}

/** The vertical axis: one band per row. Every layer must use the same object, or Vega-Lite merges them. */
export function rowAxis(rows: readonly Pick<Row, 'label'>[]) {
  return {
    field: 'label',
    type: 'nominal',
    // Said, because Vega-Lite would put points into rows of another kind where there is no bar or line beside them.
    scale: { type: 'band', domain: rows.map(({ label }) => label), padding: 0 },
    axis: { title: null, labelFontSize: 15, labelColor: INK.strong },
  } as const;
}

/** The same without labels, so many pixels high, and with the middles of the rows so many pixels below those of the bands. */
export function bareRowAxis(rows: readonly Pick<Row, 'label'>[], height: number, lower: number) {
  const { scale, ...axis } = rowAxis(rows);
  return { ...axis, scale: { ...scale, range: [lower, height + lower] }, axis: null } as const;
}

function distinct(label: string, taken: ReadonlySet<string>): string {
  let name = label;
  for (let n = 2; taken.has(name); n++) name = `${label} (${n})`;
  return name;
}
