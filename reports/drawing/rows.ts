import type { CellResult, CellSummary } from '../../harness/judge/schema/summary.ts';
import { cellNames, failedText, notRanked } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { type OfRun, runsOf } from '../words/runs.ts';
import { shorten } from '../words/wrap.ts';
import type { ChartInput } from './input.ts';
import type { RowWords } from './row-texts.ts';
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

/** How rows are put in order: by which figure of a result, and what else counts. */
export interface Order {
  /** null where there is none, which comes last. */
  readonly figureOf: (row: MeasuredRow) => number | null;
  /** Which figures are good ones. */
  readonly good: 'more' | 'less';
  /** Whether rows that may not be ranked come after all that may, whatever their figures. */
  readonly rankedFirst: boolean;
}

/** Best first and failed ones last. Of several runs the rows of one setting stay together, in the order of the runs. */
export function sortedRows(input: ChartInput, order: Order): Row[] {
  const all = rows(input);
  if (runsOf(input.summary).length === 0) return all.toSorted((a, b) => compared(keyOf(a, order), keyOf(b, order)));
  const settings = [...new Set(all.map(({ cell }) => settingOf(cell)))];
  const keyed = settings.map((setting) => {
    const own = all.filter(({ cell }) => settingOf(cell) === setting);
    const [best = []] = own.map((row) => keyOf(row, order)).toSorted(compared);
    return { own, best };
  });
  return keyed.toSorted((a, b) => compared(a.best, b.best)).flatMap(({ own }) => own);
}

/** Lower ones come first. */
function keyOf(row: Row, { figureOf, good, rankedFirst }: Order): number[] {
  const { result } = row.cell;
  const figure = result === null ? null : figureOf({ ...row, result });
  if (figure === null) return [result === null ? 3 : 2, 0];
  return [rankedFirst && rowNote(row) !== null ? 1 : 0, good === 'more' ? -figure : figure];
}

function compared(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** What is the same in all runs. */
function settingOf({ model, workers, connections, connectionMode }: CellSummary & OfRun): string {
  return JSON.stringify([model, workers, connections, connectionMode]);
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

/** Why rows have no marks, in their place. */
export function failedWords(all: readonly Row[]): RowWords[] {
  return all.flatMap((row) =>
    row.cell.result === null ? [{ label: row.label, words: rowNote(row) ?? '', dy: null }] : [],
  );
}

/** `cluster 190`, `cluster 63,412 (not ranked)`, or `fork-pool failed (3 of 3 trials)`: a row for those who do not see it. */
export function toldRow(textOf: (result: CellResult) => string): (row: Row) => string {
  return (row) => {
    const { result } = row.cell;
    const note = rowNote(row);
    if (result === null) return `${row.label} ${note ?? ''}`.trim();
    return `${row.label} ${textOf(result)}${note === null ? '' : ' (not ranked)'}`;
  };
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

function distinct(label: string, taken: ReadonlySet<string>): string {
  let name = label;
  for (let n = 2; taken.has(name); n++) name = `${label} (${n})`;
  return name;
}
