/** What a table of a scenario holds, whatever draws it. */
import type { CellResult, CellSummary, ScenarioSummary } from '../harness/judge/summary-schema.ts';

export interface Column {
  /** The lines of the heading, the unit last. */
  readonly head: readonly [string, string];
  readonly align: 'left' | 'right';
  /** `derived`: not measured, and to be told apart. `label`: says whether the row may be ranked. */
  readonly meaning?: 'derived' | 'label';
}

export type TableRow = { readonly cell: CellSummary; readonly name: string } & (
  | { readonly kind: 'measured' /** One per column after the name. */; readonly values: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string }
);

/** A table that the reports share, so that they show the same figures. */
export interface ResultTable {
  /** The first column is the name. */
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
}

/** A column and where its values come from. */
export interface ColumnSource {
  readonly column: Column;
  readonly value: (result: CellResult, cell: CellSummary) => string;
}

export const NAME_COLUMN: Column = { head: ['', 'model'], align: 'left' };

/** A column of figures. */
export function figureColumn(first: string, last: string, value: ColumnSource['value']): ColumnSource {
  return { column: { head: [first, last], align: 'right' }, value };
}

/** The results of a scenario. */
export function resultsOf(scenario: ScenarioSummary): CellResult[] {
  return scenario.cells.flatMap(({ result }) => (result === null ? [] : [result]));
}

/** The kinds of memory figures in a scenario: different quantities, which must never share a column. */
export function memoryKinds(scenario: ScenarioSummary): { kind: CellResult['memory']['kind']; name: string }[] {
  const kinds = new Set(resultsOf(scenario).map(({ memory }) => memory.kind));
  return [...kinds].map((kind) => ({ kind, name: kind === 'pss' ? 'PSS' : 'RSS' }));
}
